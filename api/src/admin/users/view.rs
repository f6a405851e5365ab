//! An account as admins see it.

use chrono::{DateTime, Utc};
use domain::{
    ids::UserId,
    users::{Plan, Role, store::Listed},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{App, auth::account::role_of};

/// Whether somebody can sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum AccountStatus {
    /// They can.
    Active,
    /// An admin said that they cannot.
    Disabled,
    /// They can, where they did before; others cannot for a while, after too many failed tries.
    Locked,
}

/// What somebody used today.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UsedToday {
    tokens: i64,
    requests: i64,
}

/// An account as admins see it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UserView {
    id: UserId,
    email: String,
    name: String,
    plan: Plan,
    /// What they may do as an admin; null for everybody else.
    role: Option<Role>,
    email_verified: bool,
    status: AccountStatus,
    disabled_at: Option<DateTime<Utc>>,
    /// Until when sign-in is locked, after too many failed tries, for devices and addresses that never signed in to it.
    locked_until: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    usage: UsedToday,
}

impl UserView {
    pub(super) fn new(app: &App, listed: Listed) -> Self {
        let Listed { user, role, locked_until, tokens_used, requests_used } = listed;
        let locked_until = locked_until.filter(|after| *after > app.clock.now());
        let status = match (user.disabled_at, locked_until) {
            (Some(_), _) => AccountStatus::Disabled,
            (None, Some(_)) => AccountStatus::Locked,
            (None, None) => AccountStatus::Active,
        };
        Self {
            role: role_of(&app.settings, &user, role),
            id: user.id,
            email: user.email,
            name: user.name,
            plan: user.plan,
            email_verified: user.email_verified,
            status,
            disabled_at: user.disabled_at,
            locked_until,
            created_at: user.created_at,
            usage: UsedToday { tokens: tokens_used, requests: requests_used },
        }
    }
}
