//! SQL about usage. Both statements touch the feature's row before the day's, so that two of one
//! student cannot wait for each other in a circle.

use chrono::NaiveDate;
use sqlx::PgConnection;

pub use super::days::{Day, days, failures, features, reset};
use super::{Count, Exceeded, Level, Limits, Payer, Taken, first_exceeded, reset_at};
use crate::{
    feature::Feature,
    ids::{JobId, KeyId, UserId},
    platform_status::Pass,
};

/// A promise of tokens to a job.
#[derive(Debug, Clone, Copy)]
pub struct Hold {
    /// Whose usage.
    pub user: UserId,
    /// For which job.
    pub job: JobId,
    /// Who pays.
    pub payer: Payer,
    /// How many items of its feature it makes at most, which its counter counts; 1 where it makes none.
    pub items: i64,
    /// What it will come to, about.
    pub tokens: i64,
    /// What it will come to at most, as far as is known.
    pub at_most: i64,
    /// The day it counts on, also if the job ends after midnight.
    pub day: NaiveDate,
}

/// What a job took of its student's day.
#[derive(Debug, Clone)]
pub struct Charge {
    /// Which day, in UTC.
    pub day: NaiveDate,
    /// Who pays.
    pub payer: Payer,
    /// Whether it is promised, used, or given back.
    pub state: LedgerState,
    /// Tokens that it came to, or that are promised to it.
    pub tokens: i64,
    /// Calls that were abandoned: the platform's cost.
    pub abandoned_calls: i32,
    /// Their tokens, estimated.
    pub abandoned_tokens: i64,
}

/// Where a job's entry in the books is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "ledger_state", rename_all = "snake_case")]
pub enum LedgerState {
    /// Promised.
    Held,
    /// Used.
    Settled,
    /// Given back.
    Released,
}

/// What a job took of its student's day; `None` where it costs nobody anything.
pub async fn charge_of(conn: &mut PgConnection, job: JobId) -> sqlx::Result<Option<Charge>> {
    sqlx::query_as!(
        Charge,
        r#"select day, payer as "payer: Payer", state as "state: LedgerState",
                  case state when 'held' then held_tokens when 'settled' then prompt_tokens + completion_tokens else 0 end
                    as "tokens!",
                  abandoned_calls, abandoned_tokens
           from usage_ledger where job_id = $1"#,
        job.0,
    )
    .fetch_optional(conn)
    .await
}

/// When the job of a hold may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// At once.
    Now,
    /// When others of this student have ended: together they might take much more than is left. Ask [`start`].
    Later,
}

