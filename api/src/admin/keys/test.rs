//! Tries a key without keeping it.

use axum::{Json, extract::State};
use domain::{
    ids::KeyId,
    keys::{KeyStatus, Secret, store},
};
use serde_json::json;
use tracing::Instrument as _;

use super::{
    new_key::NewKeyBody,
    probe::{self, Tried},
    target,
};
use crate::{
    App,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Valid,
    permissions::CheckKeys,
};

/// Tries a key with a call, and forgets it.
#[utoipa::path(post, path = "/api/admin/keys/test", tag = "admin keys", request_body = NewKeyBody,
    responses(
        (status = OK, body = Tried),
        (status = FORBIDDEN, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
    ))]
pub(super) async fn test(
    State(app): State<App>,
    admin: Admin<CheckKeys>,
    Valid(body): Valid<NewKeyBody>,
) -> ApiResult<Json<Tried>> {
    let secret = body.secret()?;
    // A task of its own: it goes on to forget the key even if the admin goes away meanwhile.
    let task = tokio::spawn(try_and_forget(app, admin, body, secret).in_current_span());
    let tried = task.await.map_err(|error| ApiError::Internal(error.into()))??;
    Ok(Json(tried))
}

async fn try_and_forget(
    app: App,
    admin: Admin<CheckKeys>,
    body: NewKeyBody,
    secret: Secret,
) -> ApiResult<Tried> {
    let id = KeyId::generate();
    let mut change = admin.begin(&app).await?;
    body.insert(&app, &mut change, (id, &secret), KeyStatus::Pending, true).await?;
    let job = probe::enqueue(&mut change, id, false).await?;
    change.commit("test_api_key", target(&id.to_string()), &json!({ "tried": body.trace(&secret) })).await?;
    let tried = probe::outcome(&app, job).await;
    let mut conn = app.db.pool().acquire().await?;
    store::delete(&mut conn, id).await?;
    tried
}
