//! Takes a key back.

use axum::{extract::State, http::StatusCode};
use domain::{
    audit::{self, Action},
    ids::KeyId,
    keys::own,
};
use serde_json::json;

use super::{require, target, trace};
use crate::{
    App,
    caller::{Client, SignedInUser},
    error::{ApiResult, ErrorBody},
    extract::Path,
};

/// Deletes one of your own keys. A call that is under way with it goes on.
#[utoipa::path(delete, path = "/api/profile/keys/{id}", tag = "profile", params(("id" = KeyId, Path)),
    responses((status = NO_CONTENT, description = "It is gone"), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    caller: SignedInUser,
    client: Client,
    Path(id): Path<KeyId>,
) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin_as(caller.id).await?;
    let key = require(&mut tx, &caller, id).await?;
    own::delete(&mut tx, caller.id, id).await?;
    let (actor, details) = (client.acting_for(&caller), json!({ "before": trace(&key) }));
    audit::record(&mut tx, &actor, Action("delete_own_key"), target(&id.to_string()), &details).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
