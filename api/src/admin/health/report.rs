//! How well everything is served, and what failed lately.

use axum::{Json, extract::State};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ids::KeyId,
    keys::{
        KeyStatus, Provider,
        health::{self, Source, log::Entry},
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::keys::feature::KeyFeature,
    view::{FeatureHealth, Pool},
};
use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    permissions::ViewKeys,
};

/// How many entries of the log are shown.
const ENTRIES: i64 = 100;

/// The health of the platform's providers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HealthReport)]
pub(super) struct Report {
    /// By feature, and within it by provider.
    features: Vec<FeatureHealth>,
    /// What befell keys lately, latest first: failures, and changes of state.
    log: Vec<LogEntry>,
}

/// Something that befell a key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HealthLogEntry)]
struct LogEntry {
    at: DateTime<Utc>,
    /// The key; it may be gone.
    key: KeyId,
    provider: Provider,
    /// The feature it is kept for, or `*` for any.
    #[schema(value_type = String, example = "*")]
    feature: KeyFeature,
    from: KeyStatus,
    to: KeyStatus,
    /// Failures in a row.
    failures: i32,
    /// `credential`, `quota`, `rate` or `overload`; null where it works again, or an admin said so.
    class: Option<String>,
    http_status: Option<i16>,
    reason: Option<String>,
    source: Source,
}

impl From<Entry> for LogEntry {
    fn from(entry: Entry) -> Self {
        let Entry { at, key, provider, feature, from, to, failures, class, http_status, reason, source } =
            entry;
        let feature = KeyFeature(feature);
        Self { at, key, provider, feature, from, to, failures, class, http_status, reason, source }
    }
}

/// How well each provider serves each feature, which key serves now, what is left of quotas, and what
/// failed lately.
#[utoipa::path(get, path = "/api/admin/health", tag = "admin health",
    responses((status = OK, body = Report), (status = FORBIDDEN, body = ErrorBody)))]
pub(super) async fn report(State(app): State<App>, _admin: Admin<ViewKeys>) -> ApiResult<Json<Report>> {
    let mut conn = app.db.pool().acquire().await?;
    let now = app.clock.now();
    let mut pool = Pool::load(&app, &mut conn).await?;
    let failures = health::log::count_failures(&mut conn, now - TimeDelta::hours(1)).await?;
    pool.failures = failures.into_iter().collect();
    let log = health::log::list(&mut conn, ENTRIES).await?;
    Ok(Json(Report { features: pool.features(), log: log.into_iter().map(Into::into).collect() }))
}
