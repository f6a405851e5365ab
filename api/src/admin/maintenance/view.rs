//! Maintenance as admins see it.

use chrono::{DateTime, Utc};
use domain::{
    feature::Feature,
    ids::{UserId, WindowId},
    maintenance::{self, Level, Scope, Source},
    platform_status::Snapshot,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::gate;

/// What is closed, and what will be.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MaintenanceView {
    /// Of the whole platform.
    level: Level,
    /// What users read; null where there is nothing to say.
    message: Option<String>,
    estimated_restoration: Option<DateTime<Utc>>,
    /// Who closed the platform; null where it is open.
    source: Option<Source>,
    /// Why, for admins.
    reason: Option<String>,
    since: Option<DateTime<Utc>>,
    /// Everything that is closed, the platform and features, by each source.
    states: Vec<StateView>,
    /// Windows that are open or announced.
    windows: Vec<WindowView>,
}

/// Something that is closed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StateView {
    /// What; null is the whole platform.
    feature: Option<Feature>,
    level: Level,
    source: Source,
    /// Why, for admins.
    reason: String,
    /// What users read in place of the usual sentence.
    message: Option<String>,
    estimated_restoration: Option<DateTime<Utc>>,
    since: DateTime<Utc>,
    /// The admin, where it was one.
    set_by: Option<UserId>,
    set_by_email: Option<String>,
}

/// Maintenance that is announced.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WindowView {
    id: WindowId,
    /// What will be closed; null is the whole platform.
    feature: Option<Feature>,
    level: Level,
    /// Why, for admins.
    reason: String,
    /// What users read in place of the usual sentence.
    message: Option<String>,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    created_by: Option<UserId>,
    created_by_email: Option<String>,
}

impl MaintenanceView {
    /// As it is now.
    pub(super) fn new(platform_status: &Snapshot) -> Self {
        let platform = platform_status.strongest(Scope::Platform);
        let message = |state: &maintenance::State| {
            state.message.clone().unwrap_or_else(|| gate::usual_message(state.level).to_owned())
        };
        Self {
            level: platform.map_or(Level::None, |state| state.level),
            message: platform.map(message),
            estimated_restoration: platform.and_then(|state| state.estimated_restoration),
            source: platform.map(|state| state.source),
            reason: platform.map(|state| state.reason.clone()),
            since: platform.map(|state| state.since),
            states: platform_status.states.iter().cloned().map(StateView::from).collect(),
            windows: platform_status.windows.iter().cloned().map(WindowView::from).collect(),
        }
    }
}

impl From<maintenance::State> for StateView {
    fn from(state: maintenance::State) -> Self {
        Self {
            feature: state.scope.feature(),
            level: state.level,
            source: state.source,
            reason: state.reason,
            message: state.message,
            estimated_restoration: state.estimated_restoration,
            since: state.since,
            set_by: state.set_by,
            set_by_email: state.set_by_email,
        }
    }
}

impl From<maintenance::Window> for WindowView {
    fn from(window: maintenance::Window) -> Self {
        Self {
            id: window.id,
            feature: window.scope.feature(),
            level: window.level,
            reason: window.reason,
            message: window.message,
            from: window.starts_at,
            until: window.ends_at,
            created_by: window.created_by,
            created_by_email: window.created_by_email,
        }
    }
}
