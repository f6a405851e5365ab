//! The log of health: what befell keys, as admins read it. What a call teaches is written by [`store`](super::store),
//! with the change that it makes.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

use super::Source;
use crate::{
    feature::Feature,
    ids::KeyId,
    keys::{KeyStatus, Provider},
};

/// An entry of the log of health.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// Which key; it may be gone.
    pub key: KeyId,
    /// Whose protocol it speaks.
    pub provider: Provider,
    /// The feature it is kept for.
    pub feature: Option<Feature>,
    /// Where it stood.
    pub from: KeyStatus,
    /// Where it stood after that.
    pub to: KeyStatus,
    /// Failures in a row, this one included.
    pub failures: i32,
    /// The class of a failure; `None` where it works again, or an admin said so.
    pub class: Option<String>,
    /// The status of the provider's answer.
    pub http_status: Option<i16>,
    /// Why, in our words.
    pub reason: Option<String>,
    /// Who found out.
    pub source: Source,
    /// Whether it shows that the provider is away, or the key spent.
    pub evidence: bool,
}

/// What befell shared keys lately, latest first.
pub async fn list(conn: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as!(
        Entry,
        r#"select at, key_id as "key: KeyId", provider as "provider: Provider", feature as "feature: Feature",
                  from_status as "from: KeyStatus", to_status as "to: KeyStatus", failures, class, http_status, reason,
                  source as "source: Source", evidence
           from provider_health where shared and to_key is null order by at desc, id desc limit $1"#,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Writes down that a question went over from a shared key that failed to another.
pub async fn failed_over(
    conn: &mut PgConnection,
    (from, to): (KeyId, KeyId),
    feature: Feature,
    reason: &str,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into provider_health (at, key_id, shared, provider, feature, from_status, to_status, failures, reason,
                                      source, to_key)
         select $5, id, owner_id is null, provider, $3, status, status, failure_count, $4, 'call', $2
         from provider_keys where id = $1",
        from.0,
        to.0,
        feature as Feature,
        reason,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Something that befell a shared key, with what it is known by.
#[derive(Debug, Clone)]
pub struct Happening {
    /// When.
    pub at: DateTime<Utc>,
    /// Whose protocol the key speaks.
    pub provider: Provider,
    /// The feature it is kept for, or, of a failover, that was asked for.
    pub feature: Option<Feature>,
    /// Where it stood.
    pub from: KeyStatus,
    /// Where it stood after that.
    pub to: KeyStatus,
    /// The class of a failure.
    pub class: Option<String>,
    /// Why, in our words.
    pub reason: Option<String>,
    /// Who found out.
    pub source: Source,
    /// The key's last characters; `None` where it is gone.
    pub last_four: Option<String>,
    /// Whether another key answered in its place.
    pub failover: bool,
    /// The last characters of that one, unless it is gone.
    pub to_last_four: Option<String>,
}

/// What befell shared keys lately, failovers too, latest first.
pub async fn recent(conn: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<Happening>> {
    sqlx::query_as!(
        Happening,
        r#"select h.at, h.provider as "provider: Provider", h.feature as "feature: Feature",
                  h.from_status as "from: KeyStatus", h.to_status as "to: KeyStatus", h.class, h.reason,
                  h.source as "source: Source", k.last_four as "last_four?", h.to_key is not null as "failover!",
                  t.last_four as "to_last_four?"
           from (select * from provider_health where shared order by at desc, id desc limit $1) h
           left join provider_keys k on k.id = h.key_id
           left join provider_keys t on t.id = h.to_key
           order by h.at desc, h.id desc"#,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// The latest failures and refusals of each of these keys, latest first.
pub async fn list_failures(conn: &mut PgConnection, keys: &[KeyId], each: i64) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as!(
        Entry,
        r#"select at, key_id as "key: KeyId", provider as "provider: Provider", feature as "feature: Feature",
                  from_status as "from: KeyStatus", to_status as "to: KeyStatus", failures, class, http_status, reason,
                  source as "source: Source", evidence
           from unnest($1::uuid[]) as of(id)
           cross join lateral (
             select * from provider_health h where h.key_id = of.id and class is not null
             order by at desc limit $2
           ) h
           order by at desc, h.id desc"#,
        &keys.iter().map(|key| key.0).collect::<Vec<_>>(),
        each,
    )
    .fetch_all(conn)
    .await
}

/// The latest failures and refusals of each of these keys since it was last known to work, latest first.
pub async fn list_since_it_worked(
    conn: &mut PgConnection,
    keys: &[KeyId],
    each: i64,
) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as!(
        Entry,
        r#"select at, key_id as "key: KeyId", provider as "provider: Provider", feature as "feature: Feature",
                  from_status as "from: KeyStatus", to_status as "to: KeyStatus", failures, class, http_status, reason,
                  source as "source: Source", evidence
           from unnest($1::uuid[]) as of(id)
           cross join lateral (
             select * from provider_health h
             where h.key_id = of.id and h.class is not null
               and h.id > coalesce((select max(w.id) from provider_health w
                                    where w.key_id = of.id and w.class is null and w.to_key is null), 0)
             order by h.at desc, h.id desc limit $2
           ) h
           order by at desc, h.id desc"#,
        &keys.iter().map(|key| key.0).collect::<Vec<_>>(),
        each,
    )
    .fetch_all(conn)
    .await
}

/// Failures of each shared key since a time.
pub async fn count_failures(
    conn: &mut PgConnection,
    since: DateTime<Utc>,
) -> sqlx::Result<Vec<(KeyId, i64)>> {
    let rows = sqlx::query!(
        r#"select key_id as "key: KeyId", count(*) as "count!" from provider_health
           where at >= $1 and shared and class in ('credential', 'quota', 'rate', 'overload') group by key_id"#,
        since
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.count)).collect())
}

/// Removes what is older than `before`.
pub async fn prune(pool: &PgPool, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from provider_health where at < $1", before).execute(pool).await?;
    Ok(done.rows_affected())
}
