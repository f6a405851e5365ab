//! Signs in by password.

use axum::extract::State;
use domain::{
    audit::Actor,
    users::store::{self, Credentials},
};
use garde::Validate;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::{
    account::role_of,
    attempt, fields, lockout, log,
    sign_in::{self, Answer, SignedIn},
};
use crate::{
    App,
    caller::Client,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Valid,
    server::ClientIp,
};

/// An address and its password.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Login {
    #[garde(skip)]
    email: String,
    #[garde(skip)]
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

/// Signs in. A wrong address and a wrong password are answered alike, also in time.
///
/// After five failures from one address within 15 minutes, and after ten for one account in a row,
/// also the right password is refused for a while.
#[utoipa::path(post, path = "/api/auth/login", tag = "auth", security(()), request_body = Login,
    responses(
        (status = OK, body = SignedIn, description = "Signed in; cookies are set"),
        (status = UNAUTHORIZED, body = ErrorBody, description = "Wrong address or password"),
        (status = FORBIDDEN, body = ErrorBody, description = "The account is disabled"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
        (status = TOO_MANY_REQUESTS, body = ErrorBody, description = "Too many failures; see Retry-After"),
    ))]
pub(super) async fn login(
    State(app): State<App>,
    ip: ClientIp,
    Client(client): Client,
    Valid(body): Valid<Login>,
) -> ApiResult<Answer> {
    attempt::require(&app, attempt::LOGIN, ip).await?;
    let found = find(&app, &body.email).await?;
    require_unlocked(&app, found.as_ref())?;
    let hash = found.as_ref().map(|found| found.password_hash.clone());
    let right = app.passwords.verify(body.password, hash).await?;
    let known = found.as_ref();
    let Some(found) = found.as_ref().filter(|_| right) else {
        return Err(failed(&app, ip, &client, &body.email, known).await);
    };
    // Of many tries at once, none learns that it was right once the limit is reached.
    attempt::require(&app, attempt::LOGIN, ip).await?;
    passed(&app, client, found).await
}

async fn find(app: &App, email: &str) -> ApiResult<Option<Credentials>> {
    if fields::email(email, &()).is_err() {
        return Ok(None);
    }
    let mut tx = app.db.begin_platform().await?;
    Ok(store::find_credentials(&mut tx, &fields::normal_email(email)).await?)
}

fn require_unlocked(app: &App, found: Option<&Credentials>) -> ApiResult<()> {
    let now = app.clock.now();
    match found.and_then(|found| found.login_after).filter(|after| *after > now) {
        Some(after) => Err(ApiError::rate_limited(now, after)),
        None => Ok(()),
    }
}

/// Counts a failure and writes it down, and says how it is answered. Once an address has no try left,
/// nothing more is written, so that a storm of tries fills no disk.
async fn failed(
    app: &App,
    ip: ClientIp,
    client: &Actor,
    tried: &str,
    account: Option<&Credentials>,
) -> ApiError {
    let count = async {
        let mut tx = app.db.begin_platform().await?;
        attempt::count_within(app, &mut tx, attempt::LOGIN, ip).await?;
        log::sign_in_failed(&mut tx, client, tried, account.map(|account| account.user.id)).await?;
        if let Some(account) = account {
            lock_after_many(app, &mut tx, client, account).await?;
        }
        tx.commit().await?;
        Ok::<_, ApiError>(())
    };
    count.await.err().unwrap_or(ApiError::Unauthenticated("The address or the password is wrong."))
}

/// Counts a failure of an account, and locks its sign-in after too many.
async fn lock_after_many(
    app: &App,
    conn: &mut PgConnection,
    client: &Actor,
    account: &Credentials,
) -> ApiResult<()> {
    let user = &account.user;
    let failures = store::count_failed_login(conn, user.id).await?;
    let Some(wait) = lockout::after(failures) else { return Ok(()) };
    tracing::warn!(user.id = %user.id, failures, "sign-in is locked after too many failures");
    let until = app.clock.now() + wait;
    store::set_login_after(conn, user.id, until).await?;
    let role = role_of(&app.settings, user, store::listed_role(conn, &user.email).await?);
    log::locked(conn, client, user, role, &json!({ "failures": failures, "until": until })).await?;
    Ok(())
}

async fn passed(app: &App, client: Actor, found: &Credentials) -> ApiResult<Answer> {
    let now = app.clock.now();
    let user = &found.user;
    let mut tx = app.db.begin_platform().await?;
    if !store::pass_login(&mut tx, user.id, now).await? {
        return Err(ApiError::rate_limited(now, now + lockout::FIRST));
    }
    if user.disabled_at.is_some() {
        log::disabled(app, &mut tx, client, user).await?;
        tx.commit().await?;
        return Err(ApiError::Forbidden("This account is disabled."));
    }
    let listed = store::listed_role(&mut tx, &user.email).await?;
    let role = role_of(&app.settings, user, listed);
    log::of_account(&mut tx, client, (user.id, &user.email), "sign_in", &json!({ "role": role })).await?;
    let answer = sign_in::open(app, &mut tx, user.clone(), listed, now).await?;
    tx.commit().await?;
    Ok(answer)
}
