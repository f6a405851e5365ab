//! `/api/status`: what works, for everybody.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::{
    feature::Feature,
    maintenance::{Level, Scope},
    platform_status::Snapshot,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, gate};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(status))
}

/// What works.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhatWorks {
    /// `operational`; `degraded` where something is closed; `maintenance` where everything is.
    status: &'static str,
    maintenance: MaintenanceStatus,
    /// Each feature, by its name.
    features: BTreeMap<Feature, FeatureStatus>,
    /// Maintenance that is announced, the first to begin first.
    scheduled: Vec<Announcement>,
    /// Whether students may share conversations by links.
    sharing: bool,
}

/// The platform as a whole.
#[derive(Debug, Serialize, ToSchema)]
struct MaintenanceStatus {
    /// `soft` has a banner, `hard` a lock screen.
    level: Level,
    /// What the banner or the lock screen says; null where there is neither.
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    estimated_restoration: Option<DateTime<Utc>>,
}

/// A feature.
#[derive(Debug, Serialize, ToSchema)]
struct FeatureStatus {
    /// Whether it is switched on.
    enabled: bool,
    /// Anything but `none` is not to be had at the moment.
    level: Level,
    /// What is said about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    estimated_restoration: Option<DateTime<Utc>>,
}

/// Maintenance that is announced.
#[derive(Debug, Serialize, ToSchema)]
struct Announcement {
    level: Level,
    /// What it is about; null is the whole platform.
    feature: Option<Feature>,
    message: String,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// What works, and what does not. Needs no sign-in.
#[utoipa::path(get, path = "/api/status", tag = "health", security(()), responses((status = OK, body = WhatWorks)))]
async fn status(State(app): State<App>) -> Json<WhatWorks> {
    Json(now(&app))
}

/// What works now.
pub(crate) fn now(app: &App) -> WhatWorks {
    WhatWorks::of(&app.platform_status.current(), app.clock.now())
}

impl WhatWorks {
    fn of(platform_status: &Snapshot, now: DateTime<Utc>) -> Self {
        let platform = platform_status.strongest(Scope::Platform);
        let level = platform.map_or(Level::None, |state| state.level);
        let features: BTreeMap<_, _> = gate::levels(platform_status)
            .map(|(feature, level)| (feature, FeatureStatus::of(platform_status, feature, level, now)))
            .collect();
        let whole = features.values().all(|feature| feature.enabled && feature.level == Level::None);
        let status = match level {
            Level::Hard => "maintenance",
            Level::None if whole => "operational",
            Level::None | Level::Soft => "degraded",
        };
        let message = platform.map(|state| state.message.clone());
        Self {
            status,
            maintenance: MaintenanceStatus {
                level,
                message: message.map(|own| own.unwrap_or_else(|| gate::usual_message(level).to_owned())),
                estimated_restoration: platform
                    .and_then(|state| state.estimated_restoration.filter(|at| *at > now)),
            },
            features,
            scheduled: platform_status
                .windows
                .iter()
                .filter(|window| window.starts_at > now)
                .map(announce)
                .collect(),
            sharing: platform_status.sharing,
        }
    }
}

impl FeatureStatus {
    fn of(platform_status: &Snapshot, feature: Feature, level: Level, now: DateTime<Utc>) -> Self {
        let own = platform_status.strongest(Scope::Feature(feature));
        Self {
            enabled: platform_status.is_enabled(feature),
            level,
            message: own.and_then(|state| state.message.clone()),
            estimated_restoration: own.and_then(|state| state.estimated_restoration.filter(|at| *at > now)),
        }
    }
}

fn announce(window: &domain::maintenance::Window) -> Announcement {
    Announcement {
        level: window.level,
        feature: window.scope.feature(),
        message: window.message.clone().unwrap_or_else(|| gate::usual_message(window.level).to_owned()),
        from: window.starts_at,
        until: window.ends_at,
    }
}
