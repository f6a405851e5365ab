//! What the platform closed by itself, and the calls that led to it: SQL.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{PgConnection, PgPool, types::Json};

use super::{Level, Scope, State, evidence::Witness};
use crate::feature::Feature;

/// Something that the platform closed by itself.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Closing {
    /// What; null is the whole platform.
    pub feature: Option<Feature>,
    /// How far.
    pub level: Level,
    /// Why.
    pub reason: String,
    /// From when.
    pub since: DateTime<Utc>,
    /// Until when; null while it is closed.
    pub ended_at: Option<DateTime<Utc>>,
    /// The calls that led to it; none where there was no key to call with.
    pub evidence: Vec<Witness>,
}

/// Writes down that something closes.
pub async fn begin(conn: &mut PgConnection, state: &State, evidence: &[Witness]) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into closings (feature, level, reason, since, evidence) values ($1, $2, $3, $4, $5)",
        state.scope.feature() as Option<Feature>,
        state.level as Level,
        state.reason,
        state.since,
        Json(evidence) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes down that what the platform closed in a scope is open again.
pub async fn end(conn: &mut PgConnection, scope: Scope, at: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update closings set ended_at = greatest($2, since)
         where feature is not distinct from $1 and ended_at is null",
        scope.feature() as Option<Feature>,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The latest, latest first.
pub async fn list(conn: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<Closing>> {
    let rows = sqlx::query!(
        r#"select feature as "feature: Feature", level as "level: Level", reason, since, ended_at,
                  evidence as "evidence: Json<Vec<Witness>>"
           from closings order by since desc, id desc limit $1"#,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let closings = rows.into_iter().map(|row| Closing {
        feature: row.feature,
        level: row.level,
        reason: row.reason,
        since: row.since,
        ended_at: row.ended_at,
        evidence: row.evidence.0,
    });
    Ok(closings.collect())
}

/// Removes what ended before a time.
pub async fn prune(pool: &PgPool, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from closings where ended_at < $1", before).execute(pool).await?;
    Ok(done.rows_affected())
}
