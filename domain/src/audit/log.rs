//! Reading the audit log. Needs the platform.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

/// An entry, in the guide's format.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Entry {
    /// Its number.
    pub id: i64,
    /// When it was done.
    pub timestamp: DateTime<Utc>,
    /// The account that did it; null for the platform itself, its operator, and somebody unknown.
    pub admin_id: Option<Uuid>,
    /// The account's address at that time.
    pub admin_email: Option<String>,
    /// What was done.
    pub action_type: String,
    /// To what kind of thing.
    pub target_type: String,
    /// To which one.
    pub target_id: Option<String>,
    /// More about it: what changed, before and after.
    #[schema(value_type = Object)]
    pub details: Value,
    /// From where.
    pub ip_address: Option<String>,
    /// By which program.
    pub user_agent: Option<String>,
    /// In which request.
    pub request_id: Option<String>,
}

/// The place of an entry in the log: the newest comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place(pub DateTime<Utc>, pub i64);

impl Entry {
    /// Its place.
    pub const fn place(&self) -> Place {
        Place(self.timestamp, self.id)
    }
}

/// What the log is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// The account that did it.
    pub actor: Option<Uuid>,
    /// Its address at that time, in lower case.
    pub actor_email: Option<String>,
    /// What was done.
    pub action: Option<String>,
    /// To what kind of thing.
    pub target_type: Option<String>,
    /// To which one.
    pub target_id: Option<String>,
    /// Not before this time.
    pub from: Option<DateTime<Utc>>,
    /// Before this time.
    pub to: Option<DateTime<Utc>>,
    /// Words that it has, as a search engine takes them: `"a phrase"`, `or`, `-without`.
    pub text: Option<String>,
}

/// Entries from the newest to the oldest, after the one at `after`.
///
/// # Errors
/// The database's.
pub async fn list(
    conn: &mut PgConnection,
    filter: &Filter,
    after: Option<Place>,
    limit: i64,
) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as!(
        Entry,
        r#"select id, at as timestamp, actor_id as admin_id, actor_email as admin_email, action as action_type, target_type,
                  target_id, details, host(ip_address) as ip_address, user_agent, request_id
           from audit_log
           where ($1::uuid is null or actor_id = $1)
             and ($2::text is null or lower(actor_email) = $2)
             and ($3::text is null or action = $3)
             and ($4::text is null or target_type = $4)
             and ($5::text is null or target_id = $5)
             and ($6::timestamptz is null or at >= $6)
             and ($7::timestamptz is null or at < $7)
             and ($8::text is null or search @@ websearch_to_tsquery('simple', $8))
             and ($9::timestamptz is null or (at, id) < ($9, $10))
           order by at desc, id desc limit $11"#,
        filter.actor,
        filter.actor_email,
        filter.action,
        filter.target_type,
        filter.target_id,
        filter.from,
        filter.to,
        filter.text,
        after.map(|place| place.0),
        after.map(|place| place.1),
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Removes entries that were written before `before`, at most `limit` of them; none that is younger
/// than 90 days, which the table itself refuses. Needs the platform.
///
/// # Errors
/// The database's.
pub async fn prune(conn: &mut PgConnection, before: DateTime<Utc>, limit: i64) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from audit_log
         where id in (select id from audit_log
                      where at < least($1, now() - interval '90 days') order by at limit $2)",
        before,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
