//! Tries a key without keeping it.

use axum::{Json, extract::State};
use domain::{
    ids::KeyId,
    keys::{KeyStatus, Secret, store},
};
use tracing::Instrument as _;

use super::{
    new_key::NewKeyBody,
    probe::{self, Tried},
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
    _admin: Admin<CheckKeys>,
    Valid(body): Valid<NewKeyBody>,
) -> ApiResult<Json<Tried>> {
    let secret = body.secret()?;
    // A task of its own: it goes on to forget the key even if the admin goes away meanwhile.
    let task = tokio::spawn(try_and_forget(app, body, secret).in_current_span());
    let tried = task.await.map_err(|error| ApiError::Internal(error.into()))??;
    Ok(Json(tried))
}

async fn try_and_forget(app: App, body: NewKeyBody, secret: Secret) -> ApiResult<Tried> {
    let id = KeyId::generate();
    let mut tx = app.db.pool().begin().await?;
    body.insert(&app, &mut tx, (id, &secret), KeyStatus::Pending, true).await?;
    let job = probe::enqueue(&mut tx, id, false).await?;
    tx.commit().await?;
    let tried = probe::outcome(&app, job).await;
    let mut conn = app.db.pool().acquire().await?;
    store::delete(&mut conn, id).await?;
    tried
}
