//! A feature as admins see it.

use chrono::{DateTime, Utc};
use domain::{
    feature::Feature, ids::UserId, maintenance::Level, platform_status::Snapshot, toggles::FeatureLimits,
    users::Plan,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A feature, whether it is to be had, and how much of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FeatureView {
    feature: Feature,
    /// Whether it is switched on.
    enabled: bool,
    /// `available`; `disabled` where it is switched off; `maintenance` where it is closed.
    status: &'static str,
    /// How far it is closed, by itself or with the platform.
    level: Level,
    /// Uses a day in place of what the plans say; null where nothing was set.
    limits: Option<FeatureLimits>,
    /// Uses a day that hold now, by plan.
    effective_limits: EffectiveLimits,
    /// When it was last changed; null where it never was.
    updated_at: Option<DateTime<Utc>>,
    /// By whom.
    updated_by: Option<UserId>,
}

/// Uses a day, by plan; null is without a limit of its own.
#[derive(Debug, Serialize, ToSchema)]
struct EffectiveLimits {
    free: Option<i64>,
    student: Option<i64>,
    pro: Option<i64>,
}

impl FeatureView {
    /// Of a feature, as it is now.
    pub(super) fn new(platform_status: &Snapshot, feature: Feature) -> Self {
        let toggle = platform_status.toggle(feature);
        let (enabled, level) = (platform_status.is_enabled(feature), platform_status.level(feature));
        let status = match (enabled, level) {
            (false, _) => "disabled",
            (true, Level::None) => "available",
            (true, _) => "maintenance",
        };
        let limit = |plan| platform_status.limits(plan).feature(feature);
        Self {
            feature,
            enabled,
            status,
            level,
            limits: toggle.and_then(|toggle| toggle.limits),
            effective_limits: EffectiveLimits {
                free: limit(Plan::Free),
                student: limit(Plan::Student),
                pro: limit(Plan::Pro),
            },
            updated_at: toggle.map(|toggle| toggle.updated_at),
            updated_by: toggle.and_then(|toggle| toggle.updated_by),
        }
    }
}
