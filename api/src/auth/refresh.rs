//! Exchanges a refresh token for the next pair of tokens.

use axum::{extract::State, http::HeaderMap};
use axum_extra::extract::CookieJar;
use domain::{
    ids::DeviceId,
    users::{
        Role, clients,
        sign_ins::{self, Rotation},
        store,
    },
};

use super::{
    account::role_of,
    cookies::{self, REFRESH},
    log,
    sign_in::{self, Answer, SignedIn},
    tokens::{REFRESH_LIFETIME, Refresh},
};
use crate::{
    App,
    caller::Client,
    error::{ApiError, ApiResult, ErrorBody},
};

const ENDED: ApiError = ApiError::Unauthenticated("Your session has ended. Please sign in again.");

/// Exchanges the refresh cookie for a new access token and the next refresh cookie. A cookie that was
/// exchanged before is a copy in the wrong hands: it ends the sign-in for whoever has it.
#[utoipa::path(post, path = "/api/auth/refresh", tag = "auth", security(()),
    params(("medai_refresh" = String, Cookie, description = "Set by sign-in")),
    responses(
        (status = OK, body = SignedIn, description = "The next pair; cookies are set"),
        (status = UNAUTHORIZED, body = ErrorBody, description = "No sign-in, or one that has ended"),
        (status = FORBIDDEN, body = ErrorBody, description = "The account is disabled, or another site asked"),
    ))]
pub(super) async fn refresh(
    State(app): State<App>,
    Client(client): Client,
    headers: HeaderMap,
    jar: CookieJar,
) -> ApiResult<Answer> {
    cookies::refuse_other_sites(&headers, &app.settings)?;
    let cookie = jar.get(REFRESH).ok_or(ApiError::Unauthenticated("Please sign in."))?;
    let presented = app.tokens.verify_refresh(cookie.value())?;
    let now = app.clock.now();

    let mut tx = app.db.begin_platform().await?;
    let rotation =
        sign_ins::rotate(&mut tx, presented.sign_in, presented.generation, now, now + REFRESH_LIFETIME)
            .await?;
    let (generation, emergency_until) = match rotation {
        Rotation::Next { generation, emergency_until } => (generation, emergency_until),
        Rotation::Ended => return Err(ENDED),
        Rotation::Reused => {
            let email = store::find(&mut tx, presented.user).await?.map(|user| user.email);
            let whose = (presented.user, email.as_deref().unwrap_or_default());
            log::refresh_reused(&app, &mut tx, client, whose, presented.sign_in).await?;
            tx.commit().await?;
            tracing::warn!(user.id = %presented.user, sign_in.id = %presented.sign_in, "a refresh token was used twice");
            return Err(ENDED);
        }
    };
    let listed = store::find_listed(&mut tx, presented.user, now).await?.ok_or(ENDED)?;
    let role = if emergency_until.is_some() {
        Some(Role::SuperAdmin)
    } else if listed.user.disabled_at.is_some() {
        return Err(ApiError::Forbidden("This account is disabled."));
    } else {
        role_of(&app.settings, &listed.user, listed.role)
    };
    // A device that signed in before there was a cookie for it.
    let device = emergency_until.is_none() && cookies::device(&app, &jar).is_none();
    let device = device.then(DeviceId::generate);
    if let Some(device) = device {
        clients::remember(&mut tx, presented.user, &[clients::device(device)], now).await?;
    }
    let next = Refresh { generation, ..presented };
    let answer = sign_in::answer(&app, listed.user, role, next, device, now)?;
    tx.commit().await?;
    Ok(answer)
}
