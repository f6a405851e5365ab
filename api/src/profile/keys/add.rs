//! Takes a student's own key.

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    audit::{self, Action},
    ids::KeyId,
    keys::{
        CallLimits, KeyStatus, Provider, Secret,
        own::{self, MOST},
        store::{self, NO_DUPLICATES, NewKey},
    },
    users::sign_ins,
};
use garde::Validate;
use jobs::queue::Enqueued;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{OwnKeyView, address, require, target, trace};
use crate::{
    App,
    admin::keys::{base_url, new_key, probe},
    auth::attempt,
    caller::{Client, SignedInUser},
    error::{ApiError, ApiResult, ErrorBody},
    extract::Valid,
};

/// A key of your own.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOwnKey {
    /// `demo` is the platform's own.
    #[garde(custom(new_key::by_hand))]
    provider: Provider,
    /// 8 to 512 visible ASCII characters. Only a provider that needs none can do without.
    #[garde(skip)]
    #[schema(value_type = Option<String>, format = Password, write_only)]
    key: Option<SecretString>,
    /// Where the provider is, if not at its usual address. One that runs on your own machine has none but yours.
    #[garde(inner(custom(base_url::rule)))]
    base_url: Option<String>,
    /// The model to ask for, if not the provider's default.
    #[garde(inner(custom(new_key::short)))]
    model: Option<String>,
    /// Whether questions shall end with an error rather than be answered by a shared key.
    #[garde(skip)]
    #[serde(default)]
    never_fall_back: bool,
}

/// Adds a key of your own, once a call has shown that it works. It serves you alone, before the shared
/// ones, and costs none of your plan's tokens. At most five, each stored encrypted.
#[utoipa::path(post, path = "/api/profile/keys", tag = "profile", request_body = NewOwnKey,
    responses(
        (status = CREATED, body = OwnKeyView),
        (status = CONFLICT, body = ErrorBody, description = "You have it already, or five others"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "A field does not fit, or the key does not work"),
        (status = TOO_MANY_REQUESTS, body = ErrorBody, description = "Too many keys within an hour"),
    ))]
pub(super) async fn add(
    State(app): State<App>,
    caller: SignedInUser,
    client: Client,
    Valid(body): Valid<NewOwnKey>,
) -> ApiResult<(StatusCode, Json<OwnKeyView>)> {
    let secret = new_key::secret(body.provider, body.key.as_ref())?;
    let base_url = new_key::address(body.base_url.as_deref());
    let described = body.provider.description();
    if base_url.is_none() && described.self_hosted {
        // The platform's own server needs no key, so it would be nobody's.
        let problem = format!("is missing: {} has no address but yours", described.label);
        return Err(ApiError::field("base_url", problem));
    }
    attempt::count_own_key(&app, caller.id).await?;
    if let Some(base_url) = base_url.as_deref().filter(|_| app.settings.production) {
        address::require_public(base_url).await?;
    }
    let id = KeyId::generate();
    let job = body.store(&app, &caller, (id, &secret), base_url.as_deref()).await?;
    tried(&app, &caller, id, job).await?;

    let mut tx = app.db.begin_as(caller.id).await?;
    let key = require(&mut tx, &caller, id).await?;
    let (actor, details) = (client.acting_for(&caller), json!({ "after": trace(&key) }));
    audit::record(&mut tx, &actor, Action("add_own_key"), target(&id.to_string()), &details).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(OwnKeyView::new(key, app.clock.now()))))
}

impl NewOwnKey {
    /// Stores it, unused, and has it tried.
    async fn store(
        &self,
        app: &App,
        student: &SignedInUser,
        (id, secret): (KeyId, &Secret),
        base_url: Option<&str>,
    ) -> ApiResult<Enqueued> {
        let sealed = app.vault.seal(id, secret).map_err(anyhow::Error::from)?;
        let fingerprint = app.vault.fingerprint(secret, base_url).map_err(anyhow::Error::from)?;
        let key = NewKey {
            id,
            owner: Some(student.id),
            provider: self.provider,
            feature: None,
            sealed: &sealed,
            fingerprint: &fingerprint,
            last_four: secret.last_four(),
            priority: 0,
            status: KeyStatus::Pending,
            name: None,
            note: None,
            quota_group: None,
            base_url,
            model: new_key::filled(self.model.as_deref()),
            limits: CallLimits::default(),
            price: None,
            never_fall_back: self.never_fall_back,
        };
        let mut tx = app.db.begin_as(student.id).await?;
        // Whoever ended the sign-in meanwhile wants no key of it.
        if !sign_ins::stands(&mut tx, student.sign_in).await? {
            return Err(ApiError::Unauthenticated("Your session has ended. Please sign in again."));
        }
        if own::count(&mut tx, student.id).await? >= MOST {
            return Err(ApiError::Conflict("You have five keys, which is the most. Delete one first."));
        }
        store::insert(&mut tx, &key).await.map_err(unless_duplicate)?;
        let job = probe::enqueue_own(&mut tx, id, student.id).await?;
        tx.commit().await?;
        Ok(job)
    }
}

/// Waits until the key was tried; one that does not work is deleted.
async fn tried(app: &App, student: &SignedInUser, id: KeyId, job: Enqueued) -> ApiResult<()> {
    let tried = probe::outcome(app, job).await?;
    if tried.ok {
        return Ok(());
    }
    let mut tx = app.db.begin_as(student.id).await?;
    store::delete_pending(&mut tx, id).await?;
    // A worker that came too late for us may have found it good.
    let kept = !tried.was_tried() && own::find(&mut tx, student.id, id).await?.is_some();
    tx.commit().await?;
    if kept { Ok(()) } else { Err(ApiError::field("key", tried.problem())) }
}

fn unless_duplicate(error: sqlx::Error) -> ApiError {
    match error.as_database_error().and_then(|error| error.constraint()) {
        Some(NO_DUPLICATES) => ApiError::Conflict("You have this key already."),
        _ => error.into(),
    }
}
