//! The cookies of a browser's sign-in.

use std::time::Duration;

use axum::http::{HeaderMap, header};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use chrono::TimeDelta;
use domain::{
    ids::{DeviceId, SignInId},
    users::clients::KNOWN_FOR,
};

use super::tokens::{ACCESS_LIFETIME, REFRESH_LIFETIME};
use crate::{App, error::ApiError, settings::ApiSettings};

/// Holds the access token.
pub(crate) const ACCESS: &str = "medai_access";
/// Holds the refresh token; sent to `/api/auth` only.
pub(crate) const REFRESH: &str = "medai_refresh";
/// Holds what our pages send back as the header [`CSRF_HEADER`], which other sites' pages cannot read.
const CSRF: &str = "medai_csrf";
/// The same in production.
const HOST_CSRF: &str = "__Host-medai_csrf";
/// Holds what a device is known by that signed in here before.
const DEVICE: &str = "medai_device";
/// The same in production.
const HOST_DEVICE: &str = "__Host-medai_device";
/// See [`CSRF`].
const CSRF_HEADER: &str = "x-csrf-token";

/// Where the refresh token is of use.
const REFRESH_PATH: &str = "/api/auth";

const ELSEWHERE: ApiError = ApiError::Forbidden(
    "This request did not come from our pages. Send the X-CSRF-Token header or a bearer token.",
);

/// What the cookies of a sign-in hold.
pub(super) struct Values {
    pub(super) access: String,
    pub(super) refresh: String,
    pub(super) csrf: String,
    /// Where the device gets one.
    pub(super) device: Option<String>,
}

/// Sets the cookies of a sign-in.
pub(super) fn signed_in(settings: &ApiSettings, values: Values) -> CookieJar {
    let jar = CookieJar::new()
        .add(cookie(settings, ACCESS, values.access, ACCESS_LIFETIME))
        .add(cookie(settings, REFRESH, values.refresh, REFRESH_LIFETIME))
        .add(cookie(settings, csrf_name(settings), values.csrf, REFRESH_LIFETIME));
    match values.device {
        Some(device) => jar.add(cookie(settings, device_name(settings), device, KNOWN_FOR)),
        None => jar,
    }
}

/// Takes them back. The device stays known: whoever signs out here will sign in here again.
pub(super) fn signed_out(settings: &ApiSettings) -> CookieJar {
    let gone = |name| cookie(settings, name, String::new(), TimeDelta::zero());
    let jar = CookieJar::new().add(gone(ACCESS)).add(gone(REFRESH)).add(gone(CSRF));
    if settings.production { jar.add(gone(HOST_CSRF)) } else { jar }
}

/// Browsers take a cookie of such a name over HTTPS only, and from this very host: no page beside it can set one.
const fn csrf_name(settings: &ApiSettings) -> &'static str {
    if settings.production { HOST_CSRF } else { CSRF }
}

/// See [`csrf_name`].
const fn device_name(settings: &ApiSettings) -> &'static str {
    if settings.production { HOST_DEVICE } else { DEVICE }
}

/// The device that a request comes from, where it has our cookie.
pub(super) fn device(app: &App, jar: &CookieJar) -> Option<DeviceId> {
    app.tokens.macs().device_of(jar.get(device_name(&app.settings))?.value())
}

fn cookie(settings: &ApiSettings, name: &'static str, value: String, lifetime: TimeDelta) -> Cookie<'static> {
    let lifetime = Duration::from_secs(lifetime.num_seconds().unsigned_abs());
    Cookie::build((name, value))
        .http_only(name != csrf_name(settings))
        .same_site(SameSite::Strict)
        .secure(settings.production)
        .path(if name == REFRESH { REFRESH_PATH } else { "/" })
        .max_age(lifetime.try_into().unwrap_or_default())
        .build()
}

/// Refuses a request that is authenticated by the cookie of a sign-in and does not show that one of our pages sent
/// it: by the CSRF token of that sign-in, or by an `Origin` that is ours.
pub(crate) fn require_same_site(headers: &HeaderMap, app: &App, sign_in: SignInId) -> Result<(), ApiError> {
    let is_proof = |text: &str| app.tokens.macs().is_csrf(sign_in, text);
    refuse_without_proof(headers, &app.settings, is_proof)
}

fn refuse_without_proof(
    headers: &HeaderMap,
    settings: &ApiSettings,
    is_proof: impl FnOnce(&str) -> bool,
) -> Result<(), ApiError> {
    let sent = headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok());
    let ours = origin(headers).is_some_and(|origin| is_ours(origin, headers, settings));
    if ours || sent.is_some_and(is_proof) { Ok(()) } else { Err(ELSEWHERE) }
}

/// Refuses a request that another site's page sent. Browsers name the origin of every POST, so that
/// one without was sent by no page.
pub(super) fn refuse_other_sites(headers: &HeaderMap, settings: &ApiSettings) -> Result<(), ApiError> {
    let named = headers.contains_key(header::ORIGIN);
    let ours = origin(headers).is_some_and(|origin| is_ours(origin, headers, settings));
    if named && !ours { Err(ELSEWHERE) } else { Ok(()) }
}

fn origin(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ORIGIN).and_then(|value| value.to_str().ok())
}

/// Whether an origin is one that the operator named, or the very host that was asked.
fn is_ours(origin: &str, headers: &HeaderMap, settings: &ApiSettings) -> bool {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let same_host = match origin.split_once("://") {
        Some(("https", of)) => host.is_some_and(|host| host.eq_ignore_ascii_case(of)),
        // In production somebody on the way could have sent such a page.
        Some(("http", of)) => !settings.production && host.is_some_and(|host| host.eq_ignore_ascii_case(of)),
        _ => false,
    };
    same_host || settings.cors_origins.iter().any(|named| named == origin)
}

#[cfg(test)]
#[path = "cookies_tests.rs"]
mod tests;
