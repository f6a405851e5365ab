//! Signs in by password.

use axum::extract::State;
use axum_extra::extract::CookieJar;
use domain::{
    audit::Actor,
    ids::DeviceId,
    users::{
        clients,
        store::{self, Credentials},
        tries::{self, FOR_AN_EMAIL, TryId},
    },
};
use garde::Validate;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use tracing::Instrument as _;
use utoipa::ToSchema;

use super::{
    account::role_of,
    cookies, fields, log,
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

const WRONG: ApiError = ApiError::Unauthenticated("The address or the password is wrong.");

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
/// After five wrong tries from one address within 15 minutes (`LOGIN_TRIES_PER_ADDRESS`), and after ten for one e-mail
/// wherever they came from, the right password is refused like any other until these are 15 minutes old. Devices and
/// addresses that signed in to the account before have ten tries of their own.
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
    jar: CookieJar,
    Valid(body): Valid<Login>,
) -> ApiResult<Answer> {
    let device = cookies::device(&app, &jar);
    let guest = Guest::new(&app, ip, device, &body.email);
    // Taken before the password is looked at, so that no number of guesses at once sees more of them.
    let id = guest.take(&app).await?;
    let device = device.unwrap_or_else(DeviceId::generate);
    // A client may leave before its password was looked at. Its try comes to an end all the same.
    let looked = tokio::spawn(look(app, client, body, id, (guest, device)).in_current_span());
    looked.await.map_err(|panicked| ApiError::Internal(panicked.into()))?
}

/// Looks at the password.
async fn look(
    app: App,
    client: Actor,
    body: Login,
    id: TryId,
    (guest, device): (Guest, DeviceId),
) -> ApiResult<Answer> {
    let found = find(&app, &body.email).await?;
    let hash = found.as_ref().map(|found| found.password_hash.clone());
    let right = app.passwords.verify(body.password, hash).await?;
    if let Some(found) = found.as_ref().filter(|_| right)
        && let Some(answer) = passed(&app, client.clone(), found, id, (&guest, device)).await?
    {
        return Ok(answer);
    }
    Err(failed(&app, &client, &body.email, found.as_ref(), id).await)
}

async fn find(app: &App, email: &str) -> ApiResult<Option<Credentials>> {
    if fields::email(email, &()).is_err() {
        return Ok(None);
    }
    let mut tx = app.db.begin_platform().await?;
    Ok(store::find_credentials(&mut tx, &fields::normal_email(email)).await?)
}

/// Counts a failure and writes it down, and says how it is answered.
async fn failed(
    app: &App,
    client: &Actor,
    tried: &str,
    account: Option<&Credentials>,
    id: TryId,
) -> ApiError {
    let count = async {
        let now = app.clock.now();
        let mut tx = app.db.begin_platform().await?;
        let wrong = tries::mark_wrong(&mut tx, id, now).await?;
        log::sign_in_failed(app, &mut tx, client, tried, account.map(|account| account.user.id)).await?;
        if let Some(account) = account
            && let Some(failures) = wrong.by_strangers.filter(|wrong| *wrong >= FOR_AN_EMAIL)
        {
            let user = &account.user;
            tracing::warn!(user.id = %user.id, failures, "sign-in is locked for whom the account does not know");
            let role = role_of(&app.settings, user, store::listed_role(&mut tx, &user.email).await?);
            let details = json!({ "failures": failures, "until": now + tries::WINDOW });
            log::locked(app, &mut tx, client, user, role, &details).await?;
        }
        tx.commit().await?;
        Ok::<_, ApiError>(())
    };
    count.await.err().unwrap_or(WRONG)
}

/// Lets somebody in whose password was right; `None` where it is another one by now.
async fn passed(
    app: &App,
    client: Actor,
    found: &Credentials,
    id: TryId,
    (guest, device): (&Guest, DeviceId),
) -> ApiResult<Option<Answer>> {
    let now = app.clock.now();
    let user = &found.user;
    let mut tx = app.db.begin_platform().await?;
    let Some(confirmed) = store::confirm(&mut tx, user.id, &found.password_hash).await? else {
        return Ok(None);
    };
    tries::give_back(&mut tx, id).await?;
    if confirmed.disabled {
        log::disabled(app, &mut tx, client, user).await?;
        tx.commit().await?;
        return Err(ApiError::Forbidden("This account is disabled."));
    }
    let listed = store::listed_role(&mut tx, &user.email).await?;
    let role = role_of(&app.settings, user, listed);
    log::signed_in(app, &mut tx, client, user, role).await?;
    clients::remember(&mut tx, user.id, &guest.known_as(device), now).await?;
    let answer = sign_in::open(app, &mut tx, user.clone(), listed, device, now).await?;
    tx.commit().await?;
    Ok(Some(answer))
}
