//! Changes a key.

use axum::{Json, extract::State};
use domain::{
    ids::KeyId,
    keys::{
        CallLimits, Key, KeyStatus, Price, Secret, health,
        store::{self, Change},
    },
};
use garde::Validate;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use serde_json::json;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::{
    base_url,
    feature::{KeyFeature, must_serve},
    new_key, probe, require, show,
    suggestion::Suggestion,
    target, trace, unless_duplicate,
    view::KeyView,
};
use crate::{
    App,
    auth::fields,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Valid},
    permissions::ManageKeys,
};

/// What to change; what is left out stays, and null takes away.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[expect(clippy::option_option, reason = "absent, null and a value are three things")]
#[serde(deny_unknown_fields)]
pub(super) struct KeyChange {
    #[garde(inner(range(min = -1000, max = 1000)))]
    #[schema(minimum = -1000, maximum = 1000)]
    priority: Option<i32>,
    /// `active`, `degraded` or `disabled`. Active also forgets failures and cooldown.
    #[garde(inner(custom(settable)))]
    status: Option<KeyStatus>,
    /// The feature it is kept for, or `*` for any.
    #[garde(skip)]
    #[schema(value_type = Option<String>)]
    feature: Option<KeyFeature>,
    #[garde(inner(inner(length(chars, max = 60), custom(new_key::short))))]
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    name: Option<Option<String>>,
    #[garde(inner(inner(length(chars, max = 500), custom(fields::plain))))]
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    note: Option<Option<String>>,
    #[garde(inner(inner(custom(new_key::short))))]
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    quota_group: Option<Option<String>>,
    #[garde(inner(inner(custom(new_key::short))))]
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    model: Option<Option<String>>,
    #[garde(inner(inner(custom(base_url::rule))))]
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    base_url: Option<Option<String>>,
    /// A new value. Until a call has shown that it works, it is used only when nothing else is left.
    #[garde(skip)]
    #[schema(value_type = Option<String>, format = Password, write_only)]
    key: Option<SecretString>,
    #[garde(dive)]
    limits: Option<CallLimits>,
    /// What its tokens cost, in dollars.
    #[garde(dive)]
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Price>)]
    price_per_million: Option<Option<Price>>,
    /// Trusts a new value without the call that tries it.
    #[garde(skip)]
    #[serde(default)]
    skip_test: bool,
}

/// A field that is there, be it null.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "rules are given references")]
fn settable<C>(status: &KeyStatus, _: &C) -> garde::Result {
    match status {
        KeyStatus::Pending => Err(garde::Error::new("must be active, degraded or disabled")),
        _ => Ok(()),
    }
}

/// Changes a key. With a new value, the answer comes when that was tried; `status` and `reason` say
/// how it went.
#[utoipa::path(patch, path = "/api/admin/keys/{id}", tag = "admin keys", params(("id" = KeyId, Path)),
    request_body = KeyChange,
    responses(
        (status = OK, body = KeyView),
        (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody),
        (status = CONFLICT, body = ErrorBody, description = "It would be there twice, or is being tried"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
    ))]
pub(super) async fn update(
    State(app): State<App>,
    admin: Admin<ManageKeys>,
    Path(id): Path<KeyId>,
    Valid(body): Valid<KeyChange>,
) -> ApiResult<Json<KeyView>> {
    let mut change = admin.begin(&app).await?;
    let key = require(&mut change, id).await?;
    if key.status == KeyStatus::Pending {
        return Err(ApiError::Conflict("This key is being tried. Please try again in a moment."));
    }
    // As it is before the key may have changed it.
    let feature = body.feature.map_or(key.feature, |feature| feature.0);
    must_serve(key.provider, feature)?;
    let suggestion = Suggestion::to_leave(&app.platform_status.current(), feature);
    let secret = body.new_value(&key)?;
    if let Some(secret) = &secret {
        body.rotate(&app, &mut change, &key, secret).await?;
    }
    body.apply(&mut change, &key, secret.is_some()).await?;
    health::store::set_by_admin(&mut change, id, key.status, app.clock.now()).await?;
    let untried = secret.is_some() && !body.skip_test;
    let job = if untried { Some(probe::enqueue(&mut change, id, true).await?) } else { None };
    let after = require(&mut change, id).await?;
    let details = json!({ "before": trace(&key), "after": trace(&after), "new_value": secret.is_some() });
    change.commit("update_api_key", target(&id.to_string()), &details).await?;
    if let Some(job) = job {
        // The key's health says how it went.
        probe::outcome(&app, job).await?;
    }
    let view = show(&app, id).await?;
    let revived = body.status == Some(KeyStatus::Active) || secret.is_some();
    Ok(Json(view.suggesting(suggestion.filter(|_| revived))))
}

