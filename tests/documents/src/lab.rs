//! A private PostgreSQL with the schema, reached as medai reaches its own.

use std::path::Path;

use domain::{Db, ids::UserId};
use postgres::{Server, Settings};
use sqlx::{
    ConnectOptions as _, Connection as _, Executor as _, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// The same as medai's, so that row-level security costs what it costs there.
const OWNER: &str = "medai";

/// The database.
pub(crate) struct Lab {
    server: Server,
    data: tempfile::TempDir,
    pub(crate) db: Db,
    /// For what only a superuser may: filling tables by the million.
    pub(crate) superuser: PgConnectOptions,
}

impl Lab {
    /// Starts it, empty.
    pub(crate) async fn start(tools: &Path) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let settings = Settings {
            tools: tools.to_owned(),
            data: data.path().join("postgres"),
            durable: false,
            max_connections: 50,
        };
        let server = Server::start(settings).await?;
        let superuser = server.options().database(OWNER);
        let mut conn = PgConnection::connect_with(&server.options()).await?;
        conn.execute("create role medai login createrole").await?;
        conn.execute("create database medai owner medai").await?;
        let mut inside = PgConnection::connect_with(&superuser).await?;
        inside.execute("create extension vector").await?;
        let owner = superuser.clone().username(OWNER).disable_statement_logging();
        let mut conn = PgConnection::connect_with(&owner).await?;
        migrations::MIGRATOR.run(&mut conn).await?;
        let pool = PgPoolOptions::new().max_connections(4).connect_with(owner).await?;
        Ok(Self { server, data, db: Db::new(pool), superuser })
    }

    /// Somebody new.
    pub(crate) async fn user(&self) -> anyhow::Result<UserId> {
        let user = UserId::generate();
        let mut tx = self.db.begin_platform().await?;
        let insert =
            sqlx::query("insert into users (id, email, name, password_hash) values ($1, $2, 'Student', '')");
        insert.bind(user.0).bind(format!("{user}@bench.example")).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(user)
    }

    /// Ends it.
    pub(crate) async fn end(self) -> anyhow::Result<()> {
        self.db.pool().close().await;
        Server::stop(self.server).await?;
        drop(self.data);
        Ok(())
    }
}