/// Takes a hold if all limits pass. After a refusal the transaction must be rolled back: a part of
/// the hold may stand in it.
///
/// What is held is an expectation. So that answers which all take more than that overshoot a limit by one of them at
/// most, one begins only while those that run leave something, whatever they take.
///
/// # Errors
/// The outer is the database's, the inner the refusal.
pub async fn hold(
    conn: &mut PgConnection,
    hold: &Hold,
    pass: &Pass,
) -> sqlx::Result<Result<Start, Exceeded>> {
    let (feature, limits) = (pass.feature(), pass.limits());
    let counts = hold.payer == Payer::Plan;
    let (one, tokens, at_most) = if counts { (1_i64, hold.tokens, hold.at_most) } else { (0, 0, 0) };
    let unlimited = i64::MAX;
    let limit = |limit: Option<i64>| limit.filter(|_| counts).unwrap_or(unlimited);
    let passed = sqlx::query!(
        r#"with feature_row as (
             insert into usage_features as f (user_id, day, feature, held)
             select $1, $2, $3, $12 where $12::bigint <= $5::bigint
             on conflict (user_id, day, feature) do update set held = f.held + $12
               where f.used + f.held + $12 <= $5
             returning 1
           ), day_row as (
             insert into usage_days as d (user_id, day, tokens_held, requests_held, tokens_at_most)
             select $1, $2, $6, $4, $11::bigint where $6 <= $7::bigint and $4 <= $8::bigint
             on conflict (user_id, day) do update
               set tokens_held = d.tokens_held + $6, requests_held = d.requests_held + $4,
                   begins = $11 = 0 or d.tokens_used + d.tokens_at_most < $7,
                   tokens_at_most = d.tokens_at_most
                     + case when d.tokens_used + d.tokens_at_most < $7 then $11 else 0 end
               where d.tokens_used + d.tokens_held + $6 <= $7 and d.requests_used + d.requests_held + $4 <= $8
             returning begins
           ), ledger_row as (
             insert into usage_ledger as l (job_id, user_id, day, feature, payer, held_tokens, at_most_tokens, held_items)
             select $9, $1, $2, $3, $10, $6, case when begins then $11 else 0 end, $12 from day_row
             on conflict (job_id) do update
               set day = $2, payer = $10, held_tokens = $6, at_most_tokens = excluded.at_most_tokens, held_items = $12
               where l.state = 'held' and l.payer = 'own_key'
           )
           select (select count(*) from feature_row) as "feature!", (select count(*) from day_row) as "day!",
                  coalesce((select begins from day_row), true) as "begins!""#,
        hold.user.0,
        hold.day,
        feature as Feature,
        one,
        limit(limits.feature(feature)),
        tokens,
        limit(limits.tokens),
        limit(limits.requests),
        hold.job.0,
        hold.payer as Payer,
        at_most,
        one * hold.items,
    )
    .fetch_one(&mut *conn)
    .await?;
    if passed.feature == 1 && passed.day == 1 {
        return Ok(Ok(if passed.begins { Start::Now } else { Start::Later }));
    }
    // Both rows are locked now, refused or not, so what is read here is what decided; the part that
    // did pass is taken off again.
    let mut taken = read(&mut *conn, hold.user, hold.day, feature).await?;
    taken.feature.held -= passed.feature * one * hold.items;
    taken.tokens.held -= passed.day * tokens;
    taken.requests.held -= passed.day;
    first_exceeded(limits, feature, tokens, taken, hold.day)
        .map(Err)
        .ok_or(sqlx::Error::Protocol("a hold was refused although every limit passes".to_owned()))
}

/// Begins a job whose hold said [`Start::Later`], where it may by now. One that has begun may go on.
///
/// # Errors
/// The outer is the database's. The inner says that those before it used up the day after all.
pub async fn start(
    conn: &mut PgConnection,
    job: JobId,
    at_most: i64,
    limits: &Limits,
) -> sqlx::Result<Result<Start, Exceeded>> {
    let limit = limits.tokens.unwrap_or(i64::MAX);
    let row = sqlx::query!(
        r#"with mine as materialized (
             select user_id, day, held_tokens from usage_ledger
             where job_id = $1 and state = 'held' and payer = 'plan' and at_most_tokens = 0 for update
           ), day_row as (
             update usage_days d set tokens_at_most = d.tokens_at_most + $2
             from mine m where d.user_id = m.user_id and d.day = m.day and d.tokens_used + d.tokens_at_most < $3
             returning 1
           ), ledger_row as (
             update usage_ledger set at_most_tokens = $2 where job_id = $1 and exists (select from day_row)
           )
           select m.day as "day!", m.held_tokens as "held_tokens!", d.tokens_used as "tokens_used!",
                  exists (select from day_row) as "begins!"
           from mine m join usage_days d on d.user_id = m.user_id and d.day = m.day"#,
        job.0,
        at_most.max(1),
        limit,
    )
    .fetch_optional(conn)
    .await?;
    Ok(match row {
        None => Ok(Start::Now),
        Some(row) if row.begins => Ok(Start::Now),
        Some(row) if row.tokens_used < limit => Ok(Start::Later),
        Some(row) => {
            let (used, needed, reset_at) = (row.tokens_used, row.held_tokens, reset_at(row.day));
            Err(Exceeded { level: Level::Tokens, limit, used, needed, reset_at })
        }
    })
}

/// Takes a hold for a job that the student's own key was to serve, since a shared one must. Does nothing
/// where that was done before. After a refusal the transaction must be rolled back.
///
/// # Errors
/// The outer is the database's, the inner the refusal.
pub async fn fall_back(
    conn: &mut PgConnection,
    with: &Hold,
    pass: &Pass,
) -> sqlx::Result<Result<Start, Exceeded>> {
    // The ledger's row first, as when a job is settled.
    let own = sqlx::query_scalar!(
        "select job_id from usage_ledger where job_id = $1 and state = 'held' and payer = 'own_key' for update",
        with.job.0
    )
    .fetch_optional(&mut *conn)
    .await?;
    if own.is_none() { Ok(Ok(Start::Now)) } else { hold(conn, with, pass).await }
}

