//! Signs in by password.

use axum::extract::State;
use domain::users::store::{self, Credentials};
use garde::Validate;
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    attempt, fields, lockout,
    sign_in::{self, Answer, SignedIn},
};
use crate::{
    App,
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
    Valid(body): Valid<Login>,
) -> ApiResult<Answer> {
    attempt::require(&app, attempt::LOGIN, ip).await?;
    let found = find(&app, &body.email).await?;
    require_unlocked(&app, found.as_ref())?;
    let hash = found.as_ref().map(|found| found.password_hash.clone());
    let right = app.passwords.verify(body.password, hash).await?;
    let Some(found) = found else { return Err(failed(&app, ip, None).await) };
    if !right {
        return Err(failed(&app, ip, Some(&found)).await);
    }
    // Of many tries at once, none learns that it was right once the limit is reached.
    attempt::require(&app, attempt::LOGIN, ip).await?;
    passed(&app, found).await
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

/// Counts a failure, and says how it is answered.
async fn failed(app: &App, ip: ClientIp, account: Option<&Credentials>) -> ApiError {
    let count = async {
        attempt::count(app, attempt::LOGIN, ip).await?;
        let Some(account) = account else { return Ok(()) };
        let mut tx = app.db.begin_platform().await?;
        let failures = store::count_failed_login(&mut tx, account.user.id).await?;
        if let Some(wait) = lockout::after(failures) {
            tracing::warn!(user.id = %account.user.id, failures, "sign-in is locked after too many failures");
            store::set_login_after(&mut tx, account.user.id, app.clock.now() + wait).await?;
        }
        tx.commit().await?;
        Ok::<_, ApiError>(())
    };
    count.await.err().unwrap_or(ApiError::Unauthenticated("The address or the password is wrong."))
}

async fn passed(app: &App, found: Credentials) -> ApiResult<Answer> {
    let now = app.clock.now();
    let mut tx = app.db.begin_platform().await?;
    if !store::pass_login(&mut tx, found.user.id, now).await? {
        return Err(ApiError::rate_limited(now, now + lockout::FIRST));
    }
    if found.user.disabled_at.is_some() {
        return Err(ApiError::Forbidden("This account is disabled."));
    }
    let listed = store::listed_role(&mut tx, &found.user.email).await?;
    let answer = sign_in::open(app, &mut tx, found.user, listed, now).await?;
    tx.commit().await?;
    Ok(answer)
}
