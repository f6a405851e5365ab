//! Whether the process lives, and whether it can serve.

use std::time::Duration;

use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// A store that says nothing for longer is out of reach: its client would try for minutes.
const FILES: Duration = Duration::from_secs(2);

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(health)).routes(routes!(ready))
}

/// That the process lives.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// `healthy`
    status: &'static str,
    /// The server's time.
    timestamp: chrono::DateTime<chrono::Utc>,
}

/// Whether the process lives. Asks nothing of others.
#[utoipa::path(get, path = "/api/health", tag = "health", security(()), responses((status = OK, body = Health)))]
async fn health(State(app): State<App>) -> Json<Health> {
    Json(Health { status: "healthy", timestamp: app.clock.now() })
}

/// What the process needs in order to serve.
#[derive(Debug, Serialize, ToSchema)]
struct Readiness {
    /// Whether database and bus are `ok`, and the process is not about to end.
    ready: bool,
    /// `ok` or `unreachable`
    database: &'static str,
    /// `ok` or `unreachable`. Without it answers still come, but not live.
    bus: &'static str,
    /// `ok` or `unreachable`. Without it questions are still answered, but no document is taken or shown.
    files: &'static str,
}

/// Whether the process can serve, with each dependency.
#[utoipa::path(get, path = "/api/ready", tag = "health", security(()),
    responses((status = OK, body = Readiness), (status = SERVICE_UNAVAILABLE, body = Readiness)))]
async fn ready(State(app): State<App>) -> (StatusCode, Json<Readiness>) {
    let database = async { sqlx::query("select 1").execute(app.db.pool()).await.is_ok() };
    let files = tokio::time::timeout(FILES, app.files.ping());
    let (database, bus, files) = tokio::join!(database, app.bus.ping(), files);
    let (bus, files) = (bus.is_ok(), matches!(files, Ok(Ok(()))));
    let word = |ok| if ok { "ok" } else { "unreachable" };
    let ready = database && bus && !app.stop.is_cancelled();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, database: word(database), bus: word(bus), files: word(files) }))
}
