//! What every way to sign in ends with.

use axum::Json;
use axum_extra::extract::CookieJar;
use chrono::{DateTime, Utc};
use domain::{
    ids::{DeviceId, SignInId},
    users::{
        Role, User,
        sign_ins::{self, By},
    },
};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::{
    account::{Account, role_of},
    cookies,
    tokens::{ACCESS_LIFETIME, REFRESH_LIFETIME, Refresh},
};
use crate::{App, error::ApiError};

/// A sign-in. The refresh token comes as an HTTP-only cookie.
#[derive(Serialize, ToSchema)]
pub(super) struct SignedIn {
    user: Account,
    /// Send it as `Authorization: Bearer …`. Browsers have it as a cookie, too.
    access_token: String,
    /// `Bearer`
    token_type: &'static str,
    /// Seconds until the access token is no longer good.
    expires_in: i64,
}

/// The answer with its cookies.
pub(super) type Answer = (CookieJar, Json<SignedIn>);

/// Adds a device to an account.
pub(super) async fn open(
    app: &App,
    conn: &mut PgConnection,
    user: User,
    listed: Option<Role>,
    device: DeviceId,
    now: DateTime<Utc>,
) -> Result<Answer, ApiError> {
    let sign_in = SignInId::generate();
    sign_ins::insert(conn, sign_in, user.id, now + REFRESH_LIFETIME, By::Password).await?;
    let refresh = Refresh { user: user.id, sign_in, generation: 0 };
    let role = role_of(&app.settings, &user, listed);
    answer(app, user, role, refresh, Some(device), now)
}

/// Adds a device that an emergency token let in: as a super admin, until a time that nothing prolongs.
pub(super) async fn open_in_emergency(
    app: &App,
    conn: &mut PgConnection,
    user: User,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Answer, ApiError> {
    let sign_in = SignInId::generate();
    sign_ins::insert(conn, sign_in, user.id, until, By::EmergencyToken).await?;
    let refresh = Refresh { user: user.id, sign_in, generation: 0 };
    // Whoever has the token had the server, and is not known by that.
    answer(app, user, Some(Role::SuperAdmin), refresh, None, now)
}

/// Makes the pair of tokens of a sign-in with a role, and the cookie of the device where it gets one.
pub(super) fn answer(
    app: &App,
    user: User,
    role: Option<Role>,
    refresh: Refresh,
    device: Option<DeviceId>,
    now: DateTime<Utc>,
) -> Result<Answer, ApiError> {
    let access = app.tokens.issue_access(refresh, (user.plan, role), now)?;
    let macs = app.tokens.macs();
    let values = cookies::Values {
        access: access.clone(),
        refresh: app.tokens.issue_refresh(refresh),
        csrf: macs.csrf(refresh.sign_in),
        device: device.map(|device| macs.device(device)),
    };
    let jar = cookies::signed_in(&app.settings, values);
    let body = SignedIn {
        user: Account::new(user, role),
        access_token: access,
        token_type: "Bearer",
        expires_in: ACCESS_LIFETIME.num_seconds(),
    };
    Ok((jar, Json(body)))
}
