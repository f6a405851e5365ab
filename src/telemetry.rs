//! The log: JSON in production, readable in development. LOGGING.md says what is never in it.

use std::io::IsTerminal as _;

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::config::Config;

/// What is logged unless `RUST_LOG` says otherwise.
const DEFAULT_FILTER: &str = "info,sqlx=warn,apalis=warn,apalis_core=warn,hyper=warn,reqwest=warn";

/// Starts logging to standard error.
pub(crate) fn start(config: &Config) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_unset| EnvFilter::new(DEFAULT_FILTER));
    let registry = tracing_subscriber::registry().with(filter);
    let started = if config.is_production() {
        let json = fmt::layer().json().flatten_event(true).with_current_span(true).with_span_list(false);
        registry.with(json.with_writer(std::io::stderr)).try_init()
    } else {
        let plain = fmt::layer().with_target(false).with_ansi(std::io::stderr().is_terminal());
        registry.with(plain.with_writer(std::io::stderr)).try_init()
    };
    if let Err(error) = started {
        crate::tell(&format!("no log: {error}"));
    }
    // The message of a panic may quote a text that must not be logged, and is no JSON; its place says enough.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a panic");
    }));
}
