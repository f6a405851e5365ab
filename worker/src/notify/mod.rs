//! The ways to people: e-mail, webhooks, text messages. Each takes an alert and says whether it arrived.

use std::{fmt, str::FromStr as _, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{Db, ids::WebhookId, keys::Vault};
use jobs::admin_events::{Channel, deliveries::Delivery, recipients::AvailableChannels, webhooks};

mod email;
mod refusal;
mod sms;
mod template;
mod webhook;

pub use email::{EmailSettings, MailTransport, Smtp, SmtpTls};
pub use sms::SmsSettings;

/// What an operator set up.
#[derive(Debug, Clone, Default)]
pub struct NotifySettings {
    /// How e-mail is sent, if it is.
    pub email: Option<EmailSettings>,
    /// How text messages are sent, if they are.
    pub sms: Option<SmsSettings>,
    /// The address that is always an admin's.
    pub super_admin: Option<String>,
    /// Whether webhooks may lead only to public addresses, by HTTPS.
    pub public_only: bool,
}

impl NotifySettings {
    /// What can be reached.
    pub fn available_channels(&self) -> AvailableChannels {
        AvailableChannels {
            email: self.email.is_some(),
            sms: self.sms.is_some(),
            super_admin: self.super_admin.clone(),
        }
    }
}

/// Why something did not arrive, in our words: those of others may hold addresses and secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// For admins.
    pub(crate) reason: String,
    /// Whether it is of no use to try again.
    pub(crate) for_good: bool,
}

impl Failure {
    fn passing(reason: impl fmt::Display) -> Self {
        Self { reason: reason.to_string(), for_good: false }
    }

    fn for_good(reason: impl fmt::Display) -> Self {
        Self { reason: reason.to_string(), for_good: true }
    }
}

/// All channels of a worker.
#[derive(Debug)]
pub(crate) struct Channels {
    db: Db,
    vault: Arc<Vault>,
    email: Option<email::Mailer>,
    sms: Option<sms::Gateway>,
    webhooks: webhook::Poster,
    pub(crate) available: AvailableChannels,
}

impl Channels {
    /// As an operator set them up.
    ///
    /// # Errors
    /// Where a certificate cannot be read, or TLS not be set up.
    pub(crate) fn new(settings: &NotifySettings, db: Db, vault: Arc<Vault>) -> anyhow::Result<Self> {
        Ok(Self {
            db,
            vault,
            email: settings.email.as_ref().map(email::Mailer::new).transpose()?,
            sms: settings.sms.as_ref().map(sms::Gateway::new).transpose()?,
            webhooks: webhook::Poster::new(settings.public_only)?,
            available: settings.available_channels(),
        })
    }

    /// Delivers an alert. It may arrive twice where the process dies after it did and before that is
    /// stored; the delivery's id tells receivers.
    pub(crate) async fn deliver(&self, delivery: &Delivery, now: DateTime<Utc>) -> Result<(), Failure> {
        let not_set_up = || Failure::passing("this worker has no such channel set up");
        match delivery.channel {
            Channel::Email => self.email.as_ref().ok_or_else(not_set_up)?.send(delivery, now).await,
            Channel::Sms => self.sms.as_ref().ok_or_else(not_set_up)?.send(delivery).await,
            Channel::Webhook => self.call_webhook(delivery, now).await,
        }
    }

    async fn call_webhook(&self, delivery: &Delivery, now: DateTime<Utc>) -> Result<(), Failure> {
        let gone = || Failure::for_good("the webhook was removed or switched off");
        let id = WebhookId::from_str(&delivery.target).map_err(|_malformed| gone())?;
        let opened = webhooks::open(self.db.pool(), &self.vault, id).await;
        let opened = opened.map_err(|_cause| Failure::passing("the webhook could not be read"))?;
        self.webhooks.post(delivery, &opened.ok_or_else(gone)?, now).await
    }
}

/// What an HTTP call came to. A body is not read: nothing in it concerns us.
fn result_of(called: reqwest::Result<reqwest::Response>) -> Result<(), Failure> {
    match called {
        Ok(response) if response.status().is_success() => Ok(()),
        Ok(response) if response.status() == reqwest::StatusCode::GONE => {
            Err(Failure::for_good("it answered 410: it is gone"))
        }
        Ok(response) if response.status().is_redirection() => Err(Failure::passing(format!(
            "it answered {}, and redirects are not followed",
            response.status().as_u16()
        ))),
        Ok(response) => Err(Failure::passing(format!("it answered {}", response.status().as_u16()))),
        Err(error) if error.is_timeout() => Err(Failure::passing("it did not answer in time")),
        Err(error) if error.is_connect() => Err(Failure::passing("it cannot be reached")),
        Err(_cause) => Err(Failure::passing("the connection broke")),
    }
}
