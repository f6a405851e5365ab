//! Who may do what: the one table of permissions. A handler names the permission in its extractor,
//! `Admin<ManageKeys>`, so forgetting it does not compile.

use domain::users::Role;

/// Something that not every admin may do.
pub(crate) trait Permission: Send + Sync + 'static {
    /// The roles that may.
    const ROLES: &'static [Role];
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident: $($role:ident)|+;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) enum $name {}

        impl Permission for $name {
            const ROLES: &'static [Role] = &[$(Role::$role),+];
        }
    )*};
}

permissions! {
    /// See accounts and what they used.
    ViewUsers:   SuperAdmin | Admin | Ops | Support | Viewer;
    /// Help an account: reset its usage, unlock it.
    SupportUsers: SuperAdmin | Admin | Support;
    /// Change plans, disable and enable accounts.
    ManageUsers: SuperAdmin | Admin;
    /// See the pool of provider keys, masked.
    ViewKeys:    SuperAdmin | Admin | Ops | Viewer;
    /// Have a key tried.
    CheckKeys:   SuperAdmin | Admin | Ops;
    /// See queues and everybody's jobs, without what is private in them.
    ViewJobs:    SuperAdmin | Admin | Ops | Viewer;
    /// Watch the platform live: queues, keys and what befalls them.
    ViewLive:    SuperAdmin | Admin | Ops | Viewer;
    /// See what the platform's usage comes to, and costs.
    ViewAnalytics: SuperAdmin | Admin | Ops | Viewer;
    /// Pause queues, cancel jobs and have them done again.
    ManageJobs:  SuperAdmin | Admin | Ops;
    /// Add, change and delete provider keys.
    ManageKeys:  SuperAdmin | Admin;
    /// See which features are on.
    ViewFeatures: SuperAdmin | Admin | Ops | Support | Viewer;
    /// Switch features, and set their limits.
    ManageFeatures: SuperAdmin | Admin | Ops;
    /// See what students think of answers, and the errors that they report.
    ViewFeedback: SuperAdmin | Admin | Ops | Support;
    /// Say that a report was handled.
    ManageFeedback: SuperAdmin | Admin | Support;
    /// See what is closed, and why.
    ViewMaintenance: SuperAdmin | Admin | Ops | Support | Viewer;
    /// Enter and leave maintenance, and announce it.
    ManageMaintenance: SuperAdmin | Admin | Ops;
    /// Read the audit log.
    ViewAudit:   SuperAdmin | Admin | Ops | Viewer;
    /// Take the audit log along as a file.
    ExportAudit: SuperAdmin | Admin;
    /// Keep filters of lists, each for themselves.
    KeepFilters: SuperAdmin | Admin | Ops | Support | Viewer;
    /// Say who is an admin.
    ManageAdmins: SuperAdmin;
    /// See who is told what, and how that goes.
    ViewNotifications:   SuperAdmin | Admin | Ops | Viewer;
    /// Change who is told what, and try it.
    ManageNotifications: SuperAdmin | Admin;
}
