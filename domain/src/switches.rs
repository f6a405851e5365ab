//! What of the platform admins switch as a whole. Needs the platform.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::ids::UserId;

/// A switch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Switch {
    /// Whether it is on.
    pub enabled: bool,
    /// Since when; `None` where it was never touched.
    pub updated_at: Option<DateTime<Utc>>,
    /// By whom.
    pub updated_by: Option<UserId>,
}

/// Whether students may share conversations by links: not unless an admin says so.
pub async fn sharing(conn: &mut PgConnection) -> sqlx::Result<Switch> {
    let row = sqlx::query_as!(
        Switch,
        r#"select enabled, updated_at as "updated_at?", updated_by as "updated_by: UserId"
           from platform_switches where name = 'sharing'"#,
    );
    Ok(row.fetch_optional(conn).await?.unwrap_or_default())
}

/// Switches it.
pub async fn set_sharing(
    conn: &mut PgConnection,
    enabled: bool,
    by: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into platform_switches (name, enabled, updated_at, updated_by) values ('sharing', $1, $2, $3)
         on conflict (name) do update set enabled = $1, updated_at = $2, updated_by = $3",
        enabled,
        now,
        by.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}
