//! Deletes a filter.

use axum::{extract::State, http::StatusCode};
use domain::{audit::Target, ids::FilterId, users::filters};
use serde_json::json;

use crate::{
    App,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Path,
    permissions::KeepFilters,
};

/// Deletes a filter of the caller's.
#[utoipa::path(delete, path = "/api/admin/filters/{id}", tag = "admin filters", params(("id" = FilterId, Path)),
    responses(
        (status = NO_CONTENT, description = "It is gone"),
        (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody),
    ))]
pub(super) async fn delete(
    State(app): State<App>,
    admin: Admin<KeepFilters>,
    Path(id): Path<FilterId>,
) -> ApiResult<StatusCode> {
    let mut change = admin.begin(&app).await?;
    let gone = filters::delete(&mut change, admin.caller.id, id).await?;
    let (page, name) = gone.ok_or(ApiError::NotFound("filter"))?;
    let id = id.to_string();
    let target = Target { kind: "saved_filter", id: Some(&id) };
    change.commit("delete_filter", target, &json!({ "page": page, "name": name })).await?;
    Ok(StatusCode::NO_CONTENT)
}
