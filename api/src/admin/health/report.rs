//! How well everything is served, and what failed lately.

use axum::{Json, extract::State};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ids::KeyId,
    keys::{
        KeyStatus, Provider,
        endpoints::{self, EndpointFact, EndpointId},
        health::{self, Source, log::Entry},
    },
    maintenance::closings::{self, Closing},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::keys::{feature::KeyFeature, view::EndpointFactView},
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

/// How many closings are shown.
const CLOSINGS: i64 = 20;

/// The health of the platform's providers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HealthReport)]
pub(super) struct Report {
    /// By feature, and within it by provider.
    features: Vec<FeatureHealth>,
    /// What befell keys lately, latest first: failures, refusals, and changes of state.
    log: Vec<LogEntry>,
    /// What the platform closed by itself, latest first, each with the calls that led to it.
    closings: Vec<Closing>,
    /// What endpoints have shown within a day.
    endpoints: Vec<EndpointView>,
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
    /// `credential`, `quota`, `rate` or `overload`; or what puts no key away: `refusal`, `withheld`, `empty_by_length`;
    /// null where it works again, or an admin said so.
    class: Option<String>,
    http_status: Option<i16>,
    reason: Option<String>,
    source: Source,
    /// Whether it shows that the provider is away, or the key spent: only such calls can close a feature.
    evidence: bool,
}

/// What an endpoint has shown.
#[derive(Debug, Serialize, ToSchema)]
struct EndpointView {
    provider: Provider,
    base_url: String,
    model: String,
    learnt: Vec<EndpointFactView>,
}

impl EndpointView {
    /// From rows in the order of endpoints. What students' own keys showed is their business.
    fn all(facts: Vec<EndpointFact>) -> Vec<Self> {
        let mut views = Vec::<Self>::new();
        for fact in facts.into_iter().filter(|fact| fact.endpoint.own_key.is_none()) {
            let EndpointId { provider, base_url, model, .. } = fact.endpoint.clone();
            let same = |view: &&mut Self| {
                (view.provider, &view.base_url, &view.model) == (provider, &base_url, &model)
            };
            match views.last_mut().filter(same) {
                Some(view) => view.learnt.push(fact.into()),
                None => views.push(Self { provider, base_url, model, learnt: vec![fact.into()] }),
            }
        }
        views
    }
}

impl From<Entry> for LogEntry {
    fn from(entry: Entry) -> Self {
        let Entry {
            at, key, provider, from, to, failures, class, http_status, reason, source, evidence, ..
        } = entry;
        let feature = KeyFeature(entry.feature);
        Self { at, key, provider, feature, from, to, failures, class, http_status, reason, source, evidence }
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
    let closings = closings::list(&mut conn, CLOSINGS).await?;
    let endpoints = EndpointView::all(endpoints::list(&mut conn, now).await?);
    let log = log.into_iter().map(Into::into).collect();
    Ok(Json(Report { features: pool.features(), log, closings, endpoints }))
}
