//! A key as admins see it: never its value.

use chrono::{DateTime, Utc};
use domain::{
    ids::KeyId,
    keys::{CallLimits, Key, KeyStatus, Provider},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{feature::KeyFeature, suggestion::Suggestion};

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
    /// The provider's project: its keys cool together.
    quota_group: Option<String>,
    base_url: Option<String>,
    model: Option<String>,
    limits: CallLimits,
    last_used_at: Option<DateTime<Utc>>,
    /// The part of its calls that succeeded, 0 to 1; null before the first.
    success_rate: Option<f64>,
    /// Time to the first token of late, in milliseconds.
    latency_ms: Option<i32>,
    created_at: DateTime<Utc>,
    /// What may be done now that it works; left out where there is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<Suggestion>,
}

impl KeyView {
    /// Of a key, now.
    pub(super) fn new(key: Key, now: DateTime<Utc>) -> Self {
        Self {
            id: key.id,
            provider: key.provider,
            feature: KeyFeature(key.feature),
            key_masked: masked(&key.last_four),
            priority: key.priority,
            status: key.status,
            failure_count: key.failure_count,
            cooldown_until: key.cooldown_until.filter(|until| *until > now),
            success_rate: success_rate(key.successes, key.failures),
            reason: key.reason,
            quota_group: key.quota_group,
            base_url: key.base_url,
            model: key.model,
            limits: key.limits,
            last_used_at: key.last_used_at,
            latency_ms: key.latency_ms,
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

#[expect(clippy::cast_precision_loss, reason = "a rate is rounded anyway")]
fn success_rate(successes: i64, failures: i64) -> Option<f64> {
    let calls = successes.saturating_add(failures);
    (calls > 0).then(|| successes as f64 / calls as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_by_its_last_characters() {
        assert_eq!(masked("4444"), "…4444");
        assert_eq!(masked(""), "none");
    }

    #[test]
    fn a_rate_needs_calls() {
        assert_eq!(success_rate(0, 0), None);
        assert_eq!(success_rate(3, 1), Some(0.75));
    }
}
