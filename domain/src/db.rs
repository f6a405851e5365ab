//! The database, and the two ways to step down to where people's data is.

use std::io;

use sqlx::{AssertSqlSafe, PgPool, Postgres, Transaction};
use tracing::Instrument as _;

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
        self.begin(format!("begin; set local role medai_user; set local medai.\"user\" = '{user}'")).await
    }

    /// A transaction that sees all users: for admins, sign-in and housekeeping.
    ///
    /// # Errors
    /// Where the database cannot be reached.
    pub async fn begin_platform(&self) -> sqlx::Result<Tx> {
        self.begin("begin; set local role medai_platform".to_owned()).await
    }

    /// A transaction that steps down to nobody: enough for the queue and the pool of keys.
    ///
    /// # Errors
    /// Where the database cannot be reached.
    pub async fn begin_bare(&self) -> sqlx::Result<Tx> {
        self.begin("begin".to_owned()).await
    }

    /// In a task of its own, which comes to its end also where the caller is dropped in the midst, as every request is
    /// whose client has left. Otherwise a connection would go back to the pool with a transaction open that sqlx does
    /// not know of, and what others did next would happen in there.
    #[expect(clippy::disallowed_methods, reason = "the one place where transactions begin")]
    async fn begin(&self, statement: String) -> sqlx::Result<Tx> {
        let pool = self.pool.clone();
        let begin = async move { pool.begin_with(AssertSqlSafe(statement)).await };
        let ended = tokio::spawn(begin.in_current_span()).await;
        ended.map_err(|panicked| sqlx::Error::Io(io::Error::other(panicked)))?
    }
}
