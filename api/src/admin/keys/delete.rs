//! Takes a key out of the pool.

use axum::{extract::State, http::StatusCode};
use domain::{ids::KeyId, keys::store};
use serde_json::json;

use super::{announce, require, target, trace, view::masked};
use crate::{
    App,
    admin::confirm::Confirmation,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    extract::Path,
    permissions::ManageKeys,
};

/// Deletes a key, once its last four characters are typed as `confirm`: in the query, or as the one
/// field of a JSON body. A key without a value is confirmed by `none`. A call that is under way with it
/// goes on.
#[utoipa::path(delete, path = "/api/admin/keys/{id}", tag = "admin keys",
    params(("id" = KeyId, Path), ("confirm" = Option<String>, Query, description = "The key's last four characters")),
    responses(
        (status = NO_CONTENT, description = "It is gone"),
        (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "The confirmation is missing, or another key's"),
        (status = TOO_MANY_REQUESTS, body = ErrorBody, description = "Too much at once that is hard to undo"),
    ))]
pub(super) async fn delete(
    State(app): State<App>,
    admin: Admin<ManageKeys>,
    Path(id): Path<KeyId>,
    confirmation: Confirmation,
) -> ApiResult<StatusCode> {
    let mut change = admin.begin(&app).await?;
    let key = require(&mut change, id).await?;
    confirmation.require(&masked(&key.last_four), "the key's last four characters, as they are shown")?;
    change.limited(&app).await?;
    store::delete(&mut change, id).await?;
    announce::deleted(&mut change, &key, &admin.caller).await?;
    change.commit("delete_api_key", target(&id.to_string()), &json!({ "before": trace(&key) })).await?;
    Ok(StatusCode::NO_CONTENT)
}
