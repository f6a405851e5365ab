//! Plans that were paid for until a day, and what becomes of them after it.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::Plan;
use crate::{
    audit::{self, Action, Actor, Target},
    ids::UserId,
};

/// Accounts that one transaction downgrades, so that none holds its locks for long.
const BATCH: i64 = 500;

/// Puts accounts whose plan has ended on the free plan, each with its entry in the audit log. Returns
/// how many; call it again until there are none. Needs the platform.
pub async fn expire(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let ended = sqlx::query!(
        r#"with due as materialized (
             select id, plan, plan_until from users where plan_until <= $1
             order by id limit $2 for update skip locked
           )
           update users u set plan = 'free', plan_until = null from due where u.id = due.id
           returning u.id as "id: UserId", due.plan as "plan: Plan", due.plan_until"#,
        now,
        BATCH,
    )
    .fetch_all(&mut *conn)
    .await?;
    for account in &ended {
        let target = Target { kind: "user", id: Some(&account.id.to_string()) };
        let details = json!({
            "before": { "plan": account.plan, "plan_until": account.plan_until },
            "after": { "plan": Plan::Free },
        });
        audit::record(conn, &Actor::platform(), Action("expire_subscription"), target, &details).await?;
    }
    Ok(u64::try_from(ended.len()).unwrap_or(u64::MAX))
}
