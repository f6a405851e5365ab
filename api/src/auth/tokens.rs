//! The two tokens of a sign-in: an access token that lives for minutes and names the caller, and a
//! refresh token that is exchanged for the next pair.
//!
//! A role or plan in an access token is for its reader's information: what counts is asked of the
//! database on every request.

use std::{fmt, sync::Arc};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ids::{SignInId, UserId},
    users::{Plan, Role},
};
use hmac::{Hmac, Mac as _};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

use super::macs::{Macs, derived};
use crate::error::ApiError;

/// How long an access token is good.
pub(crate) const ACCESS_LIFETIME: TimeDelta = TimeDelta::minutes(15);

/// How long a refresh token is good; each use begins anew.
pub(crate) const REFRESH_LIFETIME: TimeDelta = TimeDelta::days(30);

/// Who issues.
const ISSUER: &str = "medai";

/// The only algorithm: a token cannot choose how it is verified.
const ALGORITHM: Algorithm = Algorithm::HS256;

const NO_GOOD: ApiError = ApiError::Unauthenticated("Your session has ended. Please sign in again.");

/// Makes and checks tokens. Cheap to clone.
#[derive(Clone)]
pub struct Tokens(Arc<Keys>);

struct Keys {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    refresh: Hmac<Sha256>,
    macs: Macs,
}

/// What an access token says that is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) struct Claims {
    /// Who.
    #[serde(rename = "sub")]
    pub(crate) user: UserId,
    /// On which device.
    #[serde(rename = "sid")]
    pub(crate) sign_in: SignInId,
    exp: i64,
}

/// What an access token says.
#[derive(Serialize)]
struct Issued {
    iss: &'static str,
    sub: UserId,
    sid: SignInId,
    /// How often the sign-in was refreshed before, so that no two tokens are alike.
    r#gen: i32,
    iat: i64,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    plan: Plan,
}

/// What a refresh token says: which use of which sign-in it is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refresh {
    /// Who.
    pub(crate) user: UserId,
    /// On which device.
    pub(crate) sign_in: SignInId,
    /// How often the sign-in was refreshed before.
    pub(crate) generation: i32,
}

impl Tokens {
    /// Over the secret that both are authenticated with.
    pub fn new(secret: &SecretString) -> Self {
        let secret = secret.expose_secret().as_bytes();
        let mut validation = Validation::new(ALGORITHM);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        // The library knows only the machine's clock; ours is checked in `verify_access`.
        validation.validate_exp = false;
        Self(Arc::new(Keys {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
            refresh: derived("medai refresh token", secret),
            macs: Macs::new(secret),
        }))
    }

    /// What else the secret authenticates.
    pub(super) fn macs(&self) -> &Macs {
        &self.0.macs
    }

    /// The access token that goes with a refresh token.
    pub(crate) fn issue_access(
        &self,
        with: Refresh,
        (plan, role): (Plan, Option<Role>),
        now: DateTime<Utc>,
    ) -> Result<String, ApiError> {
        let (iat, exp) = (now.timestamp(), (now + ACCESS_LIFETIME).timestamp());
        let claims = Issued {
            iss: ISSUER,
            sub: with.user,
            sid: with.sign_in,
            r#gen: with.generation,
            iat,
            exp,
            role,
            plan,
        };
        let token = jsonwebtoken::encode(&Header::new(ALGORITHM), &claims, &self.0.encoding);
        token.map_err(|error| ApiError::Internal(error.into()))
    }

    /// Whom an access token names, if it is ours and still good.
    pub(crate) fn verify_access(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, ApiError> {
        let decoded = jsonwebtoken::decode::<Claims>(token, &self.0.decoding, &self.0.validation);
        let claims = decoded.map_err(|_invalid| NO_GOOD)?.claims;
        if now.timestamp() < claims.exp { Ok(claims) } else { Err(NO_GOOD) }
    }

    /// A refresh token as text.
    pub(crate) fn issue_refresh(&self, refresh: Refresh) -> String {
        let Refresh { user, sign_in, generation } = refresh;
        let mut bytes = Vec::with_capacity(68);
        bytes.extend(user.0.as_bytes());
        bytes.extend(sign_in.0.as_bytes());
        bytes.extend(generation.to_be_bytes());
        let mac = self.0.refresh.clone().chain_update(&bytes).finalize().into_bytes();
        bytes.extend(mac);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a refresh token says, if it is ours. Whether it is still good, the database knows.
    pub(crate) fn verify_refresh(&self, token: &str) -> Result<Refresh, ApiError> {
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_malformed| NO_GOOD)?;
        let (said, mac) = bytes.split_at_checked(36).ok_or(NO_GOOD)?;
        self.0.refresh.clone().chain_update(said).verify_slice(mac).map_err(|_forged| NO_GOOD)?;
        let (user, rest) = said.split_first_chunk().ok_or(NO_GOOD)?;
        let (sign_in, rest) = rest.split_first_chunk().ok_or(NO_GOOD)?;
        let generation = rest.first_chunk().ok_or(NO_GOOD)?;
        Ok(Refresh {
            user: UserId(Uuid::from_bytes(*user)),
            sign_in: SignInId(Uuid::from_bytes(*sign_in)),
            generation: i32::from_be_bytes(*generation),
        })
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(…)")
    }
}

#[cfg(test)]
#[path = "tokens_tests.rs"]
mod tests;
