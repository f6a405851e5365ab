//! Ends all sign-ins of an account.

use axum::{extract::State, http::StatusCode};
use axum_extra::extract::CookieJar;
use domain::users::sign_ins;

use super::cookies;
use crate::{
    App,
    caller::Student,
    error::{ApiResult, ErrorBody},
};

/// Ends the sign-ins of all devices, this one included.
#[utoipa::path(post, path = "/api/auth/logout-all", tag = "auth",
    responses((status = NO_CONTENT, description = "Signed out everywhere"), (status = UNAUTHORIZED, body = ErrorBody)))]
pub(super) async fn logout_all(
    State(app): State<App>,
    caller: Student,
) -> ApiResult<(CookieJar, StatusCode)> {
    let mut tx = app.db.begin_as(caller.id).await?;
    sign_ins::revoke_all(&mut tx, caller.id, app.clock.now()).await?;
    tx.commit().await?;
    Ok((cookies::signed_out(&app.settings), StatusCode::NO_CONTENT))
}
