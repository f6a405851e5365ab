//! The log: JSON in production, readable in development. LOGGING.md says what is never in it. And
//! traces, where a collector is named.

use std::io::IsTerminal as _;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::runtime::Handle;
use tracing::{Level, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer, filter::Targets, fmt, layer::SubscriberExt as _, registry::LookupSpan,
    util::SubscriberInitExt as _,
};

use crate::{config::Config, traces};

/// What is logged unless `RUST_LOG` says otherwise.
const DEFAULT_FILTER: &str = "info,sqlx=warn,apalis=warn,apalis_core=warn,hyper=warn,reqwest=warn";

/// Spans that are yet to leave.
#[derive(Debug)]
pub(crate) struct Traces(Option<SdkTracerProvider>);

impl Traces {
    /// Sends what is left.
    pub(crate) fn end(self) {
        if let Some(Err(error)) = self.0.map(|provider| provider.shutdown()) {
            crate::print_last_word(&format!("the last traces are lost: {error}"));
        }
    }
}

/// Starts logging to standard error, and tracing where a collector is named.
pub(crate) fn start(config: &Config, runtime: &Handle) -> Traces {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_unset| EnvFilter::new(DEFAULT_FILTER));
    let provider = traces::provider(config, runtime).unwrap_or_else(|error| {
        crate::print_last_word(&format!("no traces: {error:#}"));
        None
    });
    let registry = tracing_subscriber::registry();
    let started = match &provider {
        // One filter for all is cheaper than one for each.
        None => registry.with(filter).with(log(config)).try_init(),
        Some(provider) => {
            let traces = tracing_opentelemetry::layer().with_tracer(provider.tracer("medai"));
            registry.with(log(config).with_filter(filter)).with(traces.with_filter(of_ours())).try_init()
        }
    };
    if let Err(error) = started {
        crate::print_last_word(&format!("no log: {error}"));
    }
    // The message of a panic may quote a text that must not be logged, and is no JSON; its place says enough.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a panic");
    }));
    Traces(provider)
}

fn log<S: Subscriber + for<'a> LookupSpan<'a>>(config: &Config) -> Box<dyn Layer<S> + Send + Sync> {
    if config.is_production() {
        let json = fmt::layer().json().flatten_event(true).with_current_span(true).with_span_list(false);
        json.with_writer(std::io::stderr).boxed()
    } else {
        let plain = fmt::layer().with_target(false).with_ansi(std::io::stderr().is_terminal());
        plain.with_writer(std::io::stderr).boxed()
    }
}

/// What goes into a trace: our own spans, and nothing of the exporter's.
fn of_ours() -> Targets {
    Targets::new()
        .with_target(jobs::trace::TARGET, Level::TRACE)
        .with_targets(["medai", "api", "jobs", "scheduler", "worker"].map(|name| (name, Level::INFO)))
}
