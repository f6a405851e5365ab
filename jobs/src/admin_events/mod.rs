//! What admins are to be told.
//!
//! [`emit`] writes a notice in the transaction that causes it. The scheduler looks every second whether one
//! is ripe ([`outbox::enqueue_ripe`]) and enqueues [`DispatchAdminEvents`], which folds notices
//! into alerts ([`coalesce`]) and gives each alert its deliveries ([`deliveries`]), a job each.
//!
//! **Raising waits for nobody.** A unique job for each kind of notice would make transactions that raise the same
//! one wait for each other, and those that raise two in different orders for ever. So it is a plain insert,
//! and the folding is done by one job at a time.

use domain::ids::{AdminEventId, UserId};
use serde_json::Value;
use sqlx::PgConnection;

pub mod coalesce;
mod deliver_alert;
pub mod deliveries;
mod dispatch_admin_events;
mod event;
pub mod outbox;
mod policy;
pub mod recipients;
pub mod settings;
pub mod webhooks;

pub use deliver_alert::DeliverAlert;
pub use dispatch_admin_events::DispatchAdminEvents;
pub use event::Event;
pub use policy::{Channel, Policy, Recipients, Urgency};

/// Something to be told.
#[derive(Debug)]
pub struct AdminEvent<'a> {
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

/// Puts a notice into the outbox. The transaction is the platform's: a student's may not tell admins anything.
///
/// # Errors
/// The database's.
pub async fn emit(conn: &mut PgConnection, notice: &AdminEvent<'_>) -> sqlx::Result<()> {
    metrics::counter!("medai_notices_total", "event" => notice.event.as_str()).increment(1);
    sqlx::query!(
        "insert into notices (id, event, about, subject, facts, except_id) values ($1, $2, $3, $4, $5, $6)",
        AdminEventId::generate().0,
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
