//! Alerts on their way: a row and a job for each channel and recipient, so that a dead one holds up nobody.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::ids::{AlertId, DeliveryId, JobId, UserId};
use rand::RngExt as _;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};

use super::DeliverAlert;
use super::{Channel, Event, coalesce::Alert, recipients::Target};
use crate::queue;

/// The waits after each failed try: together a little more than a day. After the last, it is given up.
const WAITS: [Duration; 13] = [
    Duration::from_secs(2),
    Duration::from_secs(10),
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(15),
    Duration::from_mins(30),
    Duration::from_hours(1),
    Duration::from_hours(2),
    Duration::from_hours(4),
    Duration::from_hours(4),
    Duration::from_hours(4),
    Duration::from_hours(4),
    Duration::from_hours(4),
];

/// How long to wait after so many failed tries, give or take a tenth; `None`: it is given up.
pub fn wait_after(tries: i32) -> Option<Duration> {
    let wait = usize::try_from(tries).ok()?.checked_sub(1).and_then(|index| WAITS.get(index))?;
    Some(wait.mul_f64(rand::rng().random_range(0.9..=1.1)))
}

/// A delivery that is to be made.
#[derive(Debug)]
pub struct Delivery {
    /// Its id, which stays over all tries.
    pub id: DeliveryId,
    /// Through what.
    pub channel: Channel,
    /// To whom.
    pub target: String,
    /// What.
    pub alert: Alert,
}

/// A delivery as it is listed.
#[derive(Debug)]
pub struct Listed {
    /// Its id.
    pub id: DeliveryId,
    /// What happened.
    pub event: String,
    /// In one line.
    pub subject: String,
    /// How often.
    pub count: i32,
    /// Through what.
    pub channel: String,
    /// To whom; a webhook as it is shown.
    pub target: String,
    /// `waiting`, `delivered` or `failed`.
    pub state: String,
    /// Tries so far.
    pub tries: i32,
    /// Why the last one failed.
    pub error: Option<String>,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it was last tried.
    pub updated_at: DateTime<Utc>,
}

/// Stores an alert and sends it on its way. Returns the jobs.
///
/// # Errors
/// The database's.
pub async fn send(
    conn: &mut PgConnection,
    alert: &Alert,
    targets: &[Target],
    now: DateTime<Utc>,
) -> sqlx::Result<(AlertId, Vec<JobId>)> {
    let id = AlertId::generate();
    sqlx::query!(
        "insert into alerts (id, event, about, subject, facts, except_id, count, first_at, last_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id.0,
        alert.event.as_str(),
        alert.about,
        alert.subject,
        alert.facts,
        alert.except.map(|id| id.0),
        i32::try_from(alert.count).unwrap_or(i32::MAX),
        alert.first_at,
        alert.last_at,
        now,
    )
    .execute(&mut *conn)
    .await?;
    let mut jobs = Vec::with_capacity(targets.len());
    for target in targets {
        let delivery = DeliveryId::generate();
        sqlx::query!(
            "insert into deliveries (id, alert_id, channel, target, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)",
            delivery.0,
            id.0,
            target.channel.as_str(),
            target.to,
            now,
        )
        .execute(&mut *conn)
        .await?;
        jobs.push(queue::enqueue(conn, &DeliverAlert { delivery }).await?.id);
    }
    Ok((id, jobs))
}

