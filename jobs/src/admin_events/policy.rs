//! How each event is told, unless an admin chose otherwise: the guide's table.

use serde::{Deserialize, Serialize};

use super::Event;

/// A way to people.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By SMTP.
    Email,
    /// A signed POST, or a message for Slack.
    Webhook,
    /// A text message, for what cannot wait.
    Sms,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Email, Self::Webhook, Self::Sms];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
            Self::Sms => "sms",
        }
    }

    /// The channel of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == name)
    }
}

/// How soon it is to be told, and how it is folded.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Nobody has to do anything.
    Low,
    /// Somebody should look today.
    Medium,
    /// Now: each one is told, within a second or two.
    High,
}

/// Who is told by e-mail. Whoever caused it is left out in any case, where the notice says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipients {
    /// The addresses that admins chose, or all admins where they chose none.
    Chosen,
    /// All admins, and the chosen addresses besides.
    AllAdmins,
}

/// How an event is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Through what.
    pub channels: &'static [Channel],
    /// How soon.
    pub urgency: Urgency,
    /// To whom.
    pub recipients: Recipients,
}

impl Policy {
    /// The table.
    pub const fn of(event: Event) -> Self {
        use Recipients::{AllAdmins, Chosen};
        use Urgency::{High, Low, Medium};
        const MAIL: &[Channel] = &[Channel::Email];
        const MAIL_HOOK: &[Channel] = &[Channel::Email, Channel::Webhook];
        const ALL: &[Channel] = &Channel::ALL;
        let (channels, urgency, recipients) = match event {
            Event::KeyFailed | Event::KeyAdded | Event::KeyDeleted => (MAIL, Low, Chosen),
            Event::KeyDegraded | Event::Failover | Event::Security | Event::QuotaWarning => {
                (MAIL_HOOK, Medium, Chosen)
            }
            Event::KeyRecovered => (MAIL_HOOK, Low, Chosen),
            Event::MaintenanceEntered | Event::SecurityCritical | Event::AlertsChanged => {
                (ALL, High, AllAdmins)
            }
            Event::MaintenanceLeft | Event::AdminOverride => (MAIL_HOOK, High, AllAdmins),
            Event::Test => (ALL, High, Chosen),
        };
        Self { channels, urgency, recipients }
    }
}
