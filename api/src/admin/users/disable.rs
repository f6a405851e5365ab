//! Keeps an account out.

use axum::{Json, extract::State};
use domain::{
    ids::UserId,
    users::{sign_ins, store},
};

use serde_json::json;

use super::{require, require_within_reach, target, view::UserView};
use crate::{
    App,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Path,
    permissions::ManageUsers,
};

/// Disables an account and ends all its sign-ins, at once.
#[utoipa::path(post, path = "/api/admin/users/{id}/disable", tag = "admin users", params(("id" = UserId, Path)),
    responses(
        (status = OK, body = UserView),
        (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody),
        (status = CONFLICT, body = ErrorBody, description = "It is the admin's own"),
        (status = TOO_MANY_REQUESTS, body = ErrorBody, description = "Too much at once that is hard to undo"),
    ))]
pub(super) async fn disable(
    State(app): State<App>,
    admin: Admin<ManageUsers>,
    Path(id): Path<UserId>,
) -> ApiResult<Json<UserView>> {
    if admin.caller.id == id {
        return Err(ApiError::Conflict("You cannot disable your own account."));
    }
    let now = app.clock.now();
    let mut change = admin.begin(&app).await?;
    let before = require_within_reach(&app, &mut change, &admin, id).await?;
    change.limited(&app).await?;
    if before.user.disabled_at.is_none() {
        store::set_disabled(&mut change, id, Some(now)).await?;
    }
    sign_ins::revoke_all(&mut change, id, now).await?;
    let listed = require(&app, &mut change, id).await?;
    let details = json!({
        "email": before.user.email,
        "before": { "disabled_at": before.user.disabled_at },
        "after": { "disabled_at": listed.user.disabled_at },
    });
    change.commit("disable_user", target(&id.to_string()), &details).await?;
    Ok(Json(UserView::new(&app, listed)))
}
