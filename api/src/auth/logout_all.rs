//! Ends all sign-ins of an account.

use axum::{extract::State, http::StatusCode};
use axum_extra::extract::CookieJar;
use domain::users::{clients, sign_ins};
use serde_json::json;

use super::{cookies, log};
use crate::{
    App,
    caller::{Client, SignedInUser},
    error::{ApiResult, ErrorBody},
};

/// Ends the sign-ins of all devices, this one included. None of them is known any more.
#[utoipa::path(post, path = "/api/auth/logout-all", tag = "auth",
    responses((status = NO_CONTENT, description = "Signed out everywhere"), (status = UNAUTHORIZED, body = ErrorBody)))]
pub(super) async fn logout_all(
    State(app): State<App>,
    caller: SignedInUser,
    Client(client): Client,
) -> ApiResult<(CookieJar, StatusCode)> {
    let mut tx = app.db.begin_platform().await?;
    sign_ins::revoke_all(&mut tx, caller.id, app.clock.now()).await?;
    clients::forget_devices(&mut tx, caller.id).await?;
    let whose = (caller.id, &*caller.email);
    log::coming_or_going(&app, &mut tx, client, whose, "sign_out_everywhere", json!({})).await?;
    tx.commit().await?;
    Ok((cookies::signed_out(&app.settings), StatusCode::NO_CONTENT))
}
