//! A key as an admin gives it.

use domain::{
    feature::Feature,
    ids::KeyId,
    keys::{
        CallLimits, KeyStatus, Price, Provider, Secret,
        provider::{names, one_of},
        store::{self, NewKey},
    },
};
use garde::Validate;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::{
    base_url,
    feature::{KeyFeature, must_serve},
    unless_duplicate,
    view::masked,
};
use crate::{
    App,
    auth::fields,
    error::{ApiError, ApiResult},
};

/// The longest name of a model or quota group.
const MAX_NAME: usize = 200;

/// A key for the pool.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewKeyBody {
    /// `demo` is the platform's own.
    #[garde(custom(by_hand))]
    provider: Provider,
    /// The feature it is kept for, or `*` for any.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = String, default = "*", example = "*")]
    feature: KeyFeature,
    /// 8 to 512 visible ASCII characters. Only a provider that needs none can do without.
    #[garde(skip)]
    #[schema(value_type = Option<String>, format = Password, write_only)]
    key: Option<SecretString>,
    /// Higher is used first.
    #[garde(range(min = -1000, max = 1000))]
    #[serde(default)]
    #[schema(default = 0, minimum = -1000, maximum = 1000)]
    priority: i32,
    /// Where the provider is, if not at its usual address.
    #[garde(inner(custom(base_url::rule)))]
    base_url: Option<String>,
    /// The model to ask for, if not the provider's default.
    #[garde(inner(custom(short)))]
    model: Option<String>,
    /// What to call it.
    #[garde(inner(length(chars, max = 60), custom(short)))]
    name: Option<String>,
    /// What to remember of it. Never a key.
    #[garde(inner(length(chars, max = 500), custom(fields::plain)))]
    note: Option<String>,
    /// The provider's project: its keys cool together.
    #[garde(inner(custom(short)))]
    quota_group: Option<String>,
    /// What the provider allows it.
    #[garde(dive)]
    limits: Option<CallLimits>,
    /// What its tokens cost, in dollars, for the projections.
    #[garde(dive)]
    price_per_million: Option<Price>,
    /// Adds it without the call that tries it.
    #[garde(skip)]
    #[serde(default)]
    pub(super) skip_test: bool,
}

/// Whether a text is a short line; nothing at all fits.
pub(crate) fn short<C>(text: &str, _: &C) -> garde::Result {
    if text.chars().count() > MAX_NAME {
        return Err(garde::Error::new(format!("must have at most {MAX_NAME} characters")));
    }
    fields::plain(text, &())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "rules are given references")]
pub(crate) fn by_hand<C>(provider: &Provider, _: &C) -> garde::Result {
    if provider.description().by_hand {
        return Ok(());
    }
    Err(garde::Error::new(format!("must be {}", one_of(&names(Provider::by_hand())))))
}

/// The value of a key for this provider.
pub(crate) fn secret(provider: Provider, key: Option<&SecretString>) -> ApiResult<Secret> {
    let text = key.map(|key| key.expose_secret().trim()).unwrap_or_default();
    if text.is_empty() && !provider.description().needs_key {
        return Ok(Secret::none());
    }
    Secret::parse(text).map_err(|problem| ApiError::field("key", problem.to_string()))
}

/// A text that says something.
pub(crate) fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// An address that passed its rule, as it is stored.
pub(crate) fn address(text: Option<&str>) -> Option<String> {
    filled(text).and_then(|text| base_url::parse(text).ok())
}

impl NewKeyBody {
    /// Whether it says where the provider is.
    pub(super) fn names_an_address(&self) -> bool {
        filled(self.base_url.as_deref()).is_some()
    }

    /// What the audit log keeps of it.
    pub(super) fn trace(&self, secret: &Secret) -> serde_json::Value {
        serde_json::json!({
            "provider": self.provider,
            "feature": self.feature,
            "key": masked(secret.last_four()),
            "base_url": address(self.base_url.as_deref()),
            "model": filled(self.model.as_deref()),
        })
    }

