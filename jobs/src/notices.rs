//! What admins are to be told: a row in the outbox, written in the transaction that causes it.

use domain::ids::UserId;
use serde_json::Value;
use sqlx::PgConnection;

/// What happened. The guide's table of events; each has its channels and urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A call with a key failed; another served.
    KeyFailed,
    /// A key was degraded.
    KeyDegraded,
    /// A degraded key works again.
    KeyRecovered,
    /// A question went over to another key.
    Failover,
    /// Maintenance began by itself.
    MaintenanceEntered,
    /// Maintenance ended by itself.
    MaintenanceLeft,
    /// An admin set, changed or overrode maintenance.
    AdminOverride,
    /// A key was added to the pool.
    KeyAdded,
    /// A key was taken out of the pool, or changed.
    KeyDeleted,
    /// Somebody tries what they should not.
    Security,
    /// The quota of a feature's keys runs low.
    QuotaWarning,
}

impl Event {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::KeyFailed => "key_failed",
            Self::KeyDegraded => "key_degraded",
            Self::KeyRecovered => "key_recovered",
            Self::Failover => "failover",
            Self::MaintenanceEntered => "maintenance_entered",
            Self::MaintenanceLeft => "maintenance_left",
            Self::AdminOverride => "admin_override",
            Self::KeyAdded => "key_added",
            Self::KeyDeleted => "key_deleted",
            Self::Security => "security",
            Self::QuotaWarning => "quota_warning",
        }
    }
}

/// Something to be told.
#[derive(Debug)]
pub struct Notice<'a> {
    /// What happened.
    pub event: Event,
    /// To what: a key's id, a feature, an address. The same event about the same thing within a short
    /// time is told once, with a count.
    pub about: &'a str,
    /// One line for people.
    pub subject: &'a str,
    /// The rest, as names and values; never a secret.
    pub facts: Value,
    /// The admin who caused it, where only the others are told.
    pub except: Option<UserId>,
}

/// Puts a notice into the outbox.
///
/// # Errors
/// The database's.
pub async fn raise(conn: &mut PgConnection, notice: &Notice<'_>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into notices (id, event, about, subject, facts, except_id) values ($1, $2, $3, $4, $5, $6)",
        domain::ids::JobId::generate().0,
        notice.event.as_str(),
        notice.about,
        notice.subject,
        notice.facts,
        notice.except.map(|id| id.0),
    )
    .execute(conn)
    .await?;
    Ok(())
}