/// A delivery that is still to be made; `None` where it was made, given up or pruned.
///
/// # Errors
/// The database's.
pub async fn find_waiting(pool: &PgPool, id: DeliveryId) -> sqlx::Result<Option<Delivery>> {
    let row = sqlx::query!(
        r#"select d.channel, d.target, a.event, a.about, a.subject, a.facts, a.except_id as "except: UserId", a.count,
                  a.first_at, a.last_at
           from deliveries d join alerts a on a.id = d.alert_id
           where d.id = $1 and d.state = 'waiting'"#,
        id.0
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (Some(channel), Some(event)) = (Channel::parse(&row.channel), Event::parse(&row.event)) else {
        return Ok(None);
    };
    let alert = Alert {
        event,
        about: row.about,
        subject: row.subject,
        facts: row.facts,
        except: row.except,
        count: usize::try_from(row.count).unwrap_or(1),
        first_at: row.first_at,
        last_at: row.last_at,
    };
    Ok(Some(Delivery { id, channel, target: row.target, alert }))
}

/// It arrived.
///
/// # Errors
/// The database's.
pub async fn arrived(conn: &mut PgConnection, id: DeliveryId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update deliveries set state = 'delivered', tries = tries + 1, error = null, updated_at = $2
         where id = $1 and state = 'waiting'",
        id.0,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A try failed. Returns how many that makes; `None` where it was not waiting any more.
///
/// # Errors
/// The database's.
pub async fn failed(
    conn: &mut PgConnection,
    id: DeliveryId,
    error: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<i32>> {
    sqlx::query_scalar!(
        "update deliveries set tries = tries + 1, error = $2, updated_at = $3
         where id = $1 and state = 'waiting' returning tries",
        id.0,
        error,
        now,
    )
    .fetch_optional(conn)
    .await
}

/// It will not be tried again. The error of the last try stands, if there is one.
///
/// # Errors
/// The database's.
pub async fn give_up(conn: &mut PgConnection, id: DeliveryId, reason: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update deliveries set state = 'failed', error = coalesce(error, $2) where id = $1 and state = 'waiting'",
        id.0,
        reason,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What was given up is to be tried again, as often as something new. Whether it was given up.
///
/// # Errors
/// The database's.
pub async fn reopen(conn: &mut PgConnection, id: DeliveryId) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update deliveries set state = 'waiting', tries = 0 where id = $1 and state = 'failed'",
        id.0,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What a list of deliveries is narrowed by.
#[derive(Debug, Default)]
pub struct Filter<'a> {
    /// `waiting`, `delivered` or `failed`.
    pub state: Option<&'a str>,
    /// Those of one alert.
    pub alert: Option<AlertId>,
    /// Those before this one.
    pub before: Option<DeliveryId>,
}

/// Deliveries, the newest first.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, filter: &Filter<'_>, limit: i64) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"select d.id as "id: DeliveryId", a.event, a.subject, a.count, d.channel,
                  case when d.channel = 'webhook' then coalesce(w.shown, 'removed') else d.target end as "target!",
                  d.state, d.tries, d.error, d.created_at, d.updated_at
           from deliveries d
           join alerts a on a.id = d.alert_id
           left join webhooks w on d.channel = 'webhook' and w.id::text = d.target
           where ($1::text is null or d.state = $1) and ($2::uuid is null or d.alert_id = $2)
             and ($3::uuid is null or d.id < $3)
           order by d.id desc limit $4"#,
        filter.state,
        filter.alert.map(|id| id.0),
        filter.before.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await
}

/// How many deliveries were given up since a time.
///
/// # Errors
/// The database's.
pub async fn count_given_up(pool: &PgPool, since: DateTime<Utc>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from deliveries where state = 'failed' and updated_at >= $1"#,
        since,
    )
    .fetch_one(pool)
    .await
}

/// Removes alerts from before a time, with their deliveries. Returns how many.
///
/// # Errors
/// The database's.
pub async fn prune(pool: &PgPool, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from alerts where created_at < $1", before).execute(pool).await?;
    Ok(done.rows_affected())
}

/// The message of a test.
pub fn test_alert(facts: Value, now: DateTime<Utc>) -> Alert {
    Alert {
        event: Event::Test,
        about: "channels".to_owned(),
        subject: "A test of the notifications".to_owned(),
        facts,
        except: None,
        count: 1,
        first_at: now,
        last_at: now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_channel_is_given_up_after_about_a_day() {
        let hours = WAITS.iter().sum::<Duration>().as_secs_f64() / 3600.0;
        assert!((23.0..26.0).contains(&hours), "{hours}");
        assert!(wait_after(1).unwrap() < Duration::from_secs(3));
        assert!(wait_after(13).is_some());
        assert_eq!((wait_after(0), wait_after(14), wait_after(-1)), (None, None, None));
    }
}
