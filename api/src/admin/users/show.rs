//! Shows one account.

use axum::{Json, extract::State};
use domain::ids::UserId;

use super::{require, view::UserView};
use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    extract::Path,
    permissions::ViewUsers,
};

/// Shows an account with what it used today.
#[utoipa::path(get, path = "/api/admin/users/{id}", tag = "admin users", params(("id" = UserId, Path)),
    responses((status = OK, body = UserView), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn show(
    State(app): State<App>,
    _admin: Admin<ViewUsers>,
    Path(id): Path<UserId>,
) -> ApiResult<Json<UserView>> {
    let mut tx = app.db.begin_platform().await?;
    let listed = require(&app, &mut tx, id).await?;
    Ok(Json(UserView::new(&app, listed)))
}
