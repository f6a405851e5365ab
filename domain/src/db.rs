//! The database, and the two ways to step down to where people's data is.

use sqlx::{AssertSqlSafe, PgPool, Postgres, Transaction};

use crate::ids::UserId;

/// A transaction.
pub type Tx = Transaction<'static, Postgres>;

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    pool: PgPool,
}

impl Db {
    /// Over a pool that is connected as the platform's login.
    pub const fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    /// The bare pool: enough for the queue and the pool of keys. It steps down to nobody, so it sees
    /// no row that belongs to a user.
    pub const fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// A transaction that sees and touches the rows of one user, whatever its SQL says.
    ///
    /// # Errors
    /// Where the database cannot be reached.
    pub async fn begin_as(&self, user: UserId) -> sqlx::Result<Tx> {
        // One round trip. The id is a UUID, so it cannot carry SQL.
        let begin = format!("begin; set local role medai_user; set local medai.\"user\" = '{user}'");
        self.pool.begin_with(AssertSqlSafe(begin)).await
    }

    /// A transaction that sees all users: for admins, sign-in and housekeeping.
    ///
    /// # Errors
    /// Where the database cannot be reached.
    pub async fn begin_platform(&self) -> sqlx::Result<Tx> {
        self.pool.begin_with("begin; set local role medai_platform").await
    }
}
