//! Tries a key without keeping it.

use axum::{Json, extract::State};
use domain::{
    ids::KeyId,
    keys::{KeyStatus, Secret, store},
    users::Role,
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
    permissions::{CheckKeys, ManageKeys, Permission as _},
};

/// Tries a key with a call, and forgets it.
#[utoipa::path(post, path = "/api/admin/keys/test", tag = "admin keys", request_body = NewKeyBody,
    responses(
        (status = OK, body = Tried),
        (status = FORBIDDEN, body = ErrorBody, description = "Not your role's; or not with a `base_url`"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
    ))]
pub(super) async fn test(
    State(app): State<App>,
    admin: Admin<CheckKeys>,
    Valid(body): Valid<NewKeyBody>,
) -> ApiResult<Json<Tried>> {
    require_may_try(&app, &admin, &body).await?;
    let secret = body.secret()?;
    // A task of its own: it goes on to forget the key even if the admin goes away meanwhile.
    let task = tokio::spawn(try_and_forget(app, admin, body, secret).in_current_span());
    let tried = task.await.map_err(|error| ApiError::Internal(error.into()))??;
    Ok(Json(tried))
}

/// Who may not add keys may not have any address called either: how a call of a port fails tells whether it is open.
async fn require_may_try(app: &App, admin: &Admin<CheckKeys>, body: &NewKeyBody) -> ApiResult<()> {
    let manages = admin.caller.role.is_some_and(|role| ManageKeys::ROLES.contains(&role));
    if body.names_an_address() && !manages {
        const WHY: &str = "Only who may add keys may say where a provider is.";
        return Err(admin.refused(app, "test a key at an address", WHY).await);
    }
    may_test(app, admin)
}

/// Each try is a call from our network: so many a minute, unless for a super admin.
pub(crate) fn may_test(app: &App, admin: &Admin<CheckKeys>) -> ApiResult<()> {
    match admin.caller.role {
        Some(Role::SuperAdmin) => Ok(()),
        _ => app.paces.key_tests.require(admin.caller.id, app.clock.now()),
    }
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
