//! Lets an account in again.

use axum::{Json, extract::State};
use domain::{ids::UserId, users::store};

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
    store::forget_failed_logins(&mut change, id).await?;
    let listed = require(&app, &mut change, id).await?;
    let details = json!({
        "email": before.user.email,
        "before": { "disabled_at": before.user.disabled_at, "login_after": before.login_after },
        "after": { "disabled_at": null, "login_after": null },
    });
    change.commit("enable_user", target(&id.to_string()), &details).await?;
    Ok(Json(UserView::new(&app, listed)))
}
