//! Lists the queues.

use axum::{Json, extract::State};

use super::view::{QueueView, look};
use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    page::Page,
    permissions::ViewJobs,
};

/// How each queue is: what waits, what runs, how long it waits, and how much comes through. Figures come
/// from counts by the minute, never from the jobs.
#[utoipa::path(get, path = "/api/admin/queues", tag = "admin queues",
    responses((status = OK, body = Page<QueueView>), (status = FORBIDDEN, body = ErrorBody)))]
pub(super) async fn list(
    State(app): State<App>,
    _admin: Admin<ViewJobs>,
) -> ApiResult<Json<Page<QueueView>>> {
    Ok(Json(Page::whole(look(&app).await?)))
}
