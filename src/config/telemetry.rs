//! What the program shows of itself: metrics and traces.

use std::net::SocketAddr;

use clap::Args;
use secrecy::SecretString;
use url::Url;

/// What it shows of itself.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "What it shows of itself")]
pub struct Telemetry {
    /// Where any role serves `/metrics` by itself, such as `127.0.0.1:9101`.
    #[arg(long, env, global = true)]
    pub metrics_addr: Option<SocketAddr>,
    /// What a scraper of `/metrics` must send as bearer token. Without one, the API of a production does not serve it.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub metrics_token: Option<SecretString>,
    /// Where traces go: an OpenTelemetry collector that takes OTLP over HTTP, such as `http://localhost:4318`.
    #[arg(long, env, global = true)]
    pub otel_exporter_otlp_endpoint: Option<Url>,
}
