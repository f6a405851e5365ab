//! How many keys of the pool are in which state, for `/metrics`.

use chrono::{DateTime, Utc};
use sqlx::PgPool;

use super::Provider;

/// The states that are told apart. `cooling` is an active key that waits for its quota.
pub const STATES: [&str; 5] = ["active", "cooling", "degraded", "disabled", "pending"];

/// A number of shared keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolStats {
    /// Whose.
    pub provider: Provider,
    /// One of [`STATES`].
    pub state: String,
    /// How many.
    pub keys: i64,
}

/// Counts the shared keys.
///
/// # Errors
/// The database's.
pub async fn pool_stats(pool: &PgPool, now: DateTime<Utc>) -> sqlx::Result<Vec<PoolStats>> {
    sqlx::query_as!(
        PoolStats,
        r#"select provider as "provider: Provider",
                  case when status = 'active' and cooldown_until > $1 then 'cooling' else status::text end as "state!",
                  count(*) as "keys!"
           from provider_keys where owner_id is null group by 1, 2"#,
        now,
    )
    .fetch_all(pool)
    .await
}
