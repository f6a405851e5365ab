//! `GET /metrics`: what a Prometheus scrapes. What happens is counted where it happens; what is the
//! case (how much waits, how the keys are) is looked up when somebody asks, and kept for a moment.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{
    Clock, Db,
    keys::{
        Provider,
        pool_stats::{STATES, pool_stats},
    },
};
use jobs::queue::depth;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;

/// How old figures of the database may be.
const FRESH: Duration = Duration::from_secs(5);

/// The format's name.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What is shown, and to whom. Cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    render: Box<dyn Fn() -> String + Send + Sync>,
    token: Option<SecretString>,
    looked: Mutex<Option<Instant>>,
}

impl Metrics {
    /// Over what renders the counters. With a token, only who has it may look.
    pub fn new(
        db: &Db,
        clock: &Clock,
        token: Option<SecretString>,
        render: impl Fn() -> String + Send + Sync + 'static,
    ) -> Self {
        let (db, clock) = (db.clone(), clock.clone());
        Self(Arc::new(Inner { db, clock, render: Box::new(render), token, looked: Mutex::default() }))
    }

    /// The one route.
    pub fn router(self) -> Router {
        Router::new()
            .route("/metrics", get(move |headers: HeaderMap| async move { self.show(&headers).await }))
    }

    async fn show(&self, headers: &HeaderMap) -> Response {
        if !self.admits(headers) {
            return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")]).into_response();
        }
        if let Err(error) = self.look().await {
            // The counters are worth showing all the same.
            tracing::warn!(%error, "the figures of the database are not fresh");
        }
        ([(header::CONTENT_TYPE, TEXT), (header::CACHE_CONTROL, "no-store")], (self.0.render)())
            .into_response()
    }

    fn admits(&self, headers: &HeaderMap) -> bool {
        let Some(token) = &self.0.token else { return true };
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        // Digests, so that the time it takes tells nothing about the token.
        Sha256::digest(given) == Sha256::digest(token.expose_secret())
    }

    /// Looks up what is the case, unless somebody just did.
    async fn look(&self) -> sqlx::Result<()> {
        let mut looked = self.0.looked.lock().await;
        if looked.is_some_and(|looked| looked.elapsed() < FRESH) {
            return Ok(());
        }
        for queue in depth(self.0.db.pool()).await? {
            for (state, jobs) in
                [("scheduled", queue.scheduled), ("ready", queue.ready), ("running", queue.running)]
            {
                metrics::gauge!("medai_queue_jobs", "queue" => queue.queue.clone(), "state" => state)
                    .set(float(jobs));
            }
            metrics::gauge!("medai_queue_oldest_seconds", "queue" => queue.queue).set(queue.oldest.max(0.0));
        }
        let counted = pool_stats(self.0.db.pool(), self.0.clock.now()).await?;
        for provider in Provider::ALL {
            for state in STATES {
                let known = counted.iter().find(|row| row.provider == provider && row.state == state);
                metrics::gauge!("medai_keys", "provider" => provider.as_str(), "state" => state)
                    .set(float(known.map_or(0, |row| row.keys)));
            }
        }
        *looked = Some(Instant::now());
        Ok(())
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics(…)")
    }
}

/// A request was answered; a stream, when it began.
pub(crate) fn answered(route: &str, method: &'static str, status: StatusCode, took: Duration) {
    let route = route.to_owned();
    metrics::counter!("medai_requests_total",
        "route" => route.clone(), "method" => method, "status" => status.as_u16().to_string())
    .increment(1);
    metrics::histogram!("medai_request_seconds", "route" => route, "method" => method)
        .record(took.as_secs_f64());
}

/// The name of a method. A client may make up any number of them, which must not become as many labels.
pub(crate) fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// A reader of events, for as long as this lives.
#[derive(Debug)]
pub(crate) struct OpenReader(());

impl OpenReader {
    pub(crate) fn new() -> Self {
        metrics::gauge!("medai_readers_open").increment(1.0);
        Self(())
    }
}

impl Drop for OpenReader {
    fn drop(&mut self) {
        metrics::gauge!("medai_readers_open").decrement(1.0);
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows are far below 2^52")]
const fn float(count: i64) -> f64 {
    count as f64
}
