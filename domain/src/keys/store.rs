//! SQL about provider keys. Shared keys are read and written outside of any user's transaction;
//! a student's own keys within `begin_as`.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool, types::Json};

use super::{CallLimits, Key, KeyStatus, Price, Provider, Refused, Remaining, vault::Sealed};
use crate::{
    feature::Feature,
    ids::{KeyId, UserId},
};

/// The constraint that the same key twice for one feature violates.
pub const NO_DUPLICATES: &str = "provider_keys_no_duplicates";

/// A key with its encrypted value, as the pool loads it.
#[derive(Debug, Clone)]
pub struct SealedKey {
    /// The row.
    pub key: Key,
    /// Its value.
    pub sealed: Sealed,
}

/// Loads all keys, shared and students' own.
pub async fn load_all(pool: &PgPool) -> sqlx::Result<Vec<SealedKey>> {
    let mut conn = pool.acquire().await?;
    select(&mut conn, None, Whose::Anybody).await
}

/// Lists the shared keys, in the order of use within a provider.
pub async fn list_shared(conn: &mut PgConnection) -> sqlx::Result<Vec<Key>> {
    Ok(select(conn, None, Whose::Shared).await?.into_iter().map(|row| row.key).collect())
}

/// Finds a shared key.
pub async fn find_shared(conn: &mut PgConnection, id: KeyId) -> sqlx::Result<Option<Key>> {
    Ok(select(conn, Some(id), Whose::Shared).await?.pop().map(|row| row.key))
}

/// Finds any key with its value.
pub async fn find_sealed(conn: &mut PgConnection, id: KeyId) -> sqlx::Result<Option<SealedKey>> {
    Ok(select(conn, Some(id), Whose::Anybody).await?.pop())
}

/// Whose keys are looked at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whose {
    /// Everybody's, and the shared ones.
    Anybody,
    /// The shared ones.
    Shared,
    /// One student's own.
    Own(UserId),
}

pub(super) async fn select(
    conn: &mut PgConnection,
    id: Option<KeyId>,
    whose: Whose,
) -> sqlx::Result<Vec<SealedKey>> {
    let owner = if let Whose::Own(owner) = whose { Some(owner.0) } else { None };
    let rows = sqlx::query!(
        r#"select id as "id: KeyId", owner_id as "owner: UserId", provider as "provider: Provider",
                  feature as "feature: Feature", ciphertext, cipher_key_id, last_four, priority,
                  status as "status: KeyStatus", failure_count, cooldown_until, reason, name, note, quota_group, base_url, model,
                  limits as "limits: Json<CallLimits>", remaining as "remaining: Json<Remaining>", quota_warned_until,
                  trial_until, last_used_at, last_success_at, successes, failures, latency_ms, never_fall_back, created_at,
                  refusals, refused_at, refusal, back_offs,
                  price_prompt::float8 as price_prompt, price_completion::float8 as price_completion
           from provider_keys
           where ($1::uuid is null or id = $1) and (not $2::bool or owner_id is null)
             and ($3::uuid is null or owner_id = $3)
           order by provider, priority desc, id"#,
        id.map(|id| id.0),
        matches!(whose, Whose::Shared),
        owner,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| SealedKey {
            key: Key {
                id: row.id,
                owner: row.owner,
                provider: row.provider,
                feature: row.feature,
                last_four: row.last_four,
                priority: row.priority,
                status: row.status,
                failure_count: row.failure_count,
                cooldown_until: row.cooldown_until,
                reason: row.reason,
                name: row.name,
                note: row.note,
                quota_group: row.quota_group,
                base_url: row.base_url,
                model: row.model,
                limits: row.limits.0,
                remaining: row.remaining.0,
                price: Price::of(row.price_prompt, row.price_completion),
                quota_warned_until: row.quota_warned_until,
                trial_until: row.trial_until,
                last_used_at: row.last_used_at,
                last_success_at: row.last_success_at,
                successes: row.successes,
                failures: row.failures,
                latency_ms: row.latency_ms,
                refused: Refused { count: row.refusals, at: row.refused_at, reason: row.refusal },
                back_offs: row.back_offs,
                never_fall_back: row.never_fall_back,
                created_at: row.created_at,
            },
            sealed: Sealed { bytes: row.ciphertext, cipher_key_id: row.cipher_key_id },
        })
        .collect())
}

