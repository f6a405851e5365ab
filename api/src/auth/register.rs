//! Makes an account.

use axum::{extract::State, http::StatusCode};
use axum_extra::extract::CookieJar;
use domain::{
    ids::{DeviceId, UserId},
    users::{
        Plan, clients,
        store::{self, NewUser},
    },
};
use garde::Validate;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    account::is_super_admin,
    attempt, cookies, fields, log,
    password::rules,
    sign_in::{self, Answer, SignedIn},
    tries::Guest,
};
use crate::{
    App,
    caller::Client,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Valid,
    server::ClientIp,
};

/// Also where the address is an admin's: who is one is nobody's to find out.
const TAKEN: ApiError = ApiError::Conflict("This address cannot be registered. If it is yours, sign in.");

/// A new account.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Registration {
    /// At most 254 characters; case does not matter.
    #[garde(custom(fields::email))]
    #[schema(format = Email, max_length = 254)]
    email: String,
    /// At least 8 characters of at least two kinds, and not one of the most common.
    #[garde(custom(rules::length), custom(rules::variety), custom(rules::rarity))]
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 1000)]
    password: SecretString,
    #[garde(custom(fields::name))]
    #[schema(min_length = 1, max_length = 100)]
    name: String,
}

/// Makes an account and signs it in.
#[utoipa::path(post, path = "/api/auth/register", tag = "auth", security(()), request_body = Registration,
    responses(
        (status = CREATED, body = SignedIn, description = "Signed in; cookies are set"),
        (status = CONFLICT, body = ErrorBody, description = "The address has an account, or is reserved"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
        (status = TOO_MANY_REQUESTS, body = ErrorBody, description = "Too many registrations from this address"),
    ))]
pub(super) async fn register(
    State(app): State<App>,
    ip: ClientIp,
    Client(client): Client,
    jar: CookieJar,
    Valid(body): Valid<Registration>,
) -> ApiResult<(StatusCode, Answer)> {
    attempt::count(&app, attempt::registration(app.settings.registrations_per_hour), ip).await?;
    let email = fields::normal_email(&body.email);
    let password_hash = app.passwords.hash(body.password).await?;

    let mut tx = app.db.begin_platform().await?;
    // Whoever registers has not shown that the address is theirs, and this one would be worth having.
    let listed = store::listed_role(&mut tx, &email).await?.is_some();
    let reserved = is_super_admin(&app.settings, &email) || listed;
    let has_account = store::find_credentials(&mut tx, &email).await?.is_some();
    if reserved || has_account {
        log::registration_refused(&app, &mut tx, &client, &email, reserved).await?;
        tx.commit().await?;
        return Err(TAKEN);
    }
    let user = NewUser {
        email: &email,
        email_verified: false,
        name: body.name.trim(),
        password_hash: &password_hash,
        plan: Plan::Free,
    };
    let now = app.clock.now();
    let user = store::insert(&mut tx, UserId::generate(), &user).await.map_err(taken)?;
    log::of_account(&mut tx, client, (user.id, &user.email), "register", &json!({})).await?;
    let device = cookies::device(&app, &jar).unwrap_or_else(DeviceId::generate);
    let guest = Guest::new(&app, ip, Some(device), &user.email);
    clients::remember(&mut tx, user.id, &guest.known_as(device), now).await?;
    let answer = sign_in::open(&app, &mut tx, user, None, device, now).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, answer))
}

fn taken(error: sqlx::Error) -> ApiError {
    match error.as_database_error().and_then(|error| error.constraint()) {
        Some("users_email_key") => TAKEN,
        _ => error.into(),
    }
}