/// The student's own key served after all: what was promised is given back, and the job costs them
/// nothing when it is settled.
pub async fn pay_by_own_key(conn: &mut PgConnection, job: JobId) -> sqlx::Result<()> {
    sqlx::query!(
        r#"with was as (
             select job_id, held_tokens, at_most_tokens, case when payer = 'plan' then 1 else 0 end as held,
                    case when payer = 'plan' then held_items else 0 end as held_items
             from usage_ledger where job_id = $1 and state = 'held' and payer <> 'own_key' for update
           ), ledger_row as (
             update usage_ledger l set payer = 'own_key', held_tokens = 0, at_most_tokens = 0
             from was where l.job_id = was.job_id
             returning l.user_id, l.day, l.feature, was.held_tokens, was.at_most_tokens, was.held, was.held_items as items
           ), feature_row as (
             update usage_features f set held = f.held - l.items
             from ledger_row l where f.user_id = l.user_id and f.day = l.day and f.feature = l.feature
             returning 1
           )
           update usage_days d
           set tokens_held = d.tokens_held - l.held_tokens, requests_held = d.requests_held - l.held,
               tokens_at_most = d.tokens_at_most - l.at_most_tokens
           from ledger_row l, (select count(*) from feature_row) first
           where d.user_id = l.user_id and d.day = l.day"#,
        job.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a use of a feature would be refused now. Only the hold decides; this spares the work before it.
pub async fn would_refuse(
    conn: &mut PgConnection,
    hold: &Hold,
    pass: &Pass,
) -> sqlx::Result<Option<Exceeded>> {
    if hold.payer != Payer::Plan {
        return Ok(None);
    }
    let taken = read(conn, hold.user, hold.day, pass.feature()).await?;
    Ok(first_exceeded(pass.limits(), pass.feature(), hold.tokens, taken, hold.day))
}

async fn read(
    conn: &mut PgConnection,
    user: UserId,
    day: NaiveDate,
    feature: Feature,
) -> sqlx::Result<Taken> {
    let row = sqlx::query!(
        r#"select coalesce(d.tokens_used, 0) as "tokens_used!", coalesce(d.tokens_held, 0) as "tokens_held!",
                  coalesce(d.requests_used, 0) as "requests_used!", coalesce(d.requests_held, 0) as "requests_held!",
                  coalesce(f.used, 0) as "used!", coalesce(f.held, 0) as "held!"
           from (select $1::uuid as user_id, $2::date as day) k
           left join usage_days d on d.user_id = k.user_id and d.day = k.day
           left join usage_features f on f.user_id = k.user_id and f.day = k.day and f.feature = $3"#,
        user.0,
        day,
        feature as Feature,
    )
    .fetch_one(conn)
    .await?;
    Ok(Taken {
        tokens: Count { used: row.tokens_used, held: row.tokens_held },
        requests: Count { used: row.requests_used, held: row.requests_held },
        feature: Count { used: row.used, held: row.held },
    })
}

/// What a job came to.
#[derive(Debug, Clone, Copy)]
pub struct Settlement<'a> {
    /// Items of its feature that were delivered, which its counter counts; 1 where it makes none.
    pub items: i64,
    /// Tokens of the delivered call's prompt.
    pub prompt_tokens: i64,
    /// Tokens of what was delivered.
    pub completion_tokens: i64,
    /// Whether these are the provider's own figures.
    pub exact: bool,
    /// Who delivered.
    pub provider: Option<&'a str>,
    /// With which model.
    pub model: Option<&'a str>,
    /// Through which key.
    pub key: Option<KeyId>,
    /// Calls that failed over: the platform's cost.
    pub abandoned_calls: i32,
    /// Tokens of these, estimated.
    pub abandoned_tokens: i64,
}

impl Default for Settlement<'_> {
    fn default() -> Self {
        Self {
            items: 1,
            prompt_tokens: 0,
            completion_tokens: 0,
            exact: false,
            provider: None,
            model: None,
            key: None,
            abandoned_calls: 0,
            abandoned_tokens: 0,
        }
    }
}

