//! The cookies of a browser's sign-in.

use std::time::Duration;

use axum::http::{HeaderMap, header};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use rand::Rng as _;

use super::tokens::{ACCESS_LIFETIME, REFRESH_LIFETIME};
use crate::{error::ApiError, settings::ApiSettings};

/// Holds the access token.
pub(crate) const ACCESS: &str = "medai_access";
/// Holds the refresh token; sent to `/api/auth` only.
pub(crate) const REFRESH: &str = "medai_refresh";
/// Holds what our pages send back as the header [`CSRF_HEADER`], which other sites' pages cannot read.
const CSRF: &str = "medai_csrf";
/// See [`CSRF`].
const CSRF_HEADER: &str = "x-csrf-token";

/// Where the refresh token is of use.
const REFRESH_PATH: &str = "/api/auth";

const ELSEWHERE: ApiError = ApiError::Forbidden(
    "This request did not come from our pages. Send the X-CSRF-Token header or a bearer token.",
);

/// Sets the cookies of a sign-in.
pub(super) fn signed_in(settings: &ApiSettings, access: String, refresh: String) -> CookieJar {
    CookieJar::new()
        .add(cookie(settings, ACCESS, access, ACCESS_LIFETIME))
        .add(cookie(settings, REFRESH, refresh, REFRESH_LIFETIME))
        .add(cookie(settings, CSRF, new_csrf(), REFRESH_LIFETIME))
}

/// Takes them back.
pub(super) fn signed_out(settings: &ApiSettings) -> CookieJar {
    let gone = |name| cookie(settings, name, String::new(), TimeDelta::zero());
    CookieJar::new().add(gone(ACCESS)).add(gone(REFRESH)).add(gone(CSRF))
}

fn cookie(settings: &ApiSettings, name: &'static str, value: String, lifetime: TimeDelta) -> Cookie<'static> {
    let lifetime = Duration::from_secs(lifetime.num_seconds().unsigned_abs());
    Cookie::build((name, value))
        .http_only(name != CSRF)
        .same_site(SameSite::Strict)
        .secure(settings.production)
        .path(if name == REFRESH { REFRESH_PATH } else { "/" })
        .max_age(lifetime.try_into().unwrap_or_default())
        .build()
}

fn new_csrf() -> String {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Refuses a request that is authenticated by cookie and does not show that one of our pages sent
/// it: by the CSRF header, or by an `Origin` that is ours.
pub(crate) fn require_same_site(
    headers: &HeaderMap,
    jar: &CookieJar,
    settings: &ApiSettings,
) -> Result<(), ApiError> {
    let sent = headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok());
    let proven = jar.get(CSRF).is_some_and(|known| !known.value().is_empty() && sent == Some(known.value()));
    let ours = origin(headers).is_some_and(|origin| is_ours(origin, headers, settings));
    if proven || ours { Ok(()) } else { Err(ELSEWHERE) }
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
