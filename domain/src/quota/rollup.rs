//! Usage by day, plan and feature, for charts that never scan the ledger.

use chrono::NaiveDate;
use sqlx::PgConnection;

/// What was rolled up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RolledUp {
    /// Days.
    pub days: i64,
    /// Requests of these days that were answered.
    pub requests: i64,
    /// Their tokens.
    pub tokens: i64,
}

/// Rolls up all days before `today` that were not yet; and the last one again, since answers of it may
/// have been settled after its midnight. Needs the platform.
pub async fn roll_up(conn: &mut PgConnection, today: NaiveDate) -> sqlx::Result<RolledUp> {
    let from = sqlx::query_scalar!(
        "select coalesce((select max(day) from usage_rollups), (select min(day) from usage_ledger))"
    )
    .fetch_one(&mut *conn)
    .await?;
    let Some(from) = from.filter(|from| *from < today) else { return Ok(RolledUp::default()) };
    // By the plan as it is now: a row of a plan that an account has left must not stay.
    sqlx::query!("delete from usage_rollups where day >= $1", from).execute(&mut *conn).await?;
    let rolled = sqlx::query!(
        r#"with rolled as (
             insert into usage_rollups (day, plan, feature, users, requests, failed, prompt_tokens, completion_tokens,
                                        abandoned_calls, abandoned_tokens)
             select l.day, coalesce(u.plan::text, 'deleted'), l.feature, count(distinct l.user_id),
                    count(*) filter (where l.state = 'settled'), count(*) filter (where l.state = 'released'),
                    sum(l.prompt_tokens)::bigint, sum(l.completion_tokens)::bigint, sum(l.abandoned_calls)::bigint,
                    sum(l.abandoned_tokens)::bigint
             from usage_ledger l left join users u on u.id = l.user_id
             where l.day >= $1 and l.day < $2
             group by 1, 2, 3
             returning day, requests, prompt_tokens + completion_tokens as tokens
           )
           select count(distinct day) as "days!", coalesce(sum(requests), 0)::bigint as "requests!",
                  coalesce(sum(tokens), 0)::bigint as "tokens!"
           from rolled"#,
        from,
        today,
    )
    .fetch_one(&mut *conn)
    .await?;
    roll_up_users(conn, from, today).await?;
    Ok(RolledUp { days: rolled.days, requests: rolled.requests, tokens: rolled.tokens })
}

/// Somebody who used several features is still one who was active.
async fn roll_up_users(conn: &mut PgConnection, from: NaiveDate, today: NaiveDate) -> sqlx::Result<()> {
    sqlx::query!("delete from usage_day_rollups where day >= $1", from).execute(&mut *conn).await?;
    sqlx::query!(
        "insert into usage_day_rollups (day, plan, users)
         select l.day, coalesce(u.plan::text, 'deleted'), count(distinct l.user_id)
         from usage_ledger l left join users u on u.id = l.user_id
         where l.day >= $1 and l.day < $2 and l.state = 'settled'
         group by 1, 2",
        from,
        today,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes what days before `before` came to: the roll-ups have it. Needs the platform.
pub async fn prune(conn: &mut PgConnection, before: NaiveDate) -> sqlx::Result<u64> {
    let mut gone = sqlx::query!("delete from usage_days where day < $1", before)
        .execute(&mut *conn)
        .await?
        .rows_affected();
    gone += sqlx::query!("delete from usage_features where day < $1", before)
        .execute(&mut *conn)
        .await?
        .rows_affected();
    gone += sqlx::query!("delete from key_days where day < $1", before)
        .execute(&mut *conn)
        .await?
        .rows_affected();
    gone += sqlx::query!("delete from usage_ledger where day < $1 and state <> 'held'", before)
        .execute(conn)
        .await?
        .rows_affected();
    Ok(gone)
}
