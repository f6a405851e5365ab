//! Keeps an account out.

use axum::{Json, extract::State};
use domain::{
    ids::UserId,
    users::{sign_ins, store},
};

use super::{require, view::UserView};
use crate::{
    App,
    auth::account::role_of,
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
    let mut tx = app.db.begin_platform().await?;
    let before = require(&app, &mut tx, id).await?;
    if role_of(&app.settings, &before.user, before.role) > admin.caller.role {
        return Err(ApiError::Forbidden("You cannot disable an account of a higher role than yours."));
    }
    if before.user.disabled_at.is_none() {
        store::set_disabled(&mut tx, id, Some(now)).await?;
    }
    sign_ins::revoke_all(&mut tx, id, now).await?;
    let listed = require(&app, &mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(UserView::new(&app, listed)))
}