    /// Its value.
    pub(super) fn secret(&self) -> ApiResult<Secret> {
        secret(self.provider, self.key.as_ref())
    }

    /// The feature it is kept for; `None` is any.
    pub(super) const fn feature(&self) -> Option<Feature> {
        self.feature.0
    }

    /// Stores it. With `passing`, the row is soon gone, and never in the way of the same key.
    pub(super) async fn insert(
        &self,
        app: &App,
        conn: &mut PgConnection,
        (id, secret): (KeyId, &Secret),
        status: KeyStatus,
        passing: bool,
    ) -> ApiResult<()> {
        must_serve(self.provider, self.feature.0)?;
        let base_url = address(self.base_url.as_deref());
        let sealed = app.vault.seal(id, secret).map_err(anyhow::Error::from)?;
        let fingerprint = if passing {
            id.0.as_bytes().to_vec()
        } else {
            app.vault.fingerprint(secret, base_url.as_deref()).map_err(anyhow::Error::from)?
        };
        let key = NewKey {
            id,
            owner: None,
            provider: self.provider,
            feature: self.feature.0,
            sealed: &sealed,
            fingerprint: &fingerprint,
            last_four: secret.last_four(),
            priority: self.priority,
            status,
            name: filled(self.name.as_deref()),
            note: filled(self.note.as_deref()),
            quota_group: filled(self.quota_group.as_deref()),
            base_url: base_url.as_deref(),
            model: filled(self.model.as_deref()),
            limits: self.limits.unwrap_or_default(),
            price: self.price_per_million,
            never_fall_back: false,
        };
        store::insert(conn, &key).await.map_err(unless_duplicate)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problems(change: &serde_json::Value) -> Vec<String> {
        let mut body = json!({ "provider": "gemini", "feature": "*", "key": "sk-12345678", "priority": 0 });
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        let body: NewKeyBody = serde_json::from_value(body).unwrap();
        match body.validate() {
            Ok(()) => Vec::new(),
            Err(report) => report.iter().map(|(path, _)| path.to_string()).collect(),
        }
    }

    #[test]
    fn fields_are_named_when_they_do_not_fit() {
        assert_eq!(problems(&json!({})), Vec::<String>::new());
        assert_eq!(problems(&json!({ "provider": "demo" })), ["provider"]);
        assert_eq!(problems(&json!({ "priority": 1001 })), ["priority"]);
        assert_eq!(problems(&json!({ "base_url": "nowhere" })), ["base_url"]);
        assert_eq!(
            problems(&json!({ "model": "a\0b", "quota_group": "x".repeat(201) })),
            ["model", "quota_group"]
        );
        assert_eq!(problems(&json!({ "limits": { "rpm": 0 } })), ["limits.rpm"]);
        let price = json!({ "price_per_million": { "prompt": -0.1, "completion": 2.5 } });
        assert_eq!(problems(&price), ["price_per_million.prompt"]);
        assert_eq!(
            problems(&json!({ "base_url": "", "model": "", "quota_group": null, "limits": {} })),
            Vec::<String>::new()
        );
    }

    #[test]
    fn only_a_server_of_ones_own_needs_no_key() {
        let key = |text: &str| SecretString::from(text);
        assert!(secret(Provider::Ollama, None).unwrap().is_none());
        assert!(secret(Provider::Ollama, Some(&key(" "))).unwrap().is_none());
        assert!(secret(Provider::OpenAi, None).is_err());
        assert_eq!(secret(Provider::OpenAi, Some(&key(" sk-12345678\n"))).unwrap().last_four(), "5678");
        let error = format!("{:?}", secret(Provider::Gemini, Some(&key("hush me"))).unwrap_err());
        assert!(!error.contains("hush"));
    }

    #[test]
    fn a_body_does_not_show_its_key() {
        let body = json!({ "provider": "gemini", "feature": "chat", "key": "sk-very-secret" });
        let body: NewKeyBody = serde_json::from_value(body).unwrap();
        assert!(!format!("{body:?}").contains("secret\""));
        assert!(!format!("{body:?}").contains("sk-very"));
    }
}
