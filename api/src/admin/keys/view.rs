//! A key as admins see it: never its value.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ids::KeyId,
    keys::{
        CallLimits, Key, KeyStatus, Price, Provider, Remaining,
        activity::{self, Activity},
        endpoints::{self, EndpointFact, EndpointId},
        health::{self, Source, log::Entry},
        quota_day::quota_day,
    },
};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::{feature::KeyFeature, suggestion::Suggestion};
use crate::App;

/// How far back its history goes.
const HISTORY: TimeDelta = TimeDelta::hours(6);

/// What its rates are taken over.
const RATES: TimeDelta = TimeDelta::hours(1);

/// How many of a key's failures are shown.
const FAILURES: i64 = 3;

/// A key of the pool, without its value.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KeyView {
    id: KeyId,
    provider: Provider,
    /// The feature it is kept for, or `*` for any.
    #[schema(value_type = String, example = "*")]
    feature: KeyFeature,
    /// `…` and its last four characters; `none` where the provider needs none.
    #[schema(example = "…4444")]
    key_masked: String,
    /// Higher is used first.
    priority: i32,
    status: KeyStatus,
    /// Failures in a row.
    failure_count: i32,
    /// Not used before this time.
    cooldown_until: Option<DateTime<Utc>>,
    /// Why it is not active, or cools.
    reason: Option<String>,
    /// What admins call it.
    name: Option<String>,
    /// What admins want to remember of it.
    note: Option<String>,
    /// The provider's project: its keys cool together.
    quota_group: Option<String>,
    base_url: Option<String>,
    model: Option<String>,
    limits: CallLimits,
    /// When the provider's day ends, which limits of a day are counted by.
    day_ends_at: DateTime<Utc>,
    /// The time zone that this day is of.
    #[schema(example = "America/Los_Angeles")]
    day_zone: &'static str,
    /// What its tokens cost, in dollars; null where nobody said.
    price_per_million: Option<Price>,
    /// What its provider says is left of its quota; null where it says nothing.
    remaining: Option<Remaining>,
    last_used_at: Option<DateTime<Utc>>,
    /// When it last answered a student.
    last_success_at: Option<DateTime<Utc>>,
    /// The part of its calls of the last hour that succeeded, 0 to 1; null without any.
    success_rate: Option<f64>,
    /// Mean time to the first token within the last hour, or else of late, in milliseconds.
    latency_ms: Option<i64>,
    /// The last six hours by five minutes, oldest first; those without a call are left out.
    history: Vec<KeyMoment>,
    /// Its latest failures, latest first.
    last_failures: Vec<KeyFailure>,
    /// Requests in a row that its endpoint did not take. They put no key away.
    refusals: i32,
    /// Why it did not take the last one; null where that was answered.
    refusal: Option<String>,
    /// When that was.
    refused_at: Option<DateTime<Utc>>,
    /// What its endpoint (address and model) has shown within a day. A test of the key forgets it.
    learnt: Vec<EndpointFactView>,
    created_at: DateTime<Utc>,
    /// What may be done now that it works; left out where there is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<Suggestion>,
}

/// What a key did in five minutes.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KeyMoment {
    /// When they began.
    at: DateTime<Utc>,
    calls: i64,
    failures: i64,
    /// Mean time to the first token, in milliseconds; null where no call succeeded.
    latency_ms: Option<i64>,
}

impl From<(DateTime<Utc>, Activity)> for KeyMoment {
    fn from((at, activity): (DateTime<Utc>, Activity)) -> Self {
        let Activity { calls, failures, .. } = activity;
        Self { at, calls, failures, latency_ms: activity.mean_latency_ms() }
    }
}

/// What an endpoint has shown that it cannot do, or what it takes.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = EndpointFact)]
pub(in crate::admin) struct EndpointFactView {
    /// `vision`, `system_text`, `schema`, `field:…`: it does not take that. `batch`, `context`, `output`: no more than
    /// the amount. `thoughts`: so many tokens on top of an answer.
    #[schema(example = "vision")]
    lesson: String,
    amount: Option<i64>,
    /// What showed it.
    reason: Option<String>,
    learnt_at: DateTime<Utc>,
    /// Until when it is believed.
    until: DateTime<Utc>,
}

