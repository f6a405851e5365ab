//! An account as its owner sees it.

use chrono::{DateTime, Utc};
use domain::{
    ids::UserId,
    users::{Plan, Role, User},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::settings::ApiSettings;

/// An account as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Account {
    id: UserId,
    /// In lower case.
    email: String,
    name: String,
    plan: Plan,
    /// What they may do as an admin; null for everybody else.
    role: Option<Role>,
    /// Whether the address is known to be theirs. Without that, nobody is an admin.
    email_verified: bool,
    created_at: DateTime<Utc>,
}

impl Account {
    /// Of a user who has this role now.
    pub(crate) fn new(user: User, role: Option<Role>) -> Self {
        let User { id, email, name, plan, email_verified, created_at, .. } = user;
        Self { id, email, name, plan, role, email_verified, created_at }
    }
}

/// The role of a user: the operator's super admin, or what the allowlist says, once the address is
/// known to be theirs.
pub(crate) fn role_of(settings: &ApiSettings, user: &User, listed: Option<Role>) -> Option<Role> {
    let role = if is_super_admin(settings, &user.email) { Some(Role::SuperAdmin) } else { listed };
    role.filter(|_| user.email_verified)
}

/// Whether the operator named this address as the super admin's.
pub(crate) fn is_super_admin(settings: &ApiSettings, email: &str) -> bool {
    settings.super_admin_email.as_deref().is_some_and(|named| named.eq_ignore_ascii_case(email))
}
