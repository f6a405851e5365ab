//! How the database and Redis are reached.

use anyhow::Context as _;
use clap::Args;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::PgConnectOptions;

use crate::platform::Database;

/// What it stands on.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "What it stands on")]
pub struct DatabaseSettings {
    /// PostgreSQL, version 15 or later with pgvector. `medai dev` brings its own.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub database_url: Option<SecretString>,
    /// The login that owns the tables and migrates them. With one, that of `DATABASE_URL` needs to own nothing, and can
    /// empty no audit log. Like `DATABASE_URL` unless given.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub database_migration_url: Option<SecretString>,
    /// The same server without a pooler in between, for LISTEN. Like `DATABASE_URL` unless given.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub database_direct_url: Option<SecretString>,
    /// The most connections of a process to the database.
    #[arg(long, env, global = true, default_value_t = 24)]
    pub database_connections: u32,
    /// Redis or Valkey, which carries events between processes. `medai dev` needs none.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub redis_url: Option<SecretString>,
}

impl DatabaseSettings {
    /// How the database is reached, from `DATABASE_URL` and `DATABASE_DIRECT_URL`.
    ///
    /// # Errors
    /// Where the first is missing, or one is no URL of PostgreSQL.
    pub fn database(&self) -> anyhow::Result<Database> {
        let url = self.database_url.as_ref().context("DATABASE_URL is missing")?;
        let options = parse("DATABASE_URL", url)?;
        let direct =
            self.database_direct_url.as_ref().map(|url| parse("DATABASE_DIRECT_URL", url)).transpose()?;
        Ok(Database { direct: direct.unwrap_or_else(|| options.clone()), options })
    }

    /// How the database is reached by who migrates it: from `DATABASE_MIGRATION_URL`, or like everybody else.
    ///
    /// # Errors
    /// Where it is no URL of PostgreSQL.
    pub fn owner(&self, database: &Database) -> anyhow::Result<PgConnectOptions> {
        let owner = self.database_migration_url.as_ref().map(|url| parse("DATABASE_MIGRATION_URL", url));
        Ok(owner.transpose()?.unwrap_or_else(|| database.direct.clone()))
    }
}

fn parse(name: &str, url: &SecretString) -> anyhow::Result<PgConnectOptions> {
    // The error of the parser may quote the password.
    url.expose_secret().parse().map_err(|_malformed| anyhow::anyhow!("{name} is not a PostgreSQL URL"))
}