/// A key to be added.
#[derive(Debug)]
pub struct NewKey<'a> {
    /// Its id, which its ciphertext is bound to.
    pub id: KeyId,
    /// The student who brought it; `None` is shared.
    pub owner: Option<UserId>,
    /// Whose protocol it speaks.
    pub provider: Provider,
    /// The feature it is kept for; `None` is any.
    pub feature: Option<Feature>,
    /// Its value, encrypted.
    pub sealed: &'a Sealed,
    /// A keyed hash of its value.
    pub fingerprint: &'a [u8],
    /// The last four characters of its value.
    pub last_four: &'a str,
    /// Higher is used first.
    pub priority: i32,
    /// Where it stands: pending until a probe has tried it.
    pub status: KeyStatus,
    /// What admins call it.
    pub name: Option<&'a str>,
    /// What admins want to remember of it.
    pub note: Option<&'a str>,
    /// The provider's project.
    pub quota_group: Option<&'a str>,
    /// Where the provider is.
    pub base_url: Option<&'a str>,
    /// The model to ask for.
    pub model: Option<&'a str>,
    /// rpm, tpm and rpd.
    pub limits: CallLimits,
    /// What its tokens cost.
    pub price: Option<Price>,
    /// The owner's wish never to fall back to shared keys.
    pub never_fall_back: bool,
}

/// Adds a key. The same again violates [`NO_DUPLICATES`].
pub async fn insert(conn: &mut PgConnection, key: &NewKey<'_>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into provider_keys (id, owner_id, provider, feature, ciphertext, cipher_key_id, fingerprint, last_four,
                                    priority, status, quota_group, base_url, model, limits, never_fall_back,
                                    price_prompt, price_completion, name, note)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16::float8::numeric,
                 $17::float8::numeric, $18, $19)",
        key.id.0,
        key.owner.map(|id| id.0),
        key.provider as Provider,
        key.feature as Option<Feature>,
        key.sealed.bytes,
        key.sealed.cipher_key_id,
        key.fingerprint,
        key.last_four,
        key.priority,
        key.status as KeyStatus,
        key.quota_group,
        key.base_url,
        key.model,
        Json(key.limits) as _,
        key.never_fall_back,
        key.price.map(|price| price.prompt),
        key.price.map(|price| price.completion),
        key.name,
        key.note,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What an admin changes of a key; `None` leaves a field as it is.
#[derive(Debug, Default)]
pub struct Change<'a> {
    /// Higher is used first.
    pub priority: Option<i32>,
    /// Where it stands. Active also forgets failures and cooldown.
    pub status: Option<KeyStatus>,
    /// The feature it is kept for.
    pub feature: Option<Option<Feature>>,
    /// What admins call it.
    pub name: Option<Option<&'a str>>,
    /// What admins want to remember of it.
    pub note: Option<Option<&'a str>>,
    /// The provider's project.
    pub quota_group: Option<Option<&'a str>>,
    /// The model to ask for.
    pub model: Option<Option<&'a str>>,
    /// Where the provider is.
    pub base_url: Option<Option<&'a str>>,
    /// rpm, tpm and rpd.
    pub limits: Option<CallLimits>,
    /// What its tokens cost.
    pub price: Option<Option<Price>>,
}

