//! Tries a key of the pool.

use axum::{Json, extract::State};
use domain::{ids::KeyId, keys::endpoints};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    probe, require, show, target, test,
    view::{KeyView, masked},
};
use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    extract::Path,
    permissions::CheckKeys,
};

/// A key after it was tried; `reason` says why it does not work.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CheckedKey {
    #[serde(flatten)]
    key: KeyView,
    /// Whether it works.
    ok: bool,
    /// What kind of failure it was; `not_tried` where no worker had the time.
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<String>,
    /// What came of trying it, where it does not work.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// Tries a key as a question would; its health follows from the result. What its endpoint had shown is forgotten, and
/// learnt anew. A disabled key stays disabled.
#[utoipa::path(post, path = "/api/admin/keys/{id}/check", tag = "admin keys", params(("id" = KeyId, Path)),
    responses(
        (status = OK, body = CheckedKey),
        (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody),
    ))]
pub(super) async fn check(
    State(app): State<App>,
    admin: Admin<CheckKeys>,
    Path(id): Path<KeyId>,
) -> ApiResult<Json<CheckedKey>> {
    test::may_test(&app, &admin)?;
    let mut change = admin.begin(&app).await?;
    let key = require(&mut change, id).await?;
    endpoints::forget(&mut change, &app.settings.defaults.endpoint_of(&key)).await?;
    let job = probe::enqueue(&mut change, id, true).await?;
    let details =
        json!({ "provider": key.provider, "key": masked(&key.last_four), "status_before": key.status });
    change.commit("check_api_key", target(&id.to_string()), &details).await?;
    let tried = probe::outcome(&app, job).await?;
    let key = show(&app, id).await?;
    let (ok, class) = (tried.ok, tried.class.clone());
    let problem = (!ok).then(|| tried.problem());
    Ok(Json(CheckedKey { key, ok, class, problem }))
}
