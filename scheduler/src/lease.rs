//! Which scheduler ticks.

use domain::Db;

/// How long the leader leads without a sign of life. Another takes over within this and one tick.
const LEASE_SECONDS: f64 = 10.0;

/// This process's claim to lead.
#[derive(Debug)]
pub(crate) struct Lease {
    db: Db,
    name: String,
}

impl Lease {
    pub(crate) fn new(db: &Db, name: String) -> Self {
        Self { db: db.clone(), name }
    }

    /// Takes the lead if nobody has it, or keeps it. Says whether this process leads.
    pub(crate) async fn hold(&self) -> sqlx::Result<bool> {
        let done = sqlx::query!(
            "insert into scheduler_lease as l (holder, until) values ($1, now() + make_interval(secs => $2))
             on conflict (only_row) do update set holder = $1, until = now() + make_interval(secs => $2)
               where l.holder = $1 or l.until < now()",
            self.name,
            LEASE_SECONDS,
        )
        .execute(self.db.pool())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Lets another lead at once.
    pub(crate) async fn give_up(&self) {
        let gave = sqlx::query!("delete from scheduler_lease where holder = $1", self.name);
        if let Err(error) = gave.execute(self.db.pool()).await {
            tracing::debug!(%error, "the lead runs out by itself");
        }
    }
}
