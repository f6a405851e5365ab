//! Adds a key to the pool.

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    ids::KeyId,
    keys::{KeyStatus, store},
};
use jobs::queue::Enqueued;

use serde_json::json;

use super::{
    announce, new_key::NewKeyBody, probe, require, show, suggestion::Suggestion, target, trace, view::KeyView,
};
use crate::{
    App,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Valid,
    permissions::ManageKeys,
};

/// Adds a key, once a call has shown that it works. Until then it is stored encrypted, and unused.
#[utoipa::path(post, path = "/api/admin/keys", tag = "admin keys", request_body = NewKeyBody,
    responses(
        (status = CREATED, body = KeyView),
        (status = FORBIDDEN, body = ErrorBody),
        (status = CONFLICT, body = ErrorBody, description = "It is in the pool for this feature already"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "A field does not fit, or the key does not work"),
    ))]
pub(super) async fn add(
    State(app): State<App>,
    admin: Admin<ManageKeys>,
    Valid(body): Valid<NewKeyBody>,
) -> ApiResult<(StatusCode, Json<KeyView>)> {
    let (id, secret) = (KeyId::generate(), body.secret()?);
    // As it is before the key may have changed it.
    let suggestion = Suggestion::to_leave(&app.platform_status.current(), body.feature());
    let status = if body.skip_test { KeyStatus::Active } else { KeyStatus::Pending };
    let mut change = admin.begin(&app).await?;
    body.insert(&app, &mut change, (id, &secret), status, false).await?;
    if !body.skip_test {
        // It is in the pool only once it was tried: a key that does not work leaves no entry.
        let job = probe::enqueue(&mut change, id, true).await?;
        change.commit_without_entry().await?;
        tried(&app, id, job).await?;
        change = admin.begin(&app).await?;
    }
    let key = require(&mut change, id).await?;
    announce::added(&mut change, &key, &admin.caller).await?;
    let details = json!({ "after": trace(&key), "tested": !body.skip_test });
    change.commit("add_api_key", target(&id.to_string()), &details).await?;
    let view = show(&app, id).await?;
    Ok((StatusCode::CREATED, Json(view.suggesting(suggestion))))
}

/// Waits until the key was tried; one that does not work is deleted.
async fn tried(app: &App, id: KeyId, job: Enqueued) -> ApiResult<()> {
    let tried = probe::outcome(app, job).await?;
    if tried.ok {
        return Ok(());
    }
    let mut conn = app.db.pool().acquire().await?;
    store::delete_pending(&mut conn, id).await?;
    // A worker that came too late for us may have found it good.
    if !tried.was_tried() && store::find_shared(&mut conn, id).await?.is_some() {
        return Ok(());
    }
    Err(ApiError::field("key", tried.problem()))
}
