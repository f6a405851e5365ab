//! Signs in by an emergency token, when no admin can sign in any more.

use axum::extract::State;
use chrono::TimeDelta;
use domain::{
    audit::{self, Action, Actor, Target},
    users::{emergency, store},
};
use garde::Validate;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::{
    attempt,
    sign_in::{self, Answer, SignedIn},
};
use crate::{
    App,
    audited::suspicious,
    caller::Client,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Valid,
    server::ClientIp,
};

/// How long the sign-in lasts. Nothing prolongs it.
const LASTS: TimeDelta = TimeDelta::hours(1);

const NO_GOOD: ApiError = ApiError::Unauthenticated("This token is not good. Make a new one on the server.");

/// A token from the server's command line.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EmergencyToken {
    /// What `medai admin emergency` printed.
    #[garde(skip)]
    #[schema(value_type = String, format = Password)]
    token: SecretString,
}

/// What is stored of a token. It has 256 random bits, so nobody guesses it from that.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.trim()).into()
}

/// Signs in as a super admin for an hour, by a token that the server's command line made. Each is good
/// once and for minutes, whether the account is locked, disabled or on no list. All admins are told.
#[utoipa::path(post, path = "/api/auth/emergency", tag = "auth", security(()), request_body = EmergencyToken,
    responses(
        (status = OK, body = SignedIn, description = "Signed in; cookies are set"),
        (status = UNAUTHORIZED, body = ErrorBody, description = "No token of ours, or one that was used or ran out"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
        (status = TOO_MANY_REQUESTS, body = ErrorBody, description = "Too many failures; see Retry-After"),
    ))]
pub(super) async fn emergency(
    State(app): State<App>,
    ip: ClientIp,
    Client(client): Client,
    Valid(body): Valid<EmergencyToken>,
) -> ApiResult<Answer> {
    attempt::require(&app, attempt::EMERGENCY, ip).await?;
    let (hash, now) = (hash(body.token.expose_secret()), app.clock.now());
    let mut tx = app.db.begin_platform().await?;
    let Some(id) = emergency::take(&mut tx, &hash, now).await? else {
        drop(tx);
        return Err(failed(&app, ip, &client, &hash).await);
    };
    let user = store::find(&mut tx, id).await?.ok_or(NO_GOOD)?;
    let actor = client.acting_for(id, &user.email);
    let target = Target { kind: "user", id: Some(&id.to_string()) };
    let until = now + LASTS;
    let subject = "An emergency token was used to sign in as a super admin";
    suspicious(&mut tx, &actor, target, "emergency_sign_in", subject, json!({ "until": until })).await?;
    let answer = sign_in::open_in_emergency(&app, &mut tx, user, until, now).await?;
    tx.commit().await?;
    tracing::warn!(user.id = %id, "an emergency token was used");
    Ok(answer)
}

/// Counts a failure and writes it down. One that was good once is in the wrong hands, or its owner is
/// late: admins are told.
async fn failed(app: &App, ip: ClientIp, client: &Actor, hash: &[u8]) -> ApiError {
    let count = async {
        let mut tx = app.db.begin_platform().await?;
        attempt::count_within(app, &mut tx, attempt::EMERGENCY, ip).await?;
        let account = emergency::spent(&mut tx, hash).await?.map(|id| id.to_string());
        let target = Target { kind: "user", id: account.as_deref() };
        if account.is_some() {
            let subject = "An emergency token was tried that is no longer good";
            suspicious(
                &mut tx,
                client,
                target,
                "emergency_sign_in_failed",
                subject,
                json!({ "known": true }),
            )
            .await?;
        } else {
            let details = json!({ "known": false });
            audit::record(&mut tx, client, Action("emergency_sign_in_failed"), target, &details).await?;
        }
        tx.commit().await?;
        Ok::<_, ApiError>(())
    };
    count.await.err().unwrap_or(NO_GOOD)
}
