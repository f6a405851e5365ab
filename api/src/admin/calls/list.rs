//! Lists the calls of a request.

use axum::{Json, extract::State};
use domain::keys::calls;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::CallView;
use crate::{
    App,
    auth::fields,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Query,
    page::Page,
    permissions::ViewJobs,
};

/// Whose calls.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CallsQuery {
    /// The id of a request, as answers and errors carry it.
    #[param(min_length = 1, max_length = 64)]
    request: String,
}

/// Lists the calls of providers that a request came to, the first first: which key was tried, how it came out, how long
/// it took, and what it used; never what was said.
#[utoipa::path(get, path = "/api/admin/calls", tag = "admin jobs", params(CallsQuery),
    responses((status = OK, body = Page<CallView>), (status = FORBIDDEN, body = ErrorBody)))]
pub(super) async fn list(
    State(app): State<App>,
    _admin: Admin<ViewJobs>,
    Query(query): Query<CallsQuery>,
) -> ApiResult<Json<Page<CallView>>> {
    let request = query.request.trim();
    if !(1..=64).contains(&request.chars().count()) || fields::plain(request, &()).is_err() {
        return Err(ApiError::field("request", "must have 1 to 64 characters"));
    }
    let mut tx = app.db.begin_platform().await?;
    let calls = calls::list(&mut tx, None, Some(request)).await?;
    Ok(Json(Page::whole(calls.into_iter().map(CallView::from).collect())))
}
