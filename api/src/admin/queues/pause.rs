//! Stops a queue from being taken from, everywhere, and lets it go on.

use axum::{Json, extract::State};
use domain::audit::Target;
use jobs::{Queue, queue::control};
use serde_json::json;

use super::view::{QueueView, look};
use crate::{
    App,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Path,
    permissions::ManageJobs,
};

/// Pauses a queue: nothing more of it is started. What runs goes on, and what is asked for waits.
#[utoipa::path(post, path = "/api/admin/queues/{queue}/pause", tag = "admin queues",
    params(("queue" = String, Path)),
    responses(
        (status = OK, body = QueueView),
        (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody),
    ))]
pub(super) async fn pause(
    State(app): State<App>,
    admin: Admin<ManageJobs>,
    Path(queue): Path<String>,
) -> ApiResult<Json<QueueView>> {
    set(&app, &admin, &queue, true).await
}

/// Lets a paused queue go on.
#[utoipa::path(post, path = "/api/admin/queues/{queue}/resume", tag = "admin queues",
    params(("queue" = String, Path)),
    responses(
        (status = OK, body = QueueView),
        (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody),
    ))]
pub(super) async fn resume(
    State(app): State<App>,
    admin: Admin<ManageJobs>,
    Path(queue): Path<String>,
) -> ApiResult<Json<QueueView>> {
    set(&app, &admin, &queue, false).await
}

async fn set(app: &App, admin: &Admin<ManageJobs>, name: &str, paused: bool) -> ApiResult<Json<QueueView>> {
    let queue = Queue::parse(name).ok_or(ApiError::NotFound("queue"))?;
    let mut change = admin.begin(app).await?;
    let action = if paused {
        control::pause(&mut change, queue).await?;
        "pause_queue"
    } else {
        control::resume(&mut change, queue).await?;
        "resume_queue"
    };
    let target = Target { kind: "queue", id: Some(queue.as_str()) };
    change.commit(action, target, &json!({ "paused": paused })).await?;
    let view = look(app).await?.into_iter().find(|view| view.name == queue.as_str());
    view.map(Json).ok_or(ApiError::NotFound("queue"))
}
