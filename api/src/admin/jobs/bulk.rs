//! Has jobs done again, or cancels them: by selection or by filter.

use axum::{Json, extract::State};
use domain::{audit::Target, ids::JobId};
use garde::Validate;
use jobs::queue::{
    browse,
    control::{self, Cancel, Retry},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::list::JobsQuery;
use crate::{
    App,
    audited::Change,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Valid,
    permissions::ManageJobs,
};

/// The most jobs of one request.
const MOST: i64 = 1_000;

/// Which jobs: ids, or a filter as in the list.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Selection {
    /// These jobs.
    #[garde(inner(length(min = 1, max = 1000)))]
    ids: Option<Vec<JobId>>,
    /// All jobs that fit, at most a thousand at a time.
    #[garde(skip)]
    #[schema(value_type = Option<Object>)]
    filter: Option<JobsQuery>,
    /// With a filter: how many jobs it is to concern. Without it, the answer says how many there are.
    #[garde(skip)]
    confirm: Option<usize>,
}

/// What became of a bulk action.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BulkResult {
    /// Jobs that were looked at.
    matched: usize,
    /// Jobs that it was done to.
    done: usize,
    /// Those left as they were, and why.
    skipped: Vec<Skipped>,
}

/// A job that was left as it was.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Skipped {
    id: JobId,
    reason: &'static str,
}

/// Has failed or cancelled jobs done again, each by a new job. Students are not charged for it.
#[utoipa::path(post, path = "/api/admin/jobs/retry", tag = "admin jobs", request_body = Selection,
    responses(
        (status = OK, body = BulkResult),
        (status = FORBIDDEN, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "Also where `confirm` is not the number of jobs"),
        (status = TOO_MANY_REQUESTS, body = ErrorBody, description = "Too much at once that is hard to undo"),
    ))]
pub(super) async fn retry(
    State(app): State<App>,
    admin: Admin<ManageJobs>,
    Valid(body): Valid<Selection>,
) -> ApiResult<Json<BulkResult>> {
    let jobs = body.jobs(&app).await?;
    let mut change = admin.begin(&app).await?;
    change.limited(&app).await?;
    let mut result = BulkResult { matched: jobs.len(), done: 0, skipped: Vec::new() };
    for id in jobs {
        match control::retry(&app.db, id).await? {
            Retry::As(_) => result.done += 1,
            Retry::Nothing => result.skip(id, "it did not fail, or was done again already"),
            Retry::Impossible => result.skip(id, "what it worked on is gone, or goes on elsewhere"),
        }
    }
    result.note(change, "retry_jobs").await
}

/// Cancels jobs, wherever they are.
#[utoipa::path(post, path = "/api/admin/jobs/cancel", tag = "admin jobs", request_body = Selection,
    responses(
        (status = OK, body = BulkResult),
        (status = FORBIDDEN, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "Also where `confirm` is not the number of jobs"),
        (status = TOO_MANY_REQUESTS, body = ErrorBody, description = "Too much at once that is hard to undo"),
    ))]
pub(super) async fn cancel(
    State(app): State<App>,
    admin: Admin<ManageJobs>,
    Valid(body): Valid<Selection>,
) -> ApiResult<Json<BulkResult>> {
    let jobs = body.jobs(&app).await?;
    let mut change = admin.begin(&app).await?;
    change.limited(&app).await?;
    let mut result = BulkResult { matched: jobs.len(), done: 0, skipped: Vec::new() };
    for id in jobs {
        match control::cancel(&app.db, &app.bus, id).await? {
            Cancel::Done | Cancel::Requested => result.done += 1,
            Cancel::TooLate => result.skip(id, "it had ended"),
        }
    }
    result.note(change, "cancel_jobs").await
}

impl Selection {
    async fn jobs(self, app: &App) -> ApiResult<Vec<JobId>> {
        match (self.ids, self.filter) {
            (Some(ids), None) => Ok(ids),
            (None, Some(filter)) => {
                let found = browse::list(app.db.pool(), &filter.filter()?, None, MOST).await?;
                let ids: Vec<_> = found.rows.iter().map(|row| row.id).collect();
                if self.confirm == Some(ids.len()) {
                    Ok(ids)
                } else {
                    Err(ApiError::field("confirm", format!("must be {}: so many jobs fit", ids.len())))
                }
            }
            _ => Err(ApiError::field("ids", "give either ids or a filter")),
        }
    }
}

impl BulkResult {
    fn skip(&mut self, id: JobId, reason: &'static str) {
        self.skipped.push(Skipped { id, reason });
    }

    async fn note(self, change: Change<'_>, action: &'static str) -> ApiResult<Json<Self>> {
        let what = json!({ "matched": self.matched, "done": self.done });
        change.commit(action, Target { kind: "job", id: None }, &what).await?;
        Ok(Json(self))
    }
}