impl From<EndpointFact> for EndpointFactView {
    fn from(learnt: EndpointFact) -> Self {
        let EndpointFact { lesson, amount, reason, learnt_at, until, .. } = learnt;
        Self { lesson, amount, reason, learnt_at, until }
    }
}

/// A failure of a key.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::admin) struct KeyFailure {
    at: DateTime<Utc>,
    /// `credential`, `quota`, `rate` or `overload`; or what puts no key away: `refusal`, `withheld`, `empty_by_length`.
    class: Option<String>,
    /// The status of the provider's answer, where there was one.
    http_status: Option<i16>,
    reason: Option<String>,
    /// Who met it.
    source: Source,
}

impl From<Entry> for KeyFailure {
    fn from(entry: Entry) -> Self {
        let Entry { at, class, http_status, reason, source, .. } = entry;
        Self { at, class, http_status, reason, source }
    }
}

/// What keys did and what befell them of late.
#[derive(Debug, Default)]
pub(super) struct Lately {
    history: HashMap<KeyId, Vec<(DateTime<Utc>, Activity)>>,
    failures: HashMap<KeyId, Vec<KeyFailure>>,
    learnt: HashMap<EndpointId, Vec<EndpointFactView>>,
}

impl Lately {
    /// Of some keys, now.
    pub(super) async fn load(
        conn: &mut PgConnection,
        keys: &[KeyId],
        now: DateTime<Utc>,
    ) -> sqlx::Result<Self> {
        let history = activity::buckets(conn, keys, now - HISTORY).await?;
        let mut failures = HashMap::<_, Vec<_>>::new();
        for entry in health::log::list_failures(conn, keys, FAILURES).await? {
            failures.entry(entry.key).or_default().push(entry.into());
        }
        let mut learnt = HashMap::<_, Vec<_>>::new();
        for fact in endpoints::list(conn, now).await? {
            learnt.entry(fact.endpoint.clone()).or_default().push(fact.into());
        }
        Ok(Self { history, failures, learnt })
    }
}

impl KeyView {
    /// Of a key, now.
    pub(super) fn new(app: &App, key: Key, lately: &mut Lately, now: DateTime<Utc>) -> Self {
        let history = lately.history.remove(&key.id).unwrap_or_default();
        let mut last_hour = Activity::default();
        for (_, activity) in history.iter().filter(|(at, _)| *at > now - RATES) {
            last_hour.add(*activity);
        }
        let learnt = lately.learnt.get(&app.settings.defaults.endpoint_of(&key)).cloned().unwrap_or_default();
        Self {
            id: key.id,
            provider: key.provider,
            feature: KeyFeature(key.feature),
            key_masked: masked(&key.last_four),
            priority: key.priority,
            status: key.status,
            failure_count: key.failure_count,
            cooldown_until: key.cooldown_until.filter(|until| *until > now),
            success_rate: last_hour.success_rate(),
            reason: key.reason,
            name: key.name,
            note: key.note,
            quota_group: key.quota_group,
            base_url: key.base_url,
            model: key.model,
            limits: key.limits,
            day_ends_at: quota_day(key.provider, now).1,
            day_zone: key.provider.description().zone.name(),
            price_per_million: key.price,
            remaining: Some(key.remaining.at(now)).filter(|remaining| !remaining.is_unknown()),
            last_used_at: key.last_used_at,
            last_success_at: key.last_success_at,
            latency_ms: last_hour.mean_latency_ms().or(key.latency_ms.map(i64::from)),
            history: history.into_iter().map(Into::into).collect(),
            refusals: key.refused.count,
            refusal: key.refused.reason.filter(|_| key.refused.count > 0),
            refused_at: key.refused.at.filter(|_| key.refused.count > 0),
            learnt,
            last_failures: lately.failures.remove(&key.id).unwrap_or_default(),
            created_at: key.created_at,
            suggestion: None,
        }
    }

    /// With what may be done if it works.
    pub(super) fn suggesting(mut self, suggestion: Option<Suggestion>) -> Self {
        self.suggestion = suggestion.filter(|_| self.status == KeyStatus::Active);
        self
    }
}

/// A key as anybody is shown it.
pub(crate) fn masked(last_four: &str) -> String {
    if last_four.is_empty() { "none".to_owned() } else { format!("…{last_four}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_by_its_last_characters() {
        assert_eq!(masked("4444"), "…4444");
        assert_eq!(masked(""), "none");
    }
}
