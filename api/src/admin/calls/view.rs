//! A call as an admin sees it.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    ids::{JobId, KeyId},
    keys::{Provider, calls::Made},
    quota::{
        Payer, reset_at,
        store::{Charge, LedgerState},
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::admin::keys::view::masked;

/// A call of a provider for a question.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProviderCall)]
pub(in crate::admin) struct CallView {
    job: JobId,
    /// The shared key; null where it was the student's own, which is theirs alone.
    key: Option<CalledKey>,
    provider: Provider,
    model: String,
    /// `ok`, `cancelled`, or the class of the failure, such as `quota`.
    #[schema(example = "quota")]
    outcome: String,
    /// The vendor's code, from the body of its answer.
    #[schema(example = "insufficient_quota")]
    code: Option<String>,
    http_status: Option<i16>,
    /// Why it failed, in our words.
    reason: Option<String>,
    began_at: DateTime<Utc>,
    /// From then to the first word, in milliseconds; null where there was none.
    first_token_ms: Option<i32>,
    duration_ms: i32,
    prompt_tokens: i32,
    completion_tokens: i32,
    /// Whether these are the provider's own figures; else they are estimated.
    tokens_exact: bool,
    /// What it cost in dollars, at the price of its day; null where nobody said the price, or the student pays.
    cost: Option<f64>,
}

/// The shared key that was called with.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::admin) struct CalledKey {
    id: KeyId,
    /// What admins call it.
    name: Option<String>,
    /// `…` and its last four characters; null where it is gone and nothing is known of it.
    #[schema(example = "…4444")]
    key_masked: Option<String>,
}

impl From<Made> for CallView {
    fn from(made: Made) -> Self {
        let cost = made.cost();
        let key = made.key.map(|key| CalledKey {
            id: key.id,
            name: key.name,
            key_masked: key.last_four.as_deref().map(masked),
        });
        Self {
            job: made.job,
            key,
            provider: made.provider,
            model: made.model,
            outcome: made.outcome,
            code: made.code,
            http_status: made.http_status,
            reason: made.reason,
            began_at: made.began_at,
            first_token_ms: made.first_token_ms,
            duration_ms: made.duration_ms,
            prompt_tokens: made.prompt_tokens,
            completion_tokens: made.completion_tokens,
            tokens_exact: made.tokens_exact,
            cost,
        }
    }
}

/// What a job took of its student's day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobCharge)]
pub(in crate::admin) struct ChargeView {
    /// The day in UTC that it counts on.
    day: NaiveDate,
    /// When that day ends.
    day_ends_at: DateTime<Utc>,
    payer: Payer,
    state: LedgerState,
    /// Tokens that it came to, or that are promised to it; 0 where they were given back.
    tokens: i64,
    /// Calls that were abandoned, at the platform's cost.
    abandoned_calls: i32,
    /// Their tokens, estimated.
    abandoned_tokens: i64,
}

impl From<Charge> for ChargeView {
    fn from(charge: Charge) -> Self {
        let Charge { day, payer, state, tokens, abandoned_calls, abandoned_tokens } = charge;
        Self { day, day_ends_at: reset_at(day), payer, state, tokens, abandoned_calls, abandoned_tokens }
    }
}
