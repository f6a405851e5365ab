//! Ends a sign-in.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use axum_extra::extract::CookieJar;
use domain::{
    ids::{SignInId, UserId},
    users::{sign_ins, store},
};
use serde_json::json;

use super::{
    cookies::{self, REFRESH},
    log,
};
use crate::{
    App,
    caller::{Client, SignedInUser},
    error::{ApiError, ApiResult, ErrorBody},
};

/// Ends the sign-in of this device: its tokens are no longer good, and its cookies are taken back.
#[utoipa::path(post, path = "/api/auth/logout", tag = "auth",
    responses(
        (status = NO_CONTENT, description = "Signed out"),
        (status = UNAUTHORIZED, body = ErrorBody),
        (status = FORBIDDEN, body = ErrorBody, description = "By cookie, without proof of where it comes from"),
    ))]
pub(super) async fn logout(
    State(app): State<App>,
    caller: Result<SignedInUser, ApiError>,
    Client(client): Client,
    headers: HeaderMap,
    jar: CookieJar,
) -> ApiResult<(CookieJar, StatusCode)> {
    let (user, sign_in) = match caller {
        Ok(caller) => (caller.id, caller.sign_in),
        Err(error) => by_refresh_cookie(&app, &headers, &jar)?.ok_or(error)?,
    };
    let mut tx = app.db.begin_platform().await?;
    if sign_ins::revoke(&mut tx, sign_in, app.clock.now()).await? {
        let email = store::find(&mut tx, user).await?.map(|user| user.email).unwrap_or_default();
        log::coming_or_going(&app, &mut tx, client, (user, &email), "sign_out", json!({})).await?;
    }
    tx.commit().await?;
    Ok((cookies::signed_out(&app.settings), StatusCode::NO_CONTENT))
}

/// The sign-in of a device whose access token has run out.
fn by_refresh_cookie(
    app: &App,
    headers: &HeaderMap,
    jar: &CookieJar,
) -> ApiResult<Option<(UserId, SignInId)>> {
    let Some(cookie) = jar.get(REFRESH) else { return Ok(None) };
    let Ok(refresh) = app.tokens.verify_refresh(cookie.value()) else { return Ok(None) };
    cookies::require_same_site(headers, app, refresh.sign_in)?;
    Ok(Some((refresh.user, refresh.sign_in)))
}
