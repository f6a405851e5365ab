//! Takes a key out of the pool.

use axum::{extract::State, http::StatusCode};
use domain::{
    audit::{self, Action, Target},
    ids::KeyId,
    keys::store,
};
use serde_json::json;

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
    admin: Admin<ManageKeys>,
    Path(id): Path<KeyId>,
) -> ApiResult<StatusCode> {
    let mut tx = app.db.pool().begin().await?;
    let Some(key) = store::find_shared(&mut tx, id).await? else {
        return Err(ApiError::NotFound("key"));
    };
    store::delete(&mut tx, id).await?;
    let target = Target { kind: "api_key", id: Some(&id.to_string()) };
    let before = json!({ "provider": key.provider, "feature": key.feature, "priority": key.priority });
    audit::record(&mut tx, &admin.actor, Action("delete_api_key"), target, &json!({ "before": before }))
        .await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