impl KeyChange {
    /// The new value, if there is one. What is known by its address alone is another at another.
    fn new_value(&self, key: &Key) -> ApiResult<Option<Secret>> {
        match &self.key {
            Some(_) => new_key::secret(key.provider, self.key.as_ref()).map(Some),
            None if key.last_four.is_empty() && self.base_url.is_some() => Ok(Some(Secret::none())),
            None => Ok(None),
        }
    }

    async fn rotate(&self, app: &App, conn: &mut PgConnection, key: &Key, secret: &Secret) -> ApiResult<()> {
        let base_url = match &self.base_url {
            Some(changed) => new_key::address(changed.as_deref()),
            None => key.base_url.clone(),
        };
        let sealed = app.vault.seal(key.id, secret).map_err(anyhow::Error::from)?;
        let fingerprint = app.vault.fingerprint(secret, base_url.as_deref()).map_err(anyhow::Error::from)?;
        store::set_value(conn, key.id, &sealed, &fingerprint, secret.last_four())
            .await
            .map_err(unless_duplicate)?;
        Ok(())
    }

    async fn apply(&self, conn: &mut PgConnection, key: &Key, rotated: bool) -> ApiResult<()> {
        let base_url = self.base_url.as_ref().map(|changed| new_key::address(changed.as_deref()));
        let change = Change {
            priority: self.priority,
            status: self.status_after(key.status, rotated),
            feature: self.feature.map(|feature| feature.0),
            name: self.name.as_ref().map(|changed| new_key::filled(changed.as_deref())),
            note: self.note.as_ref().map(|changed| new_key::filled(changed.as_deref())),
            quota_group: self.quota_group.as_ref().map(|changed| new_key::filled(changed.as_deref())),
            model: self.model.as_ref().map(|changed| new_key::filled(changed.as_deref())),
            base_url: base_url.as_ref().map(Option::as_deref),
            limits: self.limits,
            price: self.price_per_million,
        };
        store::update(conn, key.id, &change).await.map_err(unless_duplicate)?;
        Ok(())
    }

    /// The status to set. A new value becomes active only by being tried, or by the admin's word.
    fn status_after(&self, before: KeyStatus, rotated: bool) -> Option<KeyStatus> {
        match (rotated, self.skip_test, self.status) {
            (true, false, Some(KeyStatus::Active)) => Some(KeyStatus::Degraded),
            (true, true, None) => (before != KeyStatus::Disabled).then_some(KeyStatus::Active),
            (_, _, status) => status,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn change(body: Value) -> KeyChange {
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn null_takes_away_and_absence_leaves() {
        let change = change(json!({ "model": null, "quota_group": "project-1" }));
        assert_eq!(change.model, Some(None));
        assert_eq!(change.quota_group, Some(Some("project-1".to_owned())));
        assert_eq!(change.base_url, None);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let fields = |body| match change(body).validate() {
            Ok(()) => Vec::new(),
            Err(report) => report.iter().map(|(path, _)| path.to_string()).collect(),
        };
        assert_eq!(fields(json!({ "status": "pending" })), ["status"]);
        assert_eq!(fields(json!({ "priority": -1001, "base_url": "x" })), ["base_url", "priority"]);
        assert!(fields(json!({ "status": "disabled", "base_url": null, "priority": 7 })).is_empty());
    }

    #[test]
    fn a_new_value_is_not_trusted_untried() {
        use KeyStatus::{Active, Degraded, Disabled};
        let status = |body, before| change(body).status_after(before, true);
        assert_eq!(status(json!({}), Active), None, "rotating has degraded it");
        assert_eq!(status(json!({ "status": "active" }), Disabled), Some(Degraded));
        assert_eq!(status(json!({ "status": "disabled" }), Active), Some(Disabled));
        assert_eq!(status(json!({ "skip_test": true }), Degraded), Some(Active));
        assert_eq!(status(json!({ "skip_test": true }), Disabled), None);
        assert_eq!(change(json!({ "status": "active" })).status_after(Degraded, false), Some(Active));
    }
}
