//! SQL about maintenance. Whoever changes something takes [`lock`] first, so that what was read still
//! holds when it is written.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Level, Scope, Source, State, Window};
use crate::{
    feature::Feature,
    ids::{UserId, WindowId},
};

/// Lets nobody else change anything until the transaction ends.
pub async fn lock(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('maintenance', 0))").execute(conn).await?;
    Ok(())
}

/// Whether time or keys may have something to change: a state that the platform is in by itself, or a
/// window that is open.
pub async fn is_due(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from maintenance_states where source <> 'admin')
               or exists (select from maintenance_windows where ended_at is null and starts_at <= $1 and ends_at > $1)
             as "due!""#,
        now,
    )
    .fetch_one(conn)
    .await
}

/// What is closed, the whole platform first.
pub async fn states(conn: &mut PgConnection) -> sqlx::Result<Vec<State>> {
    let rows = sqlx::query!(
        r#"select feature as "feature: Feature", source as "source: Source", level as "level: Level", reason, message,
                  estimated_restoration, since, set_by as "set_by: UserId", set_by_email
           from maintenance_states order by feature nulls first, source"#,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| State {
            scope: row.feature.into(),
            source: row.source,
            level: row.level,
            reason: row.reason,
            message: row.message,
            estimated_restoration: row.estimated_restoration,
            since: row.since,
            set_by: row.set_by,
            set_by_email: row.set_by_email,
        })
        .collect())
}

/// Closes something, or changes how its source closed it.
pub async fn put(conn: &mut PgConnection, state: &State) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into maintenance_states as s (feature, source, level, reason, message, estimated_restoration, since,
                                              set_by, set_by_email)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict on constraint maintenance_states_scope do update
           set level = $3, reason = $4, message = $5, estimated_restoration = $6, since = $7, set_by = $8,
               set_by_email = $9",
        state.scope.feature() as Option<Feature>,
        state.source as Source,
        state.level as Level,
        state.reason,
        state.message,
        state.estimated_restoration,
        state.since,
        state.set_by.map(|id| id.0),
        state.set_by_email,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Opens what a source closed.
pub async fn remove(conn: &mut PgConnection, scope: Scope, source: Source) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "delete from maintenance_states where feature is not distinct from $1 and source = $2",
        scope.feature() as Option<Feature>,
        source as Source,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Remembers that an admin overrode what is closed in a scope.
pub async fn set_override(conn: &mut PgConnection, scope: Scope, at: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into maintenance_overrides (feature, at) values ($1, $2)
         on conflict on constraint maintenance_overrides_scope do update set at = $2",
        scope.feature() as Option<Feature>,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// When each scope was last overridden.
pub async fn overrides(conn: &mut PgConnection) -> sqlx::Result<Vec<(Scope, DateTime<Utc>)>> {
    let rows = sqlx::query!(r#"select feature as "feature: Feature", at from maintenance_overrides"#)
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.feature.into(), row.at)).collect())
}

/// Windows that are not over, the first to open first.
pub async fn windows_ahead(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<Vec<Window>> {
    let rows = sqlx::query!(
        r#"select id as "id: WindowId", feature as "feature: Feature", level as "level: Level", reason, message, starts_at,
                  ends_at, created_by as "created_by: UserId", created_by_email
           from maintenance_windows where ended_at is null and ends_at > $1 order by starts_at, id"#,
        now,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Window {
            id: row.id,
            scope: row.feature.into(),
            level: row.level,
            reason: row.reason,
            message: row.message,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            created_by: row.created_by,
            created_by_email: row.created_by_email,
        })
        .collect())
}

/// Announces a window.
pub async fn insert_window(conn: &mut PgConnection, window: &Window, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into maintenance_windows (id, feature, level, reason, message, starts_at, ends_at, created_by,
                                          created_by_email, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        window.id.0,
        window.scope.feature() as Option<Feature>,
        window.level as Level,
        window.reason,
        window.message,
        window.starts_at,
        window.ends_at,
        window.created_by.map(|id| id.0),
        window.created_by_email,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a window before its time, or before it began.
pub async fn end_window(conn: &mut PgConnection, id: WindowId, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update maintenance_windows set ended_at = $2 where id = $1 and ended_at is null and ends_at > $2",
        id.0,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
