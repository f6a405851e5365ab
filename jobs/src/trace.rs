//! One trace from the request through its job to the provider's call, though these run in different
//! processes: the context (W3C `traceparent`) is stored with the job. Without an exporter all of this
//! is a look at a flag.

use std::collections::HashMap;

use opentelemetry::{Value, propagation::TextMapPropagator as _, trace::TraceContextExt as _};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The target of spans that are made for traces only: an exporter takes them at any level, and the
/// log, at the levels that one runs it with, does not have them.
pub const TARGET: &str = "medai_trace";

/// The field of the header and of the row.
const TRACEPARENT: &str = "traceparent";

/// The longest `traceparent` that is looked at; today's have 55 characters.
const LONGEST: usize = 128;

/// What continues the trace of the current span elsewhere; `None` where it is not traced.
pub fn current() -> Option<String> {
    let context = Span::current().context();
    if !context.span().span_context().is_valid() {
        return None;
    }
    let mut carrier = HashMap::new();
    TraceContextPropagator::new().inject_context(&context, &mut carrier);
    carrier.remove(TRACEPARENT)
}

/// Makes a span that was just made part of the trace that came with a request, or with a job. What is
/// no `traceparent` changes nothing.
pub fn continues(span: &Span, traceparent: Option<&str>) {
    let Some(traceparent) = traceparent.filter(|text| text.len() <= LONGEST) else { return };
    let carrier = HashMap::from([(TRACEPARENT.to_owned(), traceparent.to_owned())]);
    let context = TraceContextPropagator::new().extract(&carrier);
    if context.span().span_context().is_valid()
        && let Err(error) = span.set_parent(context)
    {
        tracing::trace!(%error, "no exporter takes the trace");
    }
}

/// The trace that a `traceparent` belongs to: the id that a collector finds it by.
pub fn id_of(traceparent: &str) -> Option<&str> {
    let id = traceparent.split('-').nth(1)?;
    (id.len() == 32 && id.bytes().all(|sign| sign.is_ascii_hexdigit())).then_some(id)
}

/// Adds a figure to a span that only its trace shows, not the log.
pub fn attribute(span: &Span, name: &'static str, value: impl Into<Value>) {
    span.set_attribute(name, value);
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_trace_is_found_by_its_id() {
        let id = "0af7651916cd43dd8448eb211c80319c";
        assert_eq!(super::id_of(&format!("00-{id}-b7ad6b7169203331-01")), Some(id));
        for nonsense in
            ["", "00", "00-", "00-0af7-b7ad6b7169203331-01", &format!("00-{}-x-01", "x".repeat(32))]
        {
            assert_eq!(super::id_of(nonsense), None, "{nonsense:?}");
        }
    }

    #[test]
    fn without_an_exporter_nothing_is_stored() {
        assert_eq!(super::current(), None);
        super::continues(
            &tracing::Span::none(),
            Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        );
        super::continues(&tracing::Span::none(), Some("nonsense"));
    }
}
