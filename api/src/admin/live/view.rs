//! The live figures as JSON.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    feature::Feature,
    keys::{Provider, estimate::QuotaLeft},
    maintenance::Level,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::{health::view::Counts, queues::view::QueueView},
    alarms::LiveAlarm,
    recent::RecentEvent,
};

/// How everything is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LiveSnapshot)]
pub(super) struct Snapshot {
    /// When the figures were taken.
    pub(super) at: DateTime<Utc>,
    /// Questions answered a minute, over the last five.
    pub(super) answers_per_minute: f64,
    /// How long students of the last five minutes waited for the first word; null without any.
    pub(super) first_token_ms: Option<FirstToken>,
    /// The last hour by the minute, oldest first, the running minute last.
    pub(super) minutes: Vec<LiveMinute>,
    /// What went wrong within the last hour, most first.
    pub(super) errors: Vec<ErrorCount>,
    /// As `GET /api/admin/queues` has them.
    pub(super) queues: Vec<QueueView>,
    /// The shared keys by where they stand.
    pub(super) keys: Counts,
    pub(super) features: Vec<LiveFeature>,
    pub(super) maintenance: LiveMaintenance,
    /// What needs a human, most urgent first.
    pub(super) alarms: Vec<LiveAlarm>,
    /// What befell keys lately, latest first.
    pub(super) recent: Vec<RecentEvent>,
}

/// How long the first word took, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub(super) struct FirstToken {
    /// Half of them waited at most this long.
    pub(super) p50: f64,
    pub(super) p95: f64,
}

/// What came out in a minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct LiveMinute {
    pub(super) at: DateTime<Utc>,
    /// Questions that were answered.
    pub(super) answers: i64,
    /// Questions that were not, and calls that a key failed.
    pub(super) errors: i64,
}

/// How often something went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ErrorCount {
    /// Of calls that a shared key failed: `credential`, `quota`, `rate`, `overload`; of questions that ended so:
    /// `exhausted` (no key), `truncated`, `blocked`, `refused`.
    pub(super) class: String,
    pub(super) last_hour: i64,
}

/// How a feature is served.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LiveFeature {
    pub(super) feature: Feature,
    /// How far maintenance closes it, by itself or with the platform.
    pub(super) level: Level,
    pub(super) enabled: bool,
    /// Keys that can serve it now.
    pub(super) keys_alive: usize,
    /// The key that the next question would get.
    pub(super) serving: Option<LiveServing>,
    pub(super) quota_left: QuotaLeft,
    /// Calls of its keys within the last hour; null where there are no keys.
    pub(super) burn_per_hour: Option<f64>,
    /// When nothing is left at that rate; null where that is not known, or the quota begins anew before.
    pub(super) runs_out_at: Option<DateTime<Utc>>,
}

/// A key that serves.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LiveServing {
    pub(super) provider: Provider,
    #[schema(example = "…4444")]
    pub(super) key_masked: String,
}

/// What is closed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LiveMaintenance {
    /// Of the whole platform.
    pub(super) level: Level,
    /// Of features that are closed by themselves; those that are open are left out.
    #[schema(value_type = std::collections::HashMap<String, Level>)]
    pub(super) feature_levels: BTreeMap<Feature, Level>,
}
