//! Gives an account its day back.

use axum::{Json, extract::State};
use domain::{ids::UserId, quota};

use super::{require, view::UserView};
use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    extract::Path,
    permissions::SupportUsers,
};

/// Sets what an account used today to nothing. What is promised to its jobs under way stands.
#[utoipa::path(post, path = "/api/admin/users/{id}/reset-usage", tag = "admin users", params(("id" = UserId, Path)),
    responses(
        (status = OK, body = UserView),
        (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody),
    ))]
pub(super) async fn reset_usage(
    State(app): State<App>,
    _admin: Admin<SupportUsers>,
    Path(id): Path<UserId>,
) -> ApiResult<Json<UserView>> {
    let mut tx = app.db.begin_platform().await?;
    quota::store::reset(&mut tx, id, app.clock.today()).await?;
    let listed = require(&app, &mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(UserView::new(&app, listed)))
}
