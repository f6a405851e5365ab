//! The pools of connections to the database.

use std::time::Duration;

use anyhow::Context as _;
use jobs::queue::PLANNING;
use sqlx::{
    ConnectOptions as _, Executor as _, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// How to reach the database.
#[derive(Debug, Clone)]
pub struct Database {
    /// For all but LISTEN.
    pub options: PgConnectOptions,
    /// For LISTEN: the server itself.
    pub direct: PgConnectOptions,
}

/// The connections of a process.
pub(super) struct Pools {
    /// For whatever is asked.
    pub(super) all: PgPool,
    /// For the queue's own statements.
    pub(super) queue: PgPool,
    /// For LISTEN.
    pub(super) direct: PgPool,
}

impl Database {
    /// Connects, with so many connections at the most beside those of the queue and of LISTEN.
    pub(super) async fn connect(&self, most: u32) -> anyhow::Result<Pools> {
        let options = quiet(&self.options);
        let all = PgPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options.clone())
            .await
            .context("the database cannot be reached")?;
        let queue = PgPoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(10))
            .after_connect(|conn, _| Box::pin(async move { conn.execute(PLANNING).await.map(drop) }))
            .connect_lazy_with(options);
        let direct = PgPoolOptions::new().max_connections(2).connect_lazy_with(quiet(&self.direct));
        Ok(Pools { all, queue, direct })
    }
}

/// Statements are not logged: what they bind may be content.
fn quiet(options: &PgConnectOptions) -> PgConnectOptions {
    options.clone().application_name("medai").disable_statement_logging()
}
