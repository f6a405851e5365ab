//! Shows one job.

use axum::{Json, extract::State};
use domain::{audit::Target, ids::JobId, keys::calls, quota::store::charge_of};
use jobs::queue::browse;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use super::{
    events,
    view::{Beside, JobDetails},
};
use crate::{
    App,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Query},
    permissions::ViewJobs,
};

/// How much is shown.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ShowQuery {
    /// Whether the arguments are shown, too; that is written to the audit log.
    #[serde(default)]
    arguments: bool,
}

/// A job with its earlier starts and what it told its readers, and with its arguments where they are asked for.
#[utoipa::path(get, path = "/api/admin/jobs/{id}", tag = "admin jobs", params(("id" = JobId, Path), ShowQuery),
    responses(
        (status = OK, body = JobDetails),
        (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody),
    ))]
pub(super) async fn show(
    State(app): State<App>,
    admin: Admin<ViewJobs>,
    Path(id): Path<JobId>,
    Query(query): Query<ShowQuery>,
) -> ApiResult<Json<JobDetails>> {
    let details = browse::find(app.db.pool(), id).await?.ok_or(ApiError::NotFound("job"))?;
    if query.arguments {
        let target = Target { kind: "job", id: Some(&id.to_string()) };
        let what = json!({ "name": details.row.name, "user": details.row.tenant });
        admin.begin(&app).await?.commit("view_job_arguments", target, &what).await?;
    }
    let ending = details.row.ending.clone().and_then(|ending| serde_json::from_value(ending).ok());
    let events = events::shown(&*app.bus, id, ending.as_ref()).await;
    let mut tx = app.db.begin_platform().await?;
    let calls = calls::list(&mut tx, Some(id), None).await?.into_iter().map(Into::into).collect();
    let charge = charge_of(&mut tx, id).await?.map(Into::into);
    drop(tx);
    let beside = Beside { events, calls, charge };
    Ok(Json(JobDetails::new(details, beside, query.arguments)))
}
