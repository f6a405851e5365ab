//! SQL about the health of keys: what a call teaches is applied to the row, and written down, in one
//! transaction.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

use super::{Health, SignalKind, Source};
use crate::{
    Db,
    feature::Feature,
    ids::{KeyId, UserId},
    keys::{KeyStatus, Provider},
};

/// What happened to a key.
#[derive(Debug, Clone, Copy)]
pub struct HealthSignal<'a> {
    /// Which key.
    pub key: KeyId,
    /// What.
    pub signal_kind: SignalKind,
    /// Who found out.
    pub source: Source,
    /// The class of a failure.
    pub class: Option<&'a str>,
    /// The status of the provider's answer to a failed call.
    pub http_status: Option<u16>,
    /// Why it failed, in our words.
    pub reason: Option<&'a str>,
    /// Until when the key and its quota group are to cool. An earlier time never shortens a later one.
    pub cools_until: Option<DateTime<Utc>>,
    /// Nobody said how long it is to rest: the next such rest will be longer.
    pub backs_off: bool,
    /// It shows that the provider is away, or the key spent; see [`crate::maintenance::evidence`].
    pub evidence: bool,
    /// When.
    pub at: DateTime<Utc>,
}

/// What became of it.
#[derive(Debug, Clone, Copy)]
pub struct HealthChange {
    /// Whose protocol the key speaks.
    pub provider: Provider,
    /// The feature it is kept for.
    pub feature: Option<Feature>,
    /// The student who brought it; `None` is shared.
    pub owner: Option<UserId>,
    /// The health before.
    pub before: Health,
    /// The health after.
    pub after: Health,
    /// Other shared keys that are active and serve the same.
    pub others_active: i64,
}

