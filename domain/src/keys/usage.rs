//! What was used of keys that have limits, as workers tell each other.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};

use crate::ids::KeyId;

/// What a count is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, sqlx::Type)]
#[sqlx(type_name = "usage_span", rename_all = "snake_case")]
pub enum Span {
    /// One second: limits of a minute look back over sixty.
    Second,
    /// One day of the provider.
    Day,
}

/// What was used of a key within a slot of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used {
    /// Of which key.
    pub key: KeyId,
    /// Over what.
    pub span: Span,
    /// When it begins.
    pub slot: DateTime<Utc>,
    /// Calls.
    pub requests: i64,
    /// Tokens. Less than none where an estimate was too high.
    pub tokens: i64,
}

/// Adds to many slots at once.
pub async fn add(conn: &mut PgConnection, used: &[Used]) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into key_usage as u (key_id, span, slot, requests, tokens)
         select n.* from unnest($1::uuid[], $2::usage_span[], $3::timestamptz[], $4::bigint[], $5::bigint[])
           as n(key_id, span, slot, requests, tokens)
         where exists (select from provider_keys k where k.id = n.key_id)
         order by n.key_id, n.span, n.slot
         on conflict (key_id, span, slot) do update
         set requests = u.requests + excluded.requests, tokens = u.tokens + excluded.tokens",
        &used.iter().map(|used| used.key.0).collect::<Vec<_>>(),
        &used.iter().map(|used| used.span).collect::<Vec<_>>() as &[Span],
        &used.iter().map(|used| used.slot).collect::<Vec<_>>(),
        &used.iter().map(|used| used.requests).collect::<Vec<_>>(),
        &used.iter().map(|used| used.tokens).collect::<Vec<_>>(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What everybody used of these keys within the windows that still count.
pub async fn read(conn: &mut PgConnection, keys: &[KeyId], now: DateTime<Utc>) -> sqlx::Result<Vec<Used>> {
    sqlx::query_as!(
        Used,
        r#"select key_id as "key: KeyId", span as "span: Span", slot, requests, tokens from key_usage
           where key_id = any($1) and slot > case span when 'second' then $2::timestamptz else $3::timestamptz end"#,
        &keys.iter().map(|key| key.0).collect::<Vec<_>>(),
        now - TimeDelta::seconds(62),
        now - TimeDelta::hours(25),
    )
    .fetch_all(conn)
    .await
}

/// Requests of each key in its provider's running day.
pub async fn requests_today(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<Vec<(KeyId, i64)>> {
    let rows = sqlx::query!(
        r#"select key_id as "key: KeyId", max(requests) as "requests!" from key_usage
           where span = 'day' and slot > $1 group by key_id"#,
        now - TimeDelta::hours(24),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.requests)).collect())
}

/// Removes slots that no limit looks back to.
pub async fn prune(pool: &PgPool, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from key_usage
         where slot < case span when 'second' then $1::timestamptz else $2::timestamptz end",
        now - TimeDelta::minutes(5),
        now - TimeDelta::days(2),
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}
