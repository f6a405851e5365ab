//! The recorder of `/metrics`: one a process, and only where somebody may look. Without it, counting
//! costs next to nothing.
//!
//! `metrics` is a facade, so that a crate counts where things happen without being handed a registry,
//! and without knowing who reads; its Prometheus exporter is used for its text only, since the server
//! is our own.

use std::{sync::OnceLock, time::Duration};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// How often observations are put into their buckets, so that they do not pile up while nobody asks.
const MAINTENANCE_EVERY: Duration = Duration::from_secs(5);

/// Seconds: from a fast request to the longest answer.
const BUCKETS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0];

/// Counters, and what they count.
const COUNTERS: [(&str, &str); 8] = [
    ("medai_requests_total", "Requests, by their route as declared"),
    ("medai_connections_refused_total", "Connections that were one too many of their address"),
    ("medai_jobs_total", "Runs of jobs, by how they came out"),
    ("medai_jobs_rescued_total", "Jobs of dead workers that were taken care of"),
    ("medai_answers_total", "Questions, by how they ended"),
    ("medai_provider_calls_total", "Calls of providers, by class of failure; ok where there was none"),
    ("medai_failovers_total", "Calls that followed a failed one of the same question"),
    ("medai_notices_total", "Notices that were raised, by event"),
];

/// Gauges, and what they show. Figures of the database are the same whichever process is asked.
const GAUGES: [(&str, &str); 4] = [
    ("medai_queue_jobs", "Jobs that have not ended (of the whole platform)"),
    ("medai_queue_oldest_seconds", "How long the oldest ready job has waited (of the whole platform)"),
    ("medai_keys", "Shared keys by state (of the whole platform)"),
    ("medai_readers_open", "Readers of events at this process"),
];

/// Histograms in seconds, and what they measure.
const HISTOGRAMS: [(&str, &str); 5] = [
    ("medai_request_seconds", "From a request to the head of its response"),
    ("medai_job_wait_seconds", "From when a job was due until it started"),
    ("medai_job_run_seconds", "From a job's start until it came out"),
    ("medai_time_to_first_token_seconds", "From an accepted question to the first word of its answer"),
    ("medai_provider_first_token_seconds", "From a call of a provider to its first word"),
];

/// Starts recording.
pub(crate) fn start(stop: &CancellationToken, tasks: &TaskTracker) {
    let Some(handle) = HANDLE.get_or_init(install).clone() else { return };
    let stop = stop.clone();
    tasks.spawn(async move {
        let mut tick = tokio::time::interval(MAINTENANCE_EVERY);
        loop {
            tokio::select! {
                _ = tick.tick() => handle.run_upkeep(),
                () = stop.cancelled() => return,
            }
        }
    });
}

/// What renders what was recorded; `None` where nothing is.
pub(crate) fn renderer() -> Option<impl Fn() -> String + Send + Sync + 'static> {
    let handle = HANDLE.get()?.clone()?;
    Some(move || handle.render())
}

fn install() -> Option<PrometheusHandle> {
    let builder =
        PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS);
    let installed = builder.map(PrometheusBuilder::install_recorder);
    let handle = match installed {
        Ok(Ok(handle)) => handle,
        Ok(Err(error)) | Err(error) => {
            tracing::error!(%error, "nothing is counted");
            return None;
        }
    };
    for (name, what) in COUNTERS {
        metrics::describe_counter!(name, what);
    }
    for (name, what) in GAUGES {
        metrics::describe_gauge!(name, what);
    }
    for (name, what) in HISTOGRAMS {
        metrics::describe_histogram!(name, what);
    }
    Some(handle)
}
