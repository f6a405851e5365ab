//! Accounts: who a user is, and what they may do.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::UserId;

pub mod allowlist;
pub mod attempts;
pub mod clients;
pub mod emergency;
pub mod filters;
pub mod sign_ins;
pub mod store;
pub mod subscriptions;
pub mod takeover;
pub mod tries;

/// What a user pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "plan", rename_all = "snake_case")]
pub enum Plan {
    /// Nothing.
    Free,
    /// $1.99 a month.
    Student,
    /// $29.99 a month.
    Pro,
    /// No limits. Grants no access to anything: that is the role's.
    Admin,
}

impl Plan {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Student => "student",
            Self::Pro => "pro",
            Self::Admin => "admin",
        }
    }
}

/// What an admin may do, from least to most.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    sqlx::Type,
    strum::EnumString,
    strum::VariantNames,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "admin_role", rename_all = "snake_case")]
pub enum Role {
    /// Looks at everything, changes nothing.
    Viewer,
    /// Helps users.
    Support,
    /// Watches and steers operations.
    Ops,
    /// Manages users and keys.
    Admin,
    /// Everything.
    SuperAdmin,
}

/// An account as its owner and admins see it.
#[derive(Debug, Clone)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// In lower case.
    pub email: String,
    /// Whether the address is known to be theirs.
    pub email_verified: bool,
    /// As they wish to be called.
    pub name: String,
    /// What they pay for.
    pub plan: Plan,
    /// Since when they may not sign in.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When they registered.
    pub created_at: DateTime<Utc>,
}
