//! Says whether shared keys may help out.

use axum::{Json, extract::State};
use domain::{
    audit::{self, Action},
    ids::KeyId,
    keys::own,
};
use garde::Validate;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{OwnKeyView, require, target, trace};
use crate::{
    App,
    caller::{Client, SignedInUser},
    error::{ApiResult, ErrorBody},
    extract::{Path, Valid},
};

/// What to change; what is left out stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnKeyChange {
    /// Whether questions shall end with an error rather than be answered by a shared key.
    #[garde(skip)]
    never_fall_back: Option<bool>,
}

/// Changes one of your own keys. With `never_fall_back` on any of them, no shared key ever serves you.
#[utoipa::path(patch, path = "/api/profile/keys/{id}", tag = "profile", params(("id" = KeyId, Path)),
    request_body = OwnKeyChange,
    responses(
        (status = OK, body = OwnKeyView),
        (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
    ))]
pub(super) async fn update(
    State(app): State<App>,
    caller: SignedInUser,
    client: Client,
    Path(id): Path<KeyId>,
    Valid(body): Valid<OwnKeyChange>,
) -> ApiResult<Json<OwnKeyView>> {
    let mut tx = app.db.begin_as(caller.id).await?;
    let before = require(&mut tx, &caller, id).await?;
    if let Some(never) = body.never_fall_back {
        own::set_never_fall_back(&mut tx, caller.id, id, never).await?;
    }
    let after = require(&mut tx, &caller, id).await?;
    let details = json!({ "before": trace(&before), "after": trace(&after) });
    let actor = client.acting_for(&caller);
    audit::record(&mut tx, &actor, Action("update_own_key"), target(&id.to_string()), &details).await?;
    tx.commit().await?;
    Ok(Json(OwnKeyView::new(after, app.clock.now())))
}
