//! The health of a key: a pure machine of what a call teaches about it. Memory and database ask the
//! same function, so they cannot disagree.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::KeyStatus;

pub mod log;
pub mod store;

/// What a call, or a probe, taught about a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignalKind {
    /// It worked.
    Succeeded,
    /// Its provider does not accept it.
    Refused,
    /// The provider failed, or was not to be reached.
    Failed,
    /// Its budget is spent for now: it cools, and is as healthy as before.
    Limited,
    /// About one request, blocked, or cancelled: it says nothing about the key.
    Nothing,
}

impl SignalKind {
    /// Whether it is a failure of the key or its provider.
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Refused | Self::Failed | Self::Limited)
    }
}

/// Who found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "health_source", rename_all = "snake_case")]
#[schema(as = HealthSource)]
pub enum Source {
    /// A student's call.
    Call,
    /// A probe.
    Probe,
    /// An admin, by setting it.
    Admin,
}

/// Where a key stands, and how many failures in a row it has had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    /// Where it stands.
    pub status: KeyStatus,
    /// Failures in a row.
    pub failures: i32,
}

impl Health {
    /// The health after this. A key is degraded by more than `threshold` failures in a row, or by one
    /// refusal; one success restores it. What an admin disabled stays as it is, and a key that was
    /// never tried becomes active or stays pending, whose end is its deletion.
    #[must_use]
    pub const fn after(self, signal_kind: SignalKind, threshold: i32) -> Self {
        let Self { status, failures } = self;
        match (status, signal_kind) {
            (KeyStatus::Disabled, _)
            | (KeyStatus::Pending, SignalKind::Refused | SignalKind::Failed)
            | (_, SignalKind::Limited | SignalKind::Nothing) => self,
            (_, SignalKind::Succeeded) => Self { status: KeyStatus::Active, failures: 0 },
            (_, SignalKind::Refused) => {
                Self { status: KeyStatus::Degraded, failures: failures.saturating_add(1) }
            }
            (_, SignalKind::Failed) => {
                let failures = failures.saturating_add(1);
                let status = if failures > threshold { KeyStatus::Degraded } else { status };
                Self { status, failures }
            }
        }
    }

    /// Whether it is worse than before.
    pub fn is_degraded_since(self, before: Self) -> bool {
        self.status == KeyStatus::Degraded && before.status != KeyStatus::Degraded
    }

    /// Whether it works again.
    pub fn is_recovered_since(self, before: Self) -> bool {
        self.status == KeyStatus::Active && before.status == KeyStatus::Degraded
    }
}

/// How well a group of keys serves.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = HealthLevel)]
pub enum Level {
    /// Every key that may serve can.
    Healthy,
    /// Some can, or will soon.
    Degraded,
    /// None can, and none will within the longest wait.
    Down,
}

impl Level {
    /// Of the keys that serve a feature: where each stands, and until when it cools. Disabled and
    /// pending ones do not count.
    pub fn of(
        keys: impl IntoIterator<Item = (KeyStatus, Option<DateTime<Utc>>)>,
        now: DateTime<Utc>,
        max_wait: TimeDelta,
    ) -> Self {
        let (mut all, mut some) = (true, false);
        for (status, cooldown_until) in keys {
            let cools = cooldown_until.filter(|until| *until > now);
            match status {
                KeyStatus::Disabled | KeyStatus::Pending => {}
                KeyStatus::Degraded => all = false,
                KeyStatus::Active => {
                    all &= cools.is_none();
                    some |= cools.is_none_or(|until| until - now <= max_wait);
                }
            }
        }
        match (some, all) {
            (true, true) => Self::Healthy,
            (true, false) => Self::Degraded,
            (false, _) => Self::Down,
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
