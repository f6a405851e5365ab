//! Whom an alert goes to.

use std::collections::BTreeSet;

use domain::ids::UserId;
use sqlx::PgConnection;

use super::{Channel, Event, Policy, Recipients, settings::Settings, webhooks};

/// What an operator set up, and so can be reached at all.
#[derive(Debug, Clone, Default)]
pub struct AvailableChannels {
    /// Whether e-mail can be sent.
    pub email: bool,
    /// Whether text messages can be sent.
    pub sms: bool,
    /// The address that is always an admin's.
    pub super_admin: Option<String>,
}

/// One recipient through one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Through what.
    pub channel: Channel,
    /// An address, a webhook's id, a phone.
    pub to: String,
}

/// Everybody who is to be told of an event, except for whoever caused it. Sees all accounts, so it
/// needs the platform.
///
/// # Errors
/// The database's.
pub async fn targets(
    conn: &mut PgConnection,
    settings: &Settings,
    event: Event,
    except: Option<UserId>,
    available_channels: &AvailableChannels,
) -> sqlx::Result<Vec<Target>> {
    let mut targets = Vec::new();
    for channel in settings.channels(event) {
        let to: Vec<String> = match channel {
            Channel::Email if available_channels.email => {
                emails(conn, settings, event, except, available_channels).await?
            }
            Channel::Sms if available_channels.sms => settings.phones.clone(),
            Channel::Webhook => {
                let hooks = webhooks::list(conn).await?.into_iter().filter(|hook| hook.enabled);
                hooks.map(|hook| hook.id.to_string()).collect()
            }
            Channel::Email | Channel::Sms => Vec::new(),
        };
        targets.extend(to.into_iter().map(|to| Target { channel, to }));
    }
    Ok(targets)
}

async fn emails(
    conn: &mut PgConnection,
    settings: &Settings,
    event: Event,
    except: Option<UserId>,
    available_channels: &AvailableChannels,
) -> sqlx::Result<Vec<String>> {
    let mut emails: BTreeSet<String> = settings.emails.iter().flatten().cloned().collect();
    if settings.emails.is_none() || Policy::of(event).recipients == Recipients::AllAdmins {
        emails.extend(admins(conn).await?);
        emails.extend(available_channels.super_admin.clone());
    }
    if let Some(except) = except {
        let theirs = sqlx::query_scalar!("select email from users where id = $1", except.0);
        if let Some(theirs) = theirs.fetch_optional(conn).await? {
            emails.remove(&theirs);
        }
    }
    Ok(emails.into_iter().collect())
}

/// The addresses of all admins whose account is not disabled.
async fn admins(conn: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select a.email from admin_allowlist a left join users u on u.email = a.email where u.disabled_at is null"
    )
    .fetch_all(conn)
    .await
}
