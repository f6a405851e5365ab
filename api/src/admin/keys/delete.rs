//! Takes a key out of the pool.

use axum::{extract::State, http::StatusCode};
use domain::{ids::KeyId, keys::store};

use crate::{
    App,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Path,
    permissions::ManageKeys,
};

/// Deletes a key. A call that is under way with it goes on.
#[utoipa::path(delete, path = "/api/admin/keys/{id}", tag = "admin keys", params(("id" = KeyId, Path)),
    responses(
        (status = NO_CONTENT, description = "It is gone"),
        (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody),
    ))]
pub(super) async fn delete(
    State(app): State<App>,
    _admin: Admin<ManageKeys>,
    Path(id): Path<KeyId>,
) -> ApiResult<StatusCode> {
    let mut conn = app.db.pool().acquire().await?;
    if store::delete(&mut conn, id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::NotFound("key"))
    }
}
