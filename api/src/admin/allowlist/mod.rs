//! `/api/admin/allowlist`: who is an admin. A change holds from the next request on.

use domain::{audit::Target, ids::UserId, users::allowlist};
use sqlx::PgConnection;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App,
    error::{ApiError, ApiResult},
};

mod list;
mod remove;
mod set;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list, set::set, remove::remove))
}

/// An address of the list, for the audit log.
const fn target(email: &str) -> Target<'_> {
    Target { kind: "allowlist", id: Some(email) }
}

/// Super admins who can act.
pub(super) async fn super_admins(app: &App, conn: &mut PgConnection) -> ApiResult<i64> {
    Ok(allowlist::super_admins(conn, app.settings.super_admin_email.as_deref()).await?)
}

/// Refuses a change of the list after which nobody could change it any more. Whom the operator named always can, once
/// they have an account: the server's command line makes one.
async fn require_a_super_admin(app: &App, conn: &mut PgConnection, before: i64) -> ApiResult<()> {
    let after = super_admins(app, conn).await?;
    if before == 0 || after > 0 {
        return Ok(());
    }
    match &app.settings.super_admin_email {
        Some(named) if !allowlist::is_disabled(conn, named).await? => Ok(()),
        _ => Err(ApiError::Conflict("The last super admin cannot be taken away.")),
    }
}

/// An address on the list.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
struct AllowedView {
    /// In lower case.
    email: String,
    role: domain::users::Role,
    added_at: chrono::DateTime<chrono::Utc>,
    /// Its account; null where there is none. Addresses of the list cannot be registered: the server's
    /// command line makes their accounts.
    user_id: Option<UserId>,
    /// Whether the account may act by the role: its address is verified, and it is not disabled.
    in_force: bool,
}

impl From<allowlist::Listed> for AllowedView {
    fn from(listed: allowlist::Listed) -> Self {
        let allowlist::Listed { email, role, added_at, account, in_force } = listed;
        Self { email, role, added_at, user_id: account, in_force }
    }
}
