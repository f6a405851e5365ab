//! SQL for analytics: roll-ups, and for days that are not rolled up yet the counters of those days, by index.
//! Nothing here reads the ledger, messages or jobs. All of it needs the platform.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};
use sqlx::PgConnection;

use super::{Cell, Sums};
use crate::{feature::Feature, ids::UserId, users::Plan};

/// The days that are looked at, both included.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// The first.
    pub from: NaiveDate,
    /// The last: today.
    pub to: NaiveDate,
    /// The first that is not rolled up; after `to` where all are.
    live_from: NaiveDate,
}

impl Span {
    /// The days from `from` to today, and how far they are rolled up.
    pub async fn find(conn: &mut PgConnection, from: NaiveDate, to: NaiveDate) -> sqlx::Result<Self> {
        let rolled = sqlx::query_scalar!("select max(day) from usage_rollups").fetch_one(conn).await?;
        let after = rolled.and_then(|day| day.checked_add_days(Days::new(1)));
        Ok(Self { from, to, live_from: after.map_or(from, |after| after.max(from)) })
    }
}

/// What each plan used of each feature on each day.
pub async fn cells(conn: &mut PgConnection, span: Span) -> sqlx::Result<Vec<Cell>> {
    let rows = sqlx::query!(
        r#"select day as "day!", plan as "plan!", feature as "feature!: Feature", requests as "requests!",
                  failed as "failed!", prompt_tokens as "prompt_tokens!", completion_tokens as "completion_tokens!"
           from usage_rollups where day >= $1 and day < $2
           union all
           select f.day, coalesce(u.plan::text, 'deleted'), f.feature, sum(f.done)::bigint, sum(f.failed)::bigint,
                  sum(f.prompt_tokens)::bigint, sum(f.completion_tokens)::bigint
           from usage_features f left join users u on u.id = f.user_id
           where f.day >= $2 and f.day <= $3 and f.done + f.failed > 0
           group by 1, 2, 3"#,
        span.from,
        span.live_from,
        span.to,
    )
    .fetch_all(conn)
    .await?;
    let cell = rows.into_iter().map(|row| Cell {
        day: row.day,
        plan: row.plan,
        feature: row.feature,
        sums: Sums {
            requests: row.requests,
            failed: row.failed,
            prompt_tokens: row.prompt_tokens,
            completion_tokens: row.completion_tokens,
        },
    });
    Ok(cell.collect())
}

/// How many users got an answer on each day.
pub async fn active_by_day(conn: &mut PgConnection, span: Span) -> sqlx::Result<BTreeMap<NaiveDate, i64>> {
    let rows = sqlx::query!(
        r#"select day as "day!", sum(users)::bigint as "users!" from usage_day_rollups where day >= $1 and day < $2 group by day
           union all
           select day, count(*) from usage_days where day >= $2 and day <= $3 and done > 0 group by day"#,
        span.from,
        span.live_from,
        span.to,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.day, row.users)).collect())
}

/// Accounts of a plan.
#[derive(Debug, Clone)]
pub struct OfPlan {
    /// Which plan.
    pub plan: Plan,
    /// How many have it.
    pub users: i64,
    /// How many of these got an answer within the span.
    pub active: i64,
}

/// An account with what it used.
#[derive(Debug, Clone)]
pub struct Top {
    /// Its id.
    pub user: UserId,
    /// Its address.
    pub email: String,
    /// As its owner wishes to be called.
    pub name: String,
    /// What it pays for.
    pub plan: Plan,
    /// Requests that were answered.
    pub requests: i64,
    /// Their tokens.
    pub tokens: i64,
}

/// How many accounts each plan has and how many of these were active, and the accounts that used the most tokens. One
/// statement, since it adds up what every account used once.
pub async fn accounts(
    conn: &mut PgConnection,
    span: Span,
    most: i64,
) -> sqlx::Result<(Vec<OfPlan>, Vec<Top>)> {
    let rows = sqlx::query!(
        r#"with used as materialized (
             select user_id, sum(done)::bigint as requests, sum(prompt_tokens + completion_tokens)::bigint as tokens
             from usage_days where day >= $1 and day <= $2 and done > 0 group by user_id
           ), active as (
             select u.plan, count(*) as active from used join users u on u.id = used.user_id group by u.plan
           ), best as (
             select * from used order by tokens desc, user_id limit $3
           )
           select p.plan as "plan!: Plan", p.users as "users?", coalesce(a.active, 0) as "active?",
                  null::uuid as "user?: UserId", null::text as email, null::text as name, null::bigint as requests,
                  null::bigint as tokens
           from (select plan, count(*) as users from users group by plan) p left join active a on a.plan = p.plan
           union all
           select u.plan, null, null, u.id, u.email, u.name, b.requests, b.tokens
           from best b join users u on u.id = b.user_id"#,
        span.from,
        span.to,
        most,
    )
    .fetch_all(conn)
    .await?;
    let (mut plans, mut top) = (Vec::new(), Vec::new());
    for row in rows {
        match row.user {
            Some(user) => top.push(Top {
                user,
                email: row.email.unwrap_or_default(),
                name: row.name.unwrap_or_default(),
                plan: row.plan,
                requests: row.requests.unwrap_or(0),
                tokens: row.tokens.unwrap_or(0),
            }),
            None => plans.push(OfPlan {
                plan: row.plan,
                users: row.users.unwrap_or(0),
                active: row.active.unwrap_or(0),
            }),
        }
    }
    top.sort_by_key(|of| (std::cmp::Reverse(of.tokens), of.user));
    Ok((plans, top))
}

/// Accounts that were registered within a week.
#[derive(Debug, Clone)]
pub struct Registered {
    /// The week's Monday.
    pub week: NaiveDate,
    /// How many.
    pub registered: i64,
    /// How many of them pay now.
    pub paid: i64,
}

/// Registrations by week since the Monday of a day, and who of them came to pay. Accounts on the plan `admin` are
/// no customers.
pub async fn registrations(conn: &mut PgConnection, since: NaiveDate) -> sqlx::Result<Vec<Registered>> {
    sqlx::query_as!(
        Registered,
        r#"select date_trunc('week', created_at, 'UTC')::date as "week!", count(*) as "registered!",
                  count(*) filter (where plan <> 'free') as "paid!"
           from users where created_at >= $1 and plan <> 'admin' group by 1 order by 1"#,
        super::week_of(since).and_time(NaiveTime::MIN).and_utc(),
    )
    .fetch_all(conn)
    .await
}
