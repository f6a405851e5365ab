//! What is kept of each call for a question, for admins: how it came out and what it took, and never what was said.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::keys::calls::Call;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::{
    Ask, Output, Router,
    call::Called,
    observe,
    outcome::{Tokens, estimate, tokens_of},
    patience::Patience,
    pool::Chosen,
};
use crate::providers::{Endpoint, ProviderError};

/// When a call was, and how long it took.
struct Times {
    began_at: DateTime<Utc>,
    took: Duration,
    first_after: Option<Duration>,
}

impl Router {
    /// One call, which is traced, counted and kept.
    pub(super) async fn call_on_record(
        &self,
        chosen: &Chosen,
        endpoint: &Endpoint,
        ask: Ask<'_>,
        patience: Patience,
        output: &mut dyn Output,
    ) -> Called {
        let span = observe::span(chosen, endpoint);
        let (began_at, began) = (self.clock.now(), Instant::now());
        let (called, first_after) =
            self.call(chosen, endpoint, ask, patience, output).instrument(span.clone()).await;
        observe::called(&span, chosen, &called, first_after);
        let times = Times { began_at, took: began.elapsed(), first_after };
        self.pool.made(call(chosen, endpoint, &ask, &called, &times, output.raw_text()));
        called
    }
}

fn call(
    chosen: &Chosen,
    endpoint: &Endpoint,
    ask: &Ask<'_>,
    called: &Called,
    times: &Times,
    text: &str,
) -> Call {
    let tokens = match called {
        Called::Delivered(end) => tokens_of(end, ask.request, text),
        _ if times.first_after.is_some() => estimate(ask.request, text),
        _ => Tokens::default(),
    };
    let error = match called {
        Called::Failed(error) => Some(error),
        Called::Delivered(_) | Called::Cancelled => None,
    };
    let (reason, code) = error.map(ProviderError::reason_and_code).unzip();
    Call {
        job_id: ask.job,
        user_id: ask.user,
        request_id: ask.request_id.map(ToOwned::to_owned),
        key_id: (!chosen.own).then_some(chosen.id),
        provider: chosen.provider,
        model: endpoint.model.clone(),
        outcome: observe::outcome(called),
        http_status: error.and_then(|error| error.status),
        code: code.flatten().map(ToOwned::to_owned),
        reason: reason.map(ToOwned::to_owned),
        began_at: times.began_at,
        first_token_ms: times.first_after.map(ms),
        duration_ms: ms(times.took),
        prompt_tokens: count(tokens.prompt),
        completion_tokens: count(tokens.completion),
        tokens_exact: tokens.exact,
    }
}

fn ms(time: Duration) -> i32 {
    i32::try_from(time.as_millis()).unwrap_or(i32::MAX)
}

fn count(tokens: u32) -> i32 {
    i32::try_from(tokens).unwrap_or(i32::MAX)
}
