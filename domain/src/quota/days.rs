//! What a user used, by the day.

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::Count;
use crate::{feature::Feature, ids::UserId};

/// What a user used on one day.
#[derive(Debug, Clone, Copy)]
pub struct Day {
    /// Which.
    pub day: NaiveDate,
    /// Tokens.
    pub tokens: Count,
    /// Requests.
    pub requests: Count,
    /// Tokens that an admin used beyond all limits.
    pub bypass_tokens: i64,
    /// Requests that an admin made beyond all limits.
    pub bypass_requests: i64,
}

/// The days from `since` on which a user used anything, oldest first.
pub async fn days(conn: &mut PgConnection, user: UserId, since: NaiveDate) -> sqlx::Result<Vec<Day>> {
    let rows = sqlx::query!(
        "select day, tokens_used, tokens_held, requests_used, requests_held, bypass_tokens, bypass_requests
         from usage_days where user_id = $1 and day >= $2 order by day",
        user.0,
        since,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Day {
            day: row.day,
            tokens: Count { used: row.tokens_used, held: row.tokens_held },
            requests: Count { used: row.requests_used, held: row.requests_held },
            bypass_tokens: row.bypass_tokens,
            bypass_requests: row.bypass_requests,
        })
        .collect())
}

/// What a user used of each feature on one day; those not used are left out.
pub async fn features(
    conn: &mut PgConnection,
    user: UserId,
    day: NaiveDate,
) -> sqlx::Result<Vec<(Feature, Count)>> {
    let rows = sqlx::query!(
        r#"select feature as "feature: Feature", used, held from usage_features where user_id = $1 and day = $2"#,
        user.0,
        day,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.feature, Count { used: row.used, held: row.held })).collect())
}

/// How many uses of a feature failed on one day, and so were not counted.
///
/// # Errors
/// The database's.
pub async fn failures(
    conn: &mut PgConnection,
    user: UserId,
    day: NaiveDate,
    feature: Feature,
) -> sqlx::Result<i64> {
    let failed = sqlx::query_scalar!(
        "select failed from usage_features where user_id = $1 and day = $2 and feature = $3",
        user.0,
        day,
        feature as Feature,
    );
    Ok(failed.fetch_optional(conn).await?.unwrap_or(0))
}

/// Sets what a user used on a day to nothing. Holds stand: their jobs will settle.
pub async fn reset(conn: &mut PgConnection, user: UserId, day: NaiveDate) -> sqlx::Result<()> {
    // An update takes the rows as they lie, which changes with each update of one: two resets at once could
    // wait for each other in a circle.
    sqlx::query!(
        "select used from usage_features where user_id = $1 and day = $2 order by feature for update",
        user.0,
        day
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query!("update usage_features set used = 0 where user_id = $1 and day = $2", user.0, day)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "update usage_days set tokens_used = 0, requests_used = 0 where user_id = $1 and day = $2",
        user.0,
        day
    )
    .execute(conn)
    .await?;
    Ok(())
}