/// Applies a health signal to the key's row and writes it down. `None` where the key is gone.
pub async fn apply(
    conn: &mut PgConnection,
    signal: &HealthSignal<'_>,
    threshold: i32,
) -> sqlx::Result<Option<HealthChange>> {
    if signal.cools_until.is_some() {
        lock_group(conn, signal.key).await?;
    }
    let row = sqlx::query!(
        r#"select owner_id as "owner: UserId", provider as "provider: Provider", feature as "feature: Feature",
                  status as "status: KeyStatus", failure_count,
                  (select count(*) from provider_keys o
                   where o.owner_id is null and o.status = 'active' and o.id <> k.id
                     and (o.feature is null or k.feature is null or o.feature = k.feature)) as "others_active!"
           from provider_keys k where id = $1 for update of k"#,
        signal.key.0,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let before = Health { status: row.status, failures: row.failure_count };
    let after = before.after(signal.signal_kind, threshold);
    set(conn, signal, after).await?;
    if let Some(until) = signal.cools_until {
        cool_group(conn, signal.key, until, signal.reason).await?;
    }
    let change = HealthChange {
        provider: row.provider,
        feature: row.feature,
        owner: row.owner,
        before,
        after,
        others_active: row.others_active,
    };
    if before.status != after.status || signal.class.is_some() {
        write_down(conn, signal, &change).await?;
    }
    Ok(Some(change))
}

/// Lets a key and its quota group cool, without anything having failed: there is nothing left of it.
pub async fn cool(db: &Db, id: KeyId, until: DateTime<Utc>, reason: &str) -> sqlx::Result<()> {
    let mut tx = db.begin_bare().await?;
    lock_group(&mut tx, id).await?;
    cool_group(&mut tx, id, until, Some(reason)).await?;
    tx.commit().await
}

/// Locks a key and its quota group, in the order in which everybody does.
async fn lock_group(conn: &mut PgConnection, id: KeyId) -> sqlx::Result<()> {
    sqlx::query!(
        "select k.id from provider_keys k, provider_keys me
         where me.id = $1
           and (k.id = me.id
                or (k.provider = me.provider and k.quota_group = me.quota_group
                    and k.owner_id is not distinct from me.owner_id))
         order by k.id for update of k",
        id.0,
    )
    .fetch_all(conn)
    .await?;
    Ok(())
}

/// A cooldown stands when a call succeeds, since one that began before it proves nothing; a probe that
/// was made in spite of it does, and forgets it.
async fn set(conn: &mut PgConnection, signal: &HealthSignal<'_>, health: Health) -> sqlx::Result<()> {
    let succeeded = signal.signal_kind == SignalKind::Succeeded;
    let probed = signal.source == Source::Probe;
    let refused = signal.class == Some("refusal");
    sqlx::query!(
        "update provider_keys
         set status = $2, failure_count = $3, trial_until = null, updated_at = now(),
             cooldown_until = case when $4 and $5 and status <> 'disabled' then null else cooldown_until end,
             reason = case when status = 'disabled' then reason
                           when $7 then coalesce($6, reason)
                           when $4 and ($5 or cooldown_until is null) then null else reason end,
             refusals = case when $4 then 0 when $8 then refusals + 1 else refusals end,
             refused_at = case when $8 then $9 else refused_at end,
             refusal = case when $8 then $6 else refusal end,
             back_offs = case when $4 then 0 when $10 then back_offs + 1 else back_offs end
         where id = $1",
        signal.key.0,
        health.status as KeyStatus,
        health.failures,
        succeeded,
        probed,
        signal.reason,
        signal.signal_kind.is_failure(),
        refused,
        signal.at,
        signal.backs_off,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn cool_group(
    conn: &mut PgConnection,
    id: KeyId,
    until: DateTime<Utc>,
    reason: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update provider_keys k
         set cooldown_until = greatest(k.cooldown_until, $2), updated_at = now(),
             reason = case when k.status = 'disabled' then k.reason else coalesce($3, k.reason) end
         from provider_keys me
         where me.id = $1
           and (k.id = me.id
                or (k.provider = me.provider and k.quota_group = me.quota_group
                    and k.owner_id is not distinct from me.owner_id))",
        id.0,
        until,
        reason,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn write_down(
    conn: &mut PgConnection,
    signal: &HealthSignal<'_>,
    change: &HealthChange,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into provider_health (at, key_id, shared, provider, feature, from_status, to_status, failures, class,
                                      http_status, reason, source, evidence)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        signal.at,
        signal.key.0,
        change.owner.is_none(),
        change.provider as Provider,
        change.feature as Option<Feature>,
        change.before.status as KeyStatus,
        change.after.status as KeyStatus,
        change.after.failures,
        signal.class,
        signal.http_status.and_then(|status| i16::try_from(status).ok()),
        signal.reason,
        signal.source as Source,
        signal.evidence,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes down what an admin made of a key, where its status changed.
pub async fn set_by_admin(
    conn: &mut PgConnection,
    id: KeyId,
    before: KeyStatus,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into provider_health (at, key_id, shared, provider, feature, from_status, to_status, failures, reason,
                                      source)
         select $3, id, owner_id is null, provider, feature, $2, status, failure_count, reason, 'admin'
         from provider_keys where id = $1 and status <> $2",
        id.0,
        before as KeyStatus,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How a request for a trial of a degraded key went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trial {
    /// It is the caller's: nobody else calls the key until it is over.
    Ours,
    /// Another has it until then.
    Anothers(DateTime<Utc>),
    /// It is degraded no more, or gone.
    NotNeeded,
}

/// Half-open: a degraded key has one caller at a time, over all processes. Asks to be it.
pub async fn begin_trial(
    pool: &PgPool,
    id: KeyId,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> sqlx::Result<Trial> {
    let row = sqlx::query!(
        r#"with mine as (
             update provider_keys set trial_until = $3
             where id = $1 and status = 'degraded' and (trial_until is null or trial_until <= $2)
             returning id
           )
           select exists(select from mine) as "mine!",
                  (select trial_until from provider_keys where id = $1 and status = 'degraded') as anothers"#,
        id.0,
        now,
        until,
    )
    .fetch_one(pool)
    .await?;
    Ok(match (row.mine, row.anothers) {
        (true, _) => Trial::Ours,
        // It may have come between the two looks of one statement: then it lasts as long as ours would.
        (false, Some(anothers)) => Trial::Anothers(anothers.max(now)),
        (false, None) => Trial::NotNeeded,
    })
}

/// Ends a trial that taught nothing.
pub async fn end_trial(pool: &PgPool, id: KeyId) -> sqlx::Result<()> {
    sqlx::query!(
        "update provider_keys set trial_until = null where id = $1 and trial_until is not null",
        id.0
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Notes that a key was probed.
pub async fn set_probed(pool: &PgPool, id: KeyId, at: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("update provider_keys set last_probed_at = $2 where id = $1", id.0, at)
        .execute(pool)
        .await?;
    Ok(())
}

/// The owner of a key that was not probed since a time; `None` where it was, or must not be.
pub async fn probe_due(
    conn: &mut PgConnection,
    id: KeyId,
    since: DateTime<Utc>,
) -> sqlx::Result<Option<Option<UserId>>> {
    let row = sqlx::query!(
        r#"select owner_id as "owner: UserId" from provider_keys
           where id = $1 and status in ('active', 'degraded') and (last_probed_at is null or last_probed_at <= $2)"#,
        id.0,
        since,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| row.owner))
}

/// The keys that need a probe: shared ones that served no student since `served_since`, and degraded
/// ones always. One that cools is left in peace until it is over, unless its rest is long: that is tested
/// every hour. One with a limit a day spends at most a tenth of that on probes. Students' own keys are probed
/// only to bring them back.
pub async fn list_to_probe(
    pool: &PgPool,
    now: DateTime<Utc>,
    served_since: DateTime<Utc>,
) -> sqlx::Result<Vec<KeyId>> {
    sqlx::query_scalar!(
        r#"select id as "id: KeyId" from provider_keys
           where (trial_until is null or trial_until <= $1)
             and (cooldown_until is null or cooldown_until <= $1
                  or (cooldown_until > $1 + interval '15 minutes'
                      and (last_probed_at is null or last_probed_at <= $1 - interval '1 hour')))
             and (status = 'degraded' or (status = 'active' and cooldown_until > $1)
                  or (status = 'active' and owner_id is null
                      and (last_success_at is null or last_success_at < $2)
                      and (limits->>'rpd' is null or last_probed_at is null
                           or last_probed_at <= $1 - make_interval(secs => 864000.0 / (limits->>'rpd')::float8))))
           order by id"#,
        now,
        served_since,
    )
    .fetch_all(pool)
    .await
}

/// Ends cooldowns that are over, with their reasons, so that everybody sees it. Returns the degraded
/// ones among them: what they need is a probe.
pub async fn release_cooled(pool: &PgPool, now: DateTime<Utc>) -> sqlx::Result<Vec<KeyId>> {
    sqlx::query_scalar!(
        r#"with due as materialized (
             select id from provider_keys where cooldown_until <= $1 order by id for update skip locked
           ), released as (
             update provider_keys k
             set cooldown_until = null, reason = case when status = 'active' then null else reason end,
                 updated_at = now()
             from due where k.id = due.id
             returning k.id, k.status
           )
           select id as "id: KeyId" from released where status = 'degraded'"#,
        now
    )
    .fetch_all(pool)
    .await
}
