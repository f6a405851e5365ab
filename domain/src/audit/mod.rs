//! The audit log: who did what, in the transaction that does it. Append-only.

use std::net::IpAddr;

use serde_json::Value;
use sqlx::PgConnection;

use crate::ids::UserId;

pub mod burst;
mod details;
pub mod log;

/// Who acts, and from where.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    /// The account; `None` is the platform itself, or somebody unknown.
    pub id: Option<UserId>,
    /// The account's address at that time.
    pub email: Option<String>,
    /// The client's address.
    pub ip: Option<IpAddr>,
    /// What the client calls itself, at most 512 characters of it.
    pub user_agent: Option<String>,
    /// The request.
    pub request_id: Option<String>,
}

impl Actor {
    /// The platform itself.
    pub fn platform() -> Self {
        Self::default()
    }

    /// Whoever has the server's command line. That is as much as is known of them.
    pub fn operator() -> Self {
        Self { user_agent: Some("the server's command line".to_owned()), ..Self::default() }
    }

    /// The same client, acting for this account.
    #[must_use]
    pub fn acting_for(mut self, id: UserId, email: &str) -> Self {
        self.id = Some(id);
        self.email = Some(email.to_owned());
        self
    }
}

/// What was done. The stored names are the clients' filter values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action(pub &'static str);

/// What something was done to.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// Its kind: `user`, `api_key`, `feature`, `maintenance`, `notifications`, `job`, `queue`, …
    pub kind: &'static str,
    /// Which one.
    pub id: Option<&'a str>,
}

/// Writes an entry. `details` holds what changed, before and after, and never a secret. What a database
/// cannot store, or is too long to be searched, is left out of it: no text of a client keeps an entry
/// from being written.
///
/// # Errors
/// The database's.
pub async fn record(
    conn: &mut PgConnection,
    actor: &Actor,
    action: Action,
    target: Target<'_>,
    details: &Value,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into audit_log (actor_id, actor_email, action, target_type, target_id, details, ip_address, user_agent,
                                request_id)
         values ($1, $2, $3, $4, $5, $6, $7::text::inet, $8, $9)",
        actor.id.map(|id| id.0),
        actor.email.as_deref().map(details::storable),
        action.0,
        target.kind,
        target.id.map(details::storable),
        details::fit(details) as _,
        actor.ip.map(|ip| ip.to_string()),
        actor.user_agent.as_deref().map(details::storable),
        actor.request_id,
    )
    .execute(conn)
    .await?;
    Ok(())
}
