//! What the schedule is and how far it is, as the scheduler that leads writes it down for admins: the process that shows it
//! knows neither that one's settings nor its clock.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

/// A line of the schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What is done.
    pub name: String,
    /// When, as a cron expression.
    pub expression: String,
    /// On the clock of which time zone.
    pub zone: String,
    /// The latest tick.
    pub last_tick: Option<DateTime<Utc>>,
    /// The next.
    pub next_tick: Option<DateTime<Utc>>,
}

/// Writes down how a line is.
///
/// # Errors
/// The database's.
pub async fn write(conn: &mut PgConnection, entry: &Entry) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into schedule_lines (name, expression, zone, last_tick, next_tick) values ($1, $2, $3, $4, $5)
         on conflict (name) do update
         set expression = excluded.expression, zone = excluded.zone, last_tick = excluded.last_tick,
             next_tick = excluded.next_tick",
        entry.name,
        entry.expression,
        entry.zone,
        entry.last_tick,
        entry.next_tick,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets the lines of an earlier release.
///
/// # Errors
/// The database's.
pub async fn keep_only(pool: &PgPool, names: &[String]) -> sqlx::Result<()> {
    sqlx::query!("delete from schedule_lines where name <> all($1)", names).execute(pool).await?;
    Ok(())
}

/// The schedule: first what is due first.
///
/// # Errors
/// The database's.
pub async fn list(pool: &PgPool) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as!(
        Entry,
        "select name, expression, zone, last_tick, next_tick from schedule_lines order by next_tick, name"
    )
    .fetch_all(pool)
    .await
}