/// How many items of a feature may still be made on a day; none where there is no limit. Nobody else takes of them before the
/// transaction ends.
pub async fn items_left(
    conn: &mut PgConnection,
    user: UserId,
    day: NaiveDate,
    pass: &Pass,
) -> sqlx::Result<Option<i64>> {
    let Some(limit) = pass.limits().feature(pass.feature()) else { return Ok(None) };
    let taken = sqlx::query_scalar!(
        r#"select used + held as "taken!" from usage_features where user_id = $1 and day = $2 and feature = $3 for update"#,
        user.0,
        day,
        pass.feature() as Feature,
    )
    .fetch_optional(conn)
    .await?;
    Ok(Some((limit - taken.unwrap_or(0)).max(0)))
}

/// Turns a job's hold into what it really came to, on the day it was held. Returns false, and
/// changes nothing, where that was done before.
///
/// A student is charged no more than the hold said that it takes at most. What a model took beyond that, by thoughts
/// that nobody saw coming, is the platform's cost: so answers that run at once overshoot a day by one of them.
pub async fn settle(conn: &mut PgConnection, job: JobId, with: &Settlement<'_>) -> sqlx::Result<bool> {
    close(conn, job, true, with).await
}

/// Gives a job's hold back: it failed, so the student is not charged. Returns false where that was
/// done before.
pub async fn release(conn: &mut PgConnection, job: JobId, with: &Settlement<'_>) -> sqlx::Result<bool> {
    close(conn, job, false, with).await
}

async fn close(
    conn: &mut PgConnection,
    job: JobId,
    charge: bool,
    with: &Settlement<'_>,
) -> sqlx::Result<bool> {
    let closed = sqlx::query_scalar!(
        r#"with closed as (
             update usage_ledger
             set state = case when $2 then 'settled'::ledger_state else 'released' end, settled_at = now(),
                 prompt_tokens = $3, completion_tokens = $4, tokens_exact = $5, provider = $6, model = $7, key_id = $8,
                 abandoned_calls = $9, abandoned_tokens = $10, items = case when $2 then $11::bigint else 0 end
             where job_id = $1 and state = 'held'
             returning user_id, day, feature, held_tokens, at_most_tokens, held_items,
                       case when at_most_tokens > 0 then least($3::bigint + $4::bigint, greatest(at_most_tokens, held_tokens))
                            else $3::bigint + $4::bigint end as charged,
                       case when payer = 'plan' then 1 else 0 end as held,
                       case when payer = 'plan' and $2 then 1 else 0 end as used,
                       case when payer = 'admin' and $2 then 1 else 0 end as bypass,
                       case when $2 then 1 else 0 end as done, case when $2 then 0 else 1 end as failed
           ), feature_row as (
             update usage_features f
             set held = f.held - c.held * c.held_items, used = f.used + c.used * least($11, c.held_items),
                 bypass = f.bypass + c.bypass * $11, done = f.done + c.done, failed = f.failed + c.failed,
                 prompt_tokens = f.prompt_tokens + $3, completion_tokens = f.completion_tokens + $4
             from closed c where f.user_id = c.user_id and f.day = c.day and f.feature = c.feature
             returning 1
           ), day_row as (
             update usage_days d
             set tokens_held = d.tokens_held - c.held_tokens * c.held, tokens_used = d.tokens_used + c.charged * c.used,
                 tokens_at_most = d.tokens_at_most - c.at_most_tokens,
                 requests_held = d.requests_held - c.held, requests_used = d.requests_used + c.used,
                 bypass_tokens = d.bypass_tokens + ($3 + $4) * c.bypass, bypass_requests = d.bypass_requests + c.bypass,
                 done = d.done + c.done, failed = d.failed + c.failed,
                 prompt_tokens = d.prompt_tokens + $3, completion_tokens = d.completion_tokens + $4
             from closed c, (select count(*) from feature_row) first
             where d.user_id = c.user_id and d.day = c.day
             returning 1
           )
           select (select count(*) from day_row) as "closed!""#,
        job.0,
        charge,
        with.prompt_tokens,
        with.completion_tokens,
        with.exact,
        with.provider,
        with.model,
        with.key.map(|key| key.0),
        with.abandoned_calls,
        with.abandoned_tokens,
        with.items,
    )
    .fetch_one(conn)
    .await?;
    Ok(closed == 1)
}
