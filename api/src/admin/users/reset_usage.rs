//! Gives an account its day back.

use axum::{Json, extract::State};
use domain::{ids::UserId, quota};

use serde_json::json;

use super::{require, require_within_reach, target, view::UserView};
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
        (status = TOO_MANY_REQUESTS, body = ErrorBody, description = "Too much at once that is hard to undo"),
    ))]
pub(super) async fn reset_usage(
    State(app): State<App>,
    admin: Admin<SupportUsers>,
    Path(id): Path<UserId>,
) -> ApiResult<Json<UserView>> {
    let mut change = admin.begin(&app).await?;
    let before = require_within_reach(&app, &mut change, &admin, id).await?;
    change.limited(&app).await?;
    quota::store::reset(&mut change, id, app.clock.today()).await?;
    let listed = require(&app, &mut change, id).await?;
    let details = json!({
        "email": before.user.email,
        "day": app.clock.today(),
        "before": { "tokens": before.tokens_used, "requests": before.requests_used },
        "after": { "tokens": listed.tokens_used, "requests": listed.requests_used },
    });
    change.commit("reset_user_usage", target(&id.to_string()), &details).await?;
    Ok(Json(UserView::new(&app, listed)))
}
