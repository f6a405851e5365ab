//! Lets an account in again.

use axum::{Json, extract::State};
use domain::{
    ids::UserId,
    users::{store, tries},
};

use serde_json::json;

use super::{require, require_within_reach, target, view::UserView};
use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    extract::Path,
    permissions::ManageUsers,
};

/// Enables an account, and forgets its failed tries to sign in.
#[utoipa::path(post, path = "/api/admin/users/{id}/enable", tag = "admin users", params(("id" = UserId, Path)),
    responses(
        (status = OK, body = UserView),
        (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody),
    ))]
pub(super) async fn enable(
    State(app): State<App>,
    admin: Admin<ManageUsers>,
    Path(id): Path<UserId>,
) -> ApiResult<Json<UserView>> {
    let mut change = admin.begin(&app).await?;
    let before = require_within_reach(&app, &mut change, &admin, id).await?;
    store::set_disabled(&mut change, id, None).await?;
    tries::forget(&mut change, id).await?;
    let listed = require(&app, &mut change, id).await?;
    let details = json!({
        "email": before.user.email,
        "before": { "disabled_at": before.user.disabled_at, "locked_until": before.locked_until },
        "after": { "disabled_at": null, "locked_until": null },
    });
    change.commit("enable_user", target(&id.to_string()), &details).await?;
    Ok(Json(UserView::new(&app, listed)))
}
