//! What the router counts for `/metrics` and tells a trace. Providers and classes are few; no label is
//! made of data, and nothing here holds content or a key.

use std::time::Duration;

use jobs::trace;
use tracing::Span;

use super::{call::Called, pool::Chosen};
use crate::providers::{Endpoint, Usage};

/// The span of one call.
pub(super) fn span(chosen: &Chosen, endpoint: &Endpoint) -> Span {
    tracing::trace_span!(
        target: trace::TARGET, "provider_call",
        key.id = %chosen.id, provider = chosen.provider.as_str(), model = endpoint.model
    )
}

/// How a call came out, in a word: `ok`, `cancelled`, or the class of the failure.
pub(super) const fn outcome(called: &Called) -> &'static str {
    match called {
        Called::Delivered(_) => "ok",
        Called::Failed(error) => error.class.as_str(),
        Called::Cancelled => "cancelled",
    }
}

/// A call ended.
pub(super) fn called(span: &Span, chosen: &Chosen, called: &Called, first_after: Option<Duration>) {
    let provider = chosen.provider.as_str();
    let class = outcome(called);
    metrics::counter!("medai_provider_calls_total", "provider" => provider, "class" => class).increment(1);
    if let Some(first_after) = first_after {
        metrics::histogram!("medai_provider_first_token_seconds", "provider" => provider)
            .record(first_after.as_secs_f64());
    }
    trace::attribute(span, "class", class);
    if let Called::Delivered(end) = called
        && let Usage::Exact { prompt, completion, .. } = end.usage
    {
        trace::attribute(span, "tokens.prompt", i64::from(prompt));
        trace::attribute(span, "tokens.completion", i64::from(completion));
    }
}

/// Another key is tried, silently or with a restart.
pub(super) fn failed_over(after_text: bool) {
    let how = if after_text { "restart" } else { "silent" };
    metrics::counter!("medai_failovers_total", "how" => how).increment(1);
}
