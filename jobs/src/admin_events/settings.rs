//! Who is told what: an admin's choices, over the defaults of the table in [`super::Policy`].

use std::{collections::BTreeMap, time::Duration};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{Channel, Event, Policy};

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Who gets e-mail; `None` is all admins.
    pub emails: Option<Vec<String>>,
    /// Who gets text messages.
    pub phones: Vec<String>,
    /// When something is worth telling.
    pub thresholds: Thresholds,
    /// By event, where it is not as in the table.
    pub types: BTreeMap<Event, Choice>,
}

/// When something is worth telling, and how it is folded. See [`super::coalesce`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Thresholds {
    /// Failures of a key within an hour before `key_failed` is told.
    pub key_failures: i32,
    /// How long what is not urgent is gathered before it is told.
    pub coalesce_seconds: i32,
    /// How long an event about the same thing is quiet after it was told.
    pub quiet_seconds: i32,
}

/// How an event is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Whether at all.
    pub enabled: bool,
    /// Through what; `None` is as in the table.
    pub channels: Option<Vec<Channel>>,
}

impl Thresholds {
    pub(super) fn key_failures(self) -> usize {
        usize::try_from(self.key_failures).unwrap_or(1)
    }

    pub(super) fn coalesce(self, event: Event) -> TimeDelta {
        let chosen = TimeDelta::seconds(self.coalesce_seconds.into());
        if event.is_security() { chosen.min(SECURITY_WAITS) } else { chosen }
    }

    pub(super) fn quiet(self, event: Event) -> TimeDelta {
        let chosen = TimeDelta::seconds(self.quiet_seconds.into());
        if event.is_security() { chosen.min(SECURITY_WAITS) } else { chosen }
    }
}

impl Settings {
    /// Whether an event is told.
    pub fn enabled(&self, event: Event) -> bool {
        !event.is_settable() || self.types.get(&event).is_none_or(|choice| choice.enabled)
    }

    /// Through what an event is told, if it is.
    pub fn channels(&self, event: Event) -> Vec<Channel> {
        let chosen =
            self.types.get(&event).filter(|_| event.is_settable()).and_then(|choice| choice.channels.clone());
        chosen.unwrap_or_else(|| Policy::of(event).channels.to_vec())
    }
}

/// The longest that security events are held back, whatever is chosen for the others.
const SECURITY_WAITS: TimeDelta = TimeDelta::minutes(10);

/// How long the longest quiet while may be, and so how far back one has to look.
pub const LONGEST_QUIET: Duration = Duration::from_hours(24);

/// Reads the settings; with `lock`, until the end of the transaction nobody else changes them.
///
/// # Errors
/// The database's.
pub async fn load(conn: &mut PgConnection, lock: bool) -> sqlx::Result<Settings> {
    if lock {
        sqlx::query!("select from notification_settings for update").execute(&mut *conn).await?;
    }
    let row = sqlx::query!(
        "select emails, phones, key_failures, coalesce_seconds, quiet_seconds, types from notification_settings"
    )
    .fetch_one(conn)
    .await?;
    // What another release knew and this one does not is left out.
    let types: BTreeMap<String, Choice> = serde_json::from_value(row.types).unwrap_or_default();
    Ok(Settings {
        emails: row.emails,
        phones: row.phones,
        thresholds: Thresholds {
            key_failures: row.key_failures,
            coalesce_seconds: row.coalesce_seconds,
            quiet_seconds: row.quiet_seconds,
        },
        types: types.into_iter().filter_map(|(name, choice)| Some((Event::parse(&name)?, choice))).collect(),
    })
}

/// Writes the settings.
///
/// # Errors
/// The database's.
pub async fn save(conn: &mut PgConnection, settings: &Settings) -> sqlx::Result<()> {
    sqlx::query!(
        "update notification_settings
         set emails = $1, phones = $2, key_failures = $3, coalesce_seconds = $4, quiet_seconds = $5, types = $6",
        settings.emails.as_deref(),
        &settings.phones,
        settings.thresholds.key_failures,
        settings.thresholds.coalesce_seconds,
        settings.thresholds.quiet_seconds,
        serde_json::to_value(&settings.types).map_err(|error| sqlx::Error::Encode(error.into()))?,
    )
    .execute(conn)
    .await?;
    Ok(())
}
