//! The pool of provider keys: what a key is, how its value is kept, and the SQL about it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    feature::Feature,
    ids::{KeyId, UserId},
};

pub mod activity;
pub mod burn;
pub mod calls;
pub mod days;
pub mod endpoints;
pub mod estimate;
pub mod health;
pub mod own;
pub mod pool_stats;
pub mod price;
pub mod provider;
pub mod quota_day;
pub mod remaining;
pub mod secret;
pub mod store;
pub mod usage;
pub mod vault;

pub use price::Price;
pub use provider::Provider;
pub use remaining::{Left, Remaining};
pub use secret::{NotAKey, Secret};
pub use vault::Vault;

/// Where a key stands.
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
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "key_status", rename_all = "snake_case")]
pub enum KeyStatus {
    /// Stored, not yet tried: a probe decides.
    Pending,
    /// Works, as far as is known.
    Active,
    /// Failed lately: used only when nothing else is left.
    Degraded,
    /// Switched off by an admin: never used.
    Disabled,
}

/// What a provider allows a key; `None` is not known.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, garde::Validate, utoipa::ToSchema,
)]
#[serde(default, deny_unknown_fields)]
pub struct CallLimits {
    /// Requests a minute.
    #[garde(range(min = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rpm: Option<u32>,
    /// Tokens a minute.
    #[garde(range(min = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tpm: Option<u32>,
    /// Requests a day.
    #[garde(range(min = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rpd: Option<u32>,
}

/// Requests that an endpoint did not take. They put no key away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refused {
    /// How many in a row.
    pub count: i32,
    /// When the last one was.
    pub at: Option<DateTime<Utc>>,
    /// Why, in our words.
    pub reason: Option<String>,
}

/// A key of the pool, without its value.
#[derive(Debug, Clone)]
pub struct Key {
    /// Its id.
    pub id: KeyId,
    /// The student who brought it; `None` is a shared key.
    pub owner: Option<UserId>,
    /// Whose protocol it speaks.
    pub provider: Provider,
    /// The feature it is kept for; `None` is any (`*`).
    pub feature: Option<Feature>,
    /// The last four characters.
    pub last_four: String,
    /// Higher is used first.
    pub priority: i32,
    /// Where it stands.
    pub status: KeyStatus,
    /// Failures in a row.
    pub failure_count: i32,
    /// Not to be used before this time.
    pub cooldown_until: Option<DateTime<Utc>>,
    /// Why it is not active or cools, in our words.
    pub reason: Option<String>,
    /// What admins call it.
    pub name: Option<String>,
    /// What admins want to remember of it.
    pub note: Option<String>,
    /// The provider's project: limits are counted per project, so its keys cool together.
    pub quota_group: Option<String>,
    /// Where the provider is, if not at its usual address.
    pub base_url: Option<String>,
    /// The model to ask for, if not the provider's default.
    pub model: Option<String>,
    /// What its provider allows it.
    pub limits: CallLimits,
    /// What its provider says is left of that.
    pub remaining: Remaining,
    /// What its tokens cost; `None` is not known.
    pub price: Option<Price>,
    /// Admins were told that its quota runs low, until it resets.
    pub quota_warned_until: Option<DateTime<Utc>>,
    /// Half-open: somebody tries the degraded key until then at the latest.
    pub trial_until: Option<DateTime<Utc>>,
    /// When it last served.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it last answered a student.
    pub last_success_at: Option<DateTime<Utc>>,
    /// Calls that succeeded and failed since it was added.
    pub successes: i64,
    /// See `successes`.
    pub failures: i64,
    /// Mean time to the first token of late, in milliseconds.
    pub latency_ms: Option<i32>,
    /// What its endpoint refused of late.
    pub refused: Refused,
    /// Rests of unknown length in a row: each is longer than the one before.
    pub back_offs: i32,
    /// The owner's wish never to fall back to shared keys.
    pub never_fall_back: bool,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}