/// Changes a shared key.
pub async fn update(conn: &mut PgConnection, id: KeyId, change: &Change<'_>) -> sqlx::Result<bool> {
    let revived = change.status == Some(KeyStatus::Active);
    let done = sqlx::query!(
        "update provider_keys
         set priority = coalesce($2, priority), status = coalesce($3, status),
             feature = case when $4 then $5 else feature end,
             quota_group = case when $6 then $7 else quota_group end,
             name = case when $17 then $18 else name end, note = case when $19 then $20 else note end,
             model = case when $8 then $9 else model end,
             base_url = case when $10 then $11 else base_url end,
             limits = coalesce($13, limits),
             price_prompt = case when $14 then $15::float8::numeric else price_prompt end,
             price_completion = case when $14 then $16::float8::numeric else price_completion end,
             failure_count = case when $12 then 0 else failure_count end,
             refusals = case when $12 then 0 else refusals end, back_offs = case when $12 then 0 else back_offs end,
             cooldown_until = case when $12 then null else cooldown_until end,
             trial_until = case when $12 then null else trial_until end,
             reason = case when $12 then null when $3 = 'disabled' then 'disabled by an admin' else reason end,
             updated_at = now()
         where id = $1 and owner_id is null",
        id.0,
        change.priority,
        change.status as Option<KeyStatus>,
        change.feature.is_some(),
        change.feature.flatten() as Option<Feature>,
        change.quota_group.is_some(),
        change.quota_group.flatten(),
        change.model.is_some(),
        change.model.flatten(),
        change.base_url.is_some(),
        change.base_url.flatten(),
        revived,
        change.limits.map(Json) as _,
        change.price.is_some(),
        change.price.flatten().map(|price| price.prompt),
        change.price.flatten().map(|price| price.completion),
        change.name.is_some(),
        change.name.flatten(),
        change.note.is_some(),
        change.note.flatten(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a shared key a new value, which is not trusted before it was tried: unless the key is
/// disabled, it is used only when nothing else is left. The same value twice violates
/// [`NO_DUPLICATES`].
pub async fn set_value(
    conn: &mut PgConnection,
    id: KeyId,
    sealed: &Sealed,
    fingerprint: &[u8],
    last_four: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update provider_keys
         set ciphertext = $2, cipher_key_id = $3, fingerprint = $4, last_four = $5, failure_count = 0,
             refusals = 0, back_offs = 0, cooldown_until = null, trial_until = null, remaining = '{}',
             reason = case when status = 'disabled' then reason else 'its new value was not tried yet' end,
             status = case when status = 'active' then 'degraded' else status end, updated_at = now()
         where id = $1 and owner_id is null",
        id.0,
        sealed.bytes,
        sealed.cipher_key_id,
        fingerprint,
        last_four,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes a shared key.
pub async fn delete(conn: &mut PgConnection, id: KeyId) -> sqlx::Result<bool> {
    let done = sqlx::query!("delete from provider_keys where id = $1 and owner_id is null", id.0)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes a key that never passed its first test.
pub async fn delete_pending(conn: &mut PgConnection, id: KeyId) -> sqlx::Result<()> {
    sqlx::query!("delete from provider_keys where id = $1 and status = 'pending'", id.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// What a key did since the last time this was written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    /// Calls that succeeded.
    pub successes: i64,
    /// Calls that failed by the key's or provider's fault.
    pub failures: i64,
    /// When it last served.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it last answered a student.
    pub last_success_at: Option<DateTime<Utc>>,
    /// Mean time to the first token, in milliseconds.
    pub latency_ms: Option<i32>,
    /// What its provider said is left of its quota.
    pub remaining: Remaining,
}

/// Adds figures of many keys at once, off the path of any call. Rows are locked in the order in which
/// everybody does.
pub async fn add_figures(pool: &PgPool, figures: &[(KeyId, Figures)]) -> sqlx::Result<()> {
    let column = |of: fn(&Figures) -> i64| figures.iter().map(|(_, figures)| of(figures)).collect::<Vec<_>>();
    let times = |of: fn(&Figures) -> Option<DateTime<Utc>>| {
        figures.iter().map(|(_, figures)| of(figures)).collect::<Vec<_>>()
    };
    let remaining = figures.iter().map(|(_, figures)| Json(figures.remaining)).collect::<Vec<_>>();
    sqlx::query!(
        "with locked as materialized (
           select id from provider_keys where id = any($1) order by id for no key update
         )
         update provider_keys k
         set successes = k.successes + f.successes, failures = k.failures + f.failures,
             last_used_at = greatest(k.last_used_at, f.last_used_at),
             last_success_at = greatest(k.last_success_at, f.last_success_at),
             latency_ms = coalesce(f.latency_ms, k.latency_ms), remaining = k.remaining || f.remaining
         from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::int[], $7::jsonb[])
           as f(id, successes, failures, last_used_at, last_success_at, latency_ms, remaining), locked
         where k.id = f.id and locked.id = k.id",
        &figures.iter().map(|(id, _)| id.0).collect::<Vec<_>>(),
        &column(|figures| figures.successes),
        &column(|figures| figures.failures),
        &times(|figures| figures.last_used_at) as &[Option<DateTime<Utc>>],
        &times(|figures| figures.last_success_at) as &[Option<DateTime<Utc>>],
        &figures.iter().map(|(_, figures)| figures.latency_ms).collect::<Vec<_>>() as &[Option<i32>],
        &remaining as &[Json<Remaining>],
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Notes that admins are to be told that a key's quota runs low. False where they were already, for
/// this period.
pub async fn set_quota_warned(
    conn: &mut PgConnection,
    id: KeyId,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update provider_keys set quota_warned_until = $3
         where id = $1 and (quota_warned_until is null or quota_warned_until <= $2)",
        id.0,
        now,
        until,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Replaces a key's ciphertext: another master key, or another value.
pub async fn reseal(
    conn: &mut PgConnection,
    id: KeyId,
    sealed: &Sealed,
    fingerprint: &[u8],
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update provider_keys set ciphertext = $2, cipher_key_id = $3, fingerprint = $4, updated_at = now() where id = $1",
        id.0,
        sealed.bytes,
        sealed.cipher_key_id,
        fingerprint,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
