//! Lets one worker take no new jobs, and lets it go on.

use axum::{Json, extract::State};
use domain::audit::Target;
use jobs::processes;
use serde_json::json;

use super::view::ProcessView;
use crate::{
    App,
    auth::fields,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Path,
    permissions::ManageJobs,
};

/// Drains a worker: it takes no new jobs, of any queue, from the next one on. What it runs goes on to its end, and other
/// workers take the rest. It stays so until it is let go on, or ends.
#[utoipa::path(post, path = "/api/admin/workers/{id}/drain", tag = "admin workers",
    params(("id" = String, Path, description = "Its name, as the list has it")),
    responses(
        (status = OK, body = ProcessView),
        (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody, description = "There is no such worker, or it is gone"),
    ))]
pub(super) async fn drain(
    State(app): State<App>,
    admin: Admin<ManageJobs>,
    Path(name): Path<String>,
) -> ApiResult<Json<ProcessView>> {
    set(&app, &admin, &name, true).await
}

/// Lets a drained worker take jobs again, at once.
#[utoipa::path(post, path = "/api/admin/workers/{id}/resume", tag = "admin workers",
    params(("id" = String, Path, description = "Its name, as the list has it")),
    responses(
        (status = OK, body = ProcessView),
        (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody, description = "There is no such worker, or it is gone"),
    ))]
pub(super) async fn resume(
    State(app): State<App>,
    admin: Admin<ManageJobs>,
    Path(name): Path<String>,
) -> ApiResult<Json<ProcessView>> {
    set(&app, &admin, &name, false).await
}

async fn set(
    app: &App,
    admin: &Admin<ManageJobs>,
    name: &str,
    draining: bool,
) -> ApiResult<Json<ProcessView>> {
    const NO_WORKER: ApiError = ApiError::NotFound("worker");
    // The database has no text with a NUL.
    fields::plain(name, &()).map_err(|_odd| NO_WORKER)?;
    let mut change = admin.begin(app).await?;
    let (found, action) = if draining {
        (processes::drain(&mut change, name).await?, "drain_worker")
    } else {
        (processes::resume(&mut change, name).await?, "resume_worker")
    };
    if !found {
        return Err(NO_WORKER);
    }
    let target = Target { kind: "worker", id: Some(name) };
    change.commit(action, target, &json!({ "draining": draining })).await?;
    let process = processes::list(app.db.pool()).await?.into_iter().find(|process| process.name == name);
    process.map(|process| Json(process.into())).ok_or(NO_WORKER)
}
