//! From notices to alerts.

use chrono::{DateTime, Utc};
use domain::{
    Db,
    ids::{AdminEventId, UserId},
};
use sqlx::PgConnection;

use super::{
    DispatchAdminEvents, Event,
    coalesce::{Dispatched, Waiting, coalesce},
    deliveries,
    recipients::{AvailableChannels, targets},
    settings::{self, LONGEST_QUIET, Settings},
};
use crate::queue;

/// The most notices that are folded at a time; what is over comes in the next round.
const BATCH: i64 = 20_000;

/// Enqueues the telling where a notice may be ripe. Cheap, to be asked every second.
///
/// # Errors
/// The database's.
pub async fn enqueue_ripe(db: &Db, now: DateTime<Utc>) -> sqlx::Result<()> {
    let ripe = sqlx::query_scalar!(
        r#"select exists (select from notices where look_at <= greatest(now(), $1)) as "ripe!""#,
        now
    );
    if !ripe.fetch_one(db.pool()).await? {
        return Ok(());
    }
    let mut tx = db.begin_platform().await?;
    queue::enqueue(&mut tx, &DispatchAdminEvents {}).await?;
    tx.commit().await
}

/// Folds what waits into alerts and sends them on their way, all or nothing. Returns how many alerts.
///
/// # Errors
/// The database's.
pub async fn dispatch(
    db: &Db,
    available_channels: &AvailableChannels,
    now: DateTime<Utc>,
) -> sqlx::Result<usize> {
    let mut tx = db.begin_platform().await?;
    let settings = settings::load(&mut tx, false).await?;
    let waiting = wanted(&mut tx, &settings).await?;
    let dispatched = dispatched_since(&mut tx, now - LONGEST_QUIET).await?;
    let coalesced = coalesce(&waiting, &dispatched, settings.thresholds, now);
    for alert in &coalesced.alerts {
        let targets = targets(&mut tx, &settings, alert.event, alert.except, available_channels).await?;
        deliveries::send(&mut tx, alert, &targets, now).await?;
    }
    remove(&mut tx, &coalesced.gone).await?;
    let (ids, times): (Vec<_>, Vec<_>) = coalesced.later.iter().map(|(id, time)| (id.0, *time)).unzip();
    sqlx::query!(
        "update notices n set look_at = l.at from unnest($1::uuid[], $2::timestamptz[]) as l(id, at)
         where n.id = l.id and n.look_at <> l.at",
        &ids,
        &times
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(coalesced.alerts.len())
}

/// What waits, the oldest first. Kinds that are switched off, and those that this release does not
/// know, are removed.
async fn wanted(conn: &mut PgConnection, settings: &Settings) -> sqlx::Result<Vec<Waiting>> {
    let rows = sqlx::query!(
        r#"select id as "id: AdminEventId", event, about, subject, facts, except_id as "except: UserId", created_at
           from notices order by id limit $1 for update skip locked"#,
        BATCH
    )
    .fetch_all(&mut *conn)
    .await?;
    let (mut waiting, mut unwanted) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        match Event::parse(&row.event).filter(|event| settings.enabled(*event)) {
            Some(event) => waiting.push(Waiting {
                id: row.id,
                event,
                about: row.about,
                subject: row.subject,
                facts: row.facts,
                except: row.except,
                at: row.created_at,
            }),
            None => unwanted.push(row.id),
        }
    }
    remove(conn, &unwanted).await?;
    Ok(waiting)
}

async fn dispatched_since(conn: &mut PgConnection, since: DateTime<Utc>) -> sqlx::Result<Vec<Dispatched>> {
    let rows = sqlx::query!(
        r#"select event, about, except_id as "except: UserId", created_at from alerts where created_at > $1"#,
        since
    );
    let dispatched = rows.fetch_all(conn).await?.into_iter().filter_map(|row| {
        let event = Event::parse(&row.event)?;
        Some(Dispatched { event, about: row.about, except: row.except, at: row.created_at })
    });
    Ok(dispatched.collect())
}

async fn remove(conn: &mut PgConnection, ids: &[AdminEventId]) -> sqlx::Result<()> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    sqlx::query!("delete from notices where id = any($1)", &ids).execute(conn).await?;
    Ok(())
}
