//! The settings as they are shown, and as they go into the audit log.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::ids::WebhookId;
use jobs::admin_events::{
    Channel, Event, Policy, Urgency,
    recipients::AvailableChannels,
    settings::{self, Settings, Thresholds},
    webhooks::{self, Webhook},
};
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::PgConnection;
use utoipa::ToSchema;

/// Who is told what.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NotificationsView {
    /// Who gets e-mail; null is all admins.
    emails: Option<Vec<String>>,
    /// Who gets text messages.
    phones: Vec<String>,
    webhooks: Vec<WebhookView>,
    thresholds: Thresholds,
    /// By event.
    types: BTreeMap<Event, TypeView>,
    channels: ChannelsView,
}

/// An address that alerts are posted to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WebhookView {
    id: WebhookId,
    /// As much of it as is shown: the path of many services is a secret.
    url: String,
    enabled: bool,
    created_at: DateTime<Utc>,
    /// What signs the messages (`whsec_…`, Standard Webhooks). Shown once, when it was added.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// How an event is told.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TypeView {
    enabled: bool,
    channels: Vec<Channel>,
    urgency: Urgency,
}

/// Whether a channel can be used.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChannelsView {
    email: ChannelView,
    webhook: ChannelView,
    sms: ChannelView,
}

/// Whether a channel can be used.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChannelView {
    /// Whether the operator set it up; for webhooks, whether one is enabled.
    configured: bool,
}

/// What there is, read together.
#[derive(Debug)]
pub(super) struct Current {
    pub(super) settings: Settings,
    pub(super) webhooks: Vec<Webhook>,
}

impl Current {
    /// With `lock`, until the end of the transaction nobody else changes it.
    pub(super) async fn load(conn: &mut PgConnection, lock: bool) -> sqlx::Result<Self> {
        let settings = settings::load(conn, lock).await?;
        Ok(Self { settings, webhooks: webhooks::list(conn).await? })
    }

    /// As it is shown; `secrets` are those of webhooks that were added just now.
    pub(super) fn view(
        self,
        available_channels: &AvailableChannels,
        secrets: &[(WebhookId, String)],
    ) -> NotificationsView {
        let of_type = |event| TypeView {
            enabled: self.settings.enabled(event),
            channels: self.settings.channels(event),
            urgency: Policy::of(event).urgency,
        };
        let channel = |configured| ChannelView { configured };
        NotificationsView {
            types: Event::settable().map(|event| (event, of_type(event))).collect(),
            channels: ChannelsView {
                email: channel(available_channels.email),
                webhook: channel(self.webhooks.iter().any(|hook| hook.enabled)),
                sms: channel(available_channels.sms),
            },
            emails: self.settings.emails,
            phones: self.settings.phones,
            thresholds: self.settings.thresholds,
            webhooks: self.webhooks.into_iter().map(|hook| WebhookView::new(hook, secrets)).collect(),
        }
    }

    /// For the audit log.
    pub(super) fn audited(&self) -> Value {
        let hooks = self.webhooks.iter();
        let hooks: Vec<_> =
            hooks.map(|hook| json!({ "id": hook.id, "url": hook.shown, "enabled": hook.enabled })).collect();
        json!({
            "emails": self.settings.emails,
            "phones": self.settings.phones,
            "thresholds": self.settings.thresholds,
            "types": self.settings.types,
            "webhooks": hooks,
        })
    }
}

impl WebhookView {
    fn new(hook: Webhook, secrets: &[(WebhookId, String)]) -> Self {
        let secret = secrets.iter().find(|(id, _)| *id == hook.id).map(|(_, secret)| secret.clone());
        Self { id: hook.id, url: hook.shown, enabled: hook.enabled, created_at: hook.created_at, secret }
    }
}
