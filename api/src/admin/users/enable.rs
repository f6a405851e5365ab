//! Lets an account in again.

use axum::{Json, extract::State};
use domain::{ids::UserId, users::store};

use super::{require, view::UserView};
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
    _admin: Admin<ManageUsers>,
    Path(id): Path<UserId>,
) -> ApiResult<Json<UserView>> {
    let mut tx = app.db.begin_platform().await?;
    store::set_disabled(&mut tx, id, None).await?;
    store::forget_failed_logins(&mut tx, id).await?;
    let listed = require(&app, &mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(UserView::new(&app, listed)))
}
