//! The gate: what is closed, to whom. All that it asks is in memory.
//!
//! Every request under `/api` passes [`closed_by_hard_maintenance`], so that a route which nobody
//! thought of is closed, too. Whatever uses a feature asks for a [`Pass`], which only the snapshot of what is closed makes.

use axum::{
    extract::{FromRequestParts as _, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use domain::{
    feature::Feature,
    maintenance,
    platform_status::{Closed, Pass, Snapshot},
};
use serde::Serialize;

use crate::{
    App,
    caller::{SignedInUser, carries_token},
    error::{ApiError, ApiResult},
};

/// What stays open in hard maintenance: signs of life, the reason, and what lets an admin in. A
/// student may sign in, too, and meets the lock screen after it.
const OPEN: [&str; 10] = [
    "/api/status",
    "/api/health",
    "/api/ready",
    "/api/openapi.json",
    "/api/auth/login",
    "/api/auth/emergency",
    "/api/auth/refresh",
    "/api/auth/logout",
    "/api/auth/logout-all",
    "/api/auth/me",
];

/// What users read in hard maintenance, unless an admin says otherwise.
const LOCKED: &str = "We're currently performing maintenance. Please check back soon.";

/// What users read in soft maintenance, unless an admin says otherwise.
const SOFTENED: &str = "Some features are temporarily unavailable. Chat and core features still work.";

/// Gives everybody but admins the lock screen while the platform is in hard maintenance. Streams that
/// are open go on.
pub(crate) async fn closed_by_hard_maintenance(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let Some(lock) = app.platform_status.current().lock().map(|state| ClosedNotice::new(&app, state)) else {
        return next.run(request).await;
    };
    if is_open(path) || !path.starts_with("/api") {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    match SignedInUser::from_request_parts(&mut parts, &app).await {
        Ok(caller) if caller.role.is_some() => next.run(Request::from_parts(parts, body)).await,
        // An admin whose token has run out shall learn that, and come back with a new one.
        Err(error @ ApiError::Unauthenticated(_)) if carries_token(&parts.headers) => error.into_response(),
        Ok(_) | Err(_) => ApiError::Maintenance(lock).into_response(),
    }
}

/// Whether a path is answered in hard maintenance, too.
pub(crate) fn is_open(path: &str) -> bool {
    OPEN.contains(&path)
}

/// Lets a caller use a feature, or says why not.
pub(crate) fn pass(app: &App, caller: &SignedInUser, feature: Feature) -> ApiResult<Pass> {
    let platform_status = app.platform_status.current();
    platform_status.pass(feature, caller.plan, caller.role.is_some()).map_err(|closed| match closed {
        Closed::Disabled => ApiError::FeatureDisabled(feature),
        Closed::Unavailable(state) => ApiError::FeatureUnavailable(feature, ClosedNotice::new(app, state)),
        Closed::Paused(state) => ApiError::Maintenance(ClosedNotice::new(app, state)),
    })
}

/// What users are told about something that is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClosedNotice {
    /// How far it is closed.
    pub level: maintenance::Level,
    /// An admin's own words.
    #[serde(skip)]
    pub own_words: Option<String>,
    /// When it may be over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_restoration: Option<DateTime<Utc>>,
    /// Seconds until then.
    #[serde(skip)]
    pub retry_after: Option<u64>,
}

impl ClosedNotice {
    fn new(app: &App, state: &maintenance::State) -> Self {
        let now = app.clock.now();
        let estimated = state.estimated_restoration.filter(|at| *at > now);
        let seconds = |at: DateTime<Utc>| (at - now).num_milliseconds().max(0).unsigned_abs().div_ceil(1000);
        Self {
            level: state.level,
            own_words: state.message.clone(),
            estimated_restoration: estimated,
            retry_after: estimated.map(|at| seconds(at).max(1)),
        }
    }

    /// What the lock screen or the banner says.
    pub fn message(&self) -> &str {
        self.own_words.as_deref().unwrap_or_else(|| usual_message(self.level))
    }
}

/// What users read at a level, unless an admin says otherwise.
pub(crate) const fn usual_message(level: maintenance::Level) -> &'static str {
    match level {
        maintenance::Level::Hard => LOCKED,
        maintenance::Level::Soft => SOFTENED,
        maintenance::Level::None => "All systems work.",
    }
}

/// The level of every feature that a student uses.
pub(crate) fn levels(platform_status: &Snapshot) -> impl Iterator<Item = (Feature, maintenance::Level)> {
    Feature::STUDENT.into_iter().map(|feature| (feature, platform_status.level(feature)))
}
