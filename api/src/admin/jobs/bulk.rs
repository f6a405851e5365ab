//! Has jobs done again, or cancels them: by selection or by filter.

use axum::{Json, extract::State};
use domain::{audit::Target, ids::JobId};
use garde::Validate;
use jobs::{
    catalogue::kinds,
    queue::{
        browse,
        control::{self, Cancel, Endings, Retry},
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::list::JobsQuery;
use crate::{
    App,
    audited::Change,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Query, Valid},
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
    #[serde(default, deserialize_with = "JobsQuery::exactly")]
    filter: Option<JobsQuery>,
    /// With a filter: how many jobs it is to concern, as `GET /api/admin/jobs/count` says.
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

/// How many jobs a filter selects for a bulk action.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SelectionSize {
    /// So many, and a thousand at the most: what `confirm` is to be.
    count: usize,
}

/// Counts the jobs that a filter would select for a bulk action, and changes nothing.
#[utoipa::path(get, path = "/api/admin/jobs/count", tag = "admin jobs", params(JobsQuery),
    responses(
        (status = OK, body = SelectionSize),
        (status = FORBIDDEN, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
    ))]
pub(super) async fn count(
    State(app): State<App>,
    _admin: Admin<ManageJobs>,
    Query(filter): Query<JobsQuery>,
) -> ApiResult<Json<SelectionSize>> {
    Ok(Json(SelectionSize { count: fitting(&app, filter).await?.len() }))
}

/// The jobs that fit a filter, at most a thousand.
async fn fitting(app: &App, filter: JobsQuery) -> ApiResult<Vec<JobId>> {
    let found = browse::list(app.db.pool(), &filter.filter()?, None, MOST).await?;
    Ok(found.rows.iter().map(|row| row.id).collect())
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
    let mut bulk = Bulk::begin(&app, &admin, body, "retry_jobs").await?;
    for id in std::mem::take(&mut bulk.jobs) {
        let mut change = admin.begin(&app).await?;
        match control::retry_within(&mut change, kinds(), id).await? {
            Retry::As(new) => bulk.commit(change, id, json!({ "retried_as": new })).await?,
            Retry::Nothing => bulk.skip(id, "it did not fail, or was done again already"),
            Retry::Impossible => bulk.skip(id, "what it worked on is gone, or goes on elsewhere"),
        }
    }
    bulk.end(&app, &admin).await
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
    let mut bulk = Bulk::begin(&app, &admin, body, "cancel_jobs").await?;
    for id in std::mem::take(&mut bulk.jobs) {
        let (mut change, mut endings) = (admin.begin(&app).await?, Endings::default());
        match control::cancel_within(&mut change, kinds(), id, &mut endings).await? {
            Cancel::Done => bulk.commit(change, id, json!({ "was": "waiting" })).await?,
            Cancel::Requested => bulk.commit(change, id, json!({ "was": "running" })).await?,
            Cancel::TooLate => bulk.skip(id, "it had ended"),
        }
        endings.publish(&app.bus).await;
    }
    bulk.end(&app, &admin).await
}

impl Selection {
    async fn jobs(self, app: &App) -> ApiResult<Vec<JobId>> {
        match (self.ids, self.filter) {
            (Some(ids), None) => Ok(ids),
            (None, Some(filter)) => {
                let ids = fitting(app, filter).await?;
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

/// A bulk action under way. Each job is changed in a transaction of its own that commits with its entry in the audit log:
/// wherever it is cut short, the log says what was done. One transaction over all would hold their accounts locked, in an
/// order of which others know nothing.
struct Bulk {
    action: &'static str,
    jobs: Vec<JobId>,
    result: BulkResult,
}

impl Bulk {
    async fn begin(
        app: &App,
        admin: &Admin<ManageJobs>,
        body: Selection,
        action: &'static str,
    ) -> ApiResult<Self> {
        let jobs = body.jobs(app).await?;
        let mut change = admin.begin(app).await?;
        change.limited(app).await?;
        change.commit_without_entry().await?;
        let result = BulkResult { matched: jobs.len(), done: 0, skipped: Vec::new() };
        Ok(Self { action, jobs, result })
    }

    fn skip(&mut self, id: JobId, reason: &'static str) {
        self.result.skipped.push(Skipped { id, reason });
    }

    /// Commits what was done to a job.
    async fn commit(&mut self, change: Change<'_>, id: JobId, mut details: Value) -> ApiResult<()> {
        if let Some(details) = details.as_object_mut() {
            details.insert("of".to_owned(), json!(self.result.matched));
        }
        change.commit(self.action, Target { kind: "job", id: Some(&id.to_string()) }, &details).await?;
        self.result.done += 1;
        Ok(())
    }

    /// One that did nothing leaves an entry, too: somebody tried.
    async fn end(self, app: &App, admin: &Admin<ManageJobs>) -> ApiResult<Json<BulkResult>> {
        if self.result.done == 0 {
            let what = json!({ "matched": self.result.matched, "done": 0 });
            admin.begin(app).await?.commit(self.action, Target { kind: "job", id: None }, &what).await?;
        }
        Ok(Json(self.result))
    }
}
