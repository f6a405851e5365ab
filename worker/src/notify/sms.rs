//! Text messages, through whatever gateway takes `{"to", "text"}` by POST.

use jobs::admin_events::deliveries::Delivery;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::{Failure, result_of, template, webhook};

/// Where text messages are sent to.
#[derive(Debug, Clone)]
pub struct SmsSettings {
    /// The gateway's address, which may hold a secret.
    pub url: SecretString,
    /// The bearer token, if it wants one.
    pub token: Option<SecretString>,
}

/// Sends text messages.
#[derive(Debug)]
pub(super) struct Gateway {
    settings: SmsSettings,
    http: reqwest::Client,
}

impl Gateway {
    pub(super) fn new(settings: &SmsSettings) -> anyhow::Result<Self> {
        // An operator names it, so it may be anywhere.
        Ok(Self { settings: settings.clone(), http: webhook::client(false)? })
    }

    pub(super) async fn send(&self, delivery: &Delivery) -> Result<(), Failure> {
        let mut request = self
            .http
            .post(self.settings.url.expose_secret())
            .header("idempotency-key", delivery.id.to_string())
            .json(&json!({ "to": delivery.target, "text": template::short(&delivery.alert) }));
        if let Some(token) = &self.settings.token {
            request = request.bearer_auth(token.expose_secret());
        }
        result_of(request.send().await)
    }
}
