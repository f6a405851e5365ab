//! `/api/jobs`: how a job goes, its events, and stopping it.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use chrono::{DateTime, Utc};
use domain::ids::JobId;
use jobs::{
    bus::EventKind,
    catalogue::kinds,
    queue::{
        control::{self, Cancel},
        record::{self, JobState, Record},
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult},
    extract::{Path, Query},
    sse,
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show, cancel)).routes(routes!(events))
}

/// A job as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobView {
    id: JobId,
    /// What it does, such as `answer_message`.
    name: String,
    queue: String,
    state: JobState,
    /// How far a long job is.
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<Value>,
    /// Starts that count.
    attempt: i16,
    /// Why there is no result.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Value>,
    /// When a job that waits will run.
    #[serde(skip_serializing_if = "Option::is_none")]
    run_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_at: Option<DateTime<Utc>>,
}

impl From<Record> for JobView {
    fn from(record: Record) -> Self {
        let ending = record.ending().filter(|ending| ending.kind == EventKind::Error);
        Self {
            id: record.id,
            state: record.state,
            attempt: record.attempt,
            error: ending.map(|ending| ending.data),
            progress: record.progress,
            run_at: (record.state == JobState::Scheduled).then_some(record.run_at),
            created_at: record.created_at,
            started_at: record.started_at,
            finished_at: record.finished_at,
            name: record.name,
            queue: record.queue,
        }
    }
}

async fn find(app: &App, student: &SignedInUser, id: JobId) -> ApiResult<Record> {
    let mut tx = app.db.begin_as(student.id).await?;
    let record = record::find(&mut tx, id).await?.ok_or(ApiError::NotFound("job"))?;
    tx.commit().await?;
    Ok(record)
}

/// How a job goes.
#[utoipa::path(get, path = "/api/jobs/{id}", tag = "jobs", params(("id" = JobId, Path)),
    responses((status = OK, body = JobView), (status = NOT_FOUND, body = crate::error::ErrorBody)))]
async fn show(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<JobId>,
) -> ApiResult<Json<JobView>> {
    Ok(Json(find(&app, &student, id).await?.into()))
}

/// Stops a job. One that waits ends at once; one that runs stores what it has, and then ends.
#[utoipa::path(delete, path = "/api/jobs/{id}", tag = "jobs", params(("id" = JobId, Path)),
    responses((status = ACCEPTED, body = JobView), (status = NOT_FOUND, body = crate::error::ErrorBody),
        (status = CONFLICT, body = crate::error::ErrorBody)))]
async fn cancel(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<JobId>,
) -> ApiResult<(StatusCode, Json<JobView>)> {
    let before = find(&app, &student, id).await?;
    if control::cancel(&app.db, &app.bus, kinds(), id).await? == Cancel::TooLate
        && before.state != JobState::Cancelled
    {
        return Err(ApiError::Conflict("This job has already ended."));
    }
    Ok((StatusCode::ACCEPTED, Json(find(&app, &student, id).await?.into())))
}

/// Where a stream resumes.
#[derive(Debug, Deserialize, IntoParams)]
struct Resume {
    /// The id of the last event that was seen, like `Last-Event-ID`.
    after: Option<String>,
}

/// The events of a job, as server-sent events. Resumes after `Last-Event-ID`.
#[utoipa::path(get, path = "/api/jobs/{id}/events", tag = "jobs", params(("id" = JobId, Path), Resume),
    responses((status = OK, content_type = "text/event-stream", description = "the events"),
        (status = NO_CONTENT, description = "all events were seen"),
        (status = BAD_REQUEST, body = crate::error::ErrorBody), (status = NOT_FOUND, body = crate::error::ErrorBody),
        (status = TOO_MANY_REQUESTS, body = crate::error::ErrorBody, description = "Too many streams are open")))]
async fn events(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<JobId>,
    Query(resume): Query<Resume>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let seen = sse::last_seen(&headers, resume.after.as_deref())?;
    let place = app.streams.take(student.id)?;
    sse::stream(app, &student, id, seen, place).await
}
