//! Lists the processes.

use axum::{Json, extract::State};
use jobs::processes;

use super::view::ProcessView;
use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    page::Page,
    permissions::ViewJobs,
};

/// Which processes there are: what each does, since when, and what it runs now. One that gave no sign of life lately is
/// lost, and is shown for an hour; one that was stopped is gone.
#[utoipa::path(get, path = "/api/admin/workers", tag = "admin workers",
    responses((status = OK, body = Page<ProcessView>), (status = FORBIDDEN, body = ErrorBody)))]
pub(super) async fn list(
    State(app): State<App>,
    _admin: Admin<ViewJobs>,
) -> ApiResult<Json<Page<ProcessView>>> {
    let found = processes::list(app.db.pool()).await?;
    Ok(Json(Page::whole(found.into_iter().map(ProcessView::from).collect())))
}
