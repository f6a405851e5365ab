//! The database of `medai dev`: the one of `DATABASE_URL`, or a private one in the data folder.

use std::path::Path;

use postgres::{Server, Settings};
use sqlx::{Connection as _, Executor as _, PgConnection, postgres::PgConnectOptions};

use crate::{config::Config, migrate::bring_up_to_date, platform::Database};

/// The database, and its owner: not a superuser, so that row-level security holds for it, too.
const NAME: &str = "medai";

/// The login of what runs: it owns nothing, so that it can empty no audit log.
const PROCESS: &str = "medai_app";

/// Starts the private server, unless another database is set.
pub(super) async fn server(config: &Config) -> anyhow::Result<Option<Server>> {
    if config.database.database_url.is_some() {
        return Ok(None);
    }
    let settings = Settings {
        tools: config.data_dir.join("tools"),
        data: config.data_dir.join("postgres"),
        durable: true,
        max_connections: 100,
    };
    Server::start(settings).await.map(Some)
}

/// Makes the database if it is not there, and brings it up to date.
pub(super) async fn prepare(config: &Config, server: Option<&Server>) -> anyhow::Result<Database> {
    let database = match server {
        Some(server) => {
            let owner = create(server.options()).await?;
            bring_up_to_date(&owner, PROCESS).await?;
            return Ok(as_process(&owner));
        }
        None => config.database.database()?,
    };
    bring_up_to_date(&config.database.owner(&database)?, database.options.get_username()).await?;
    Ok(database)
}

async fn create(superuser: PgConnectOptions) -> anyhow::Result<PgConnectOptions> {
    let owner = superuser.clone().username(NAME).database(NAME);
    let mut conn = PgConnection::connect_with(&superuser).await?;
    let there = sqlx::query("select from pg_database where datname = $1").bind(NAME);
    if there.fetch_optional(&mut conn).await?.is_none() {
        // The role may be there from a start that ended between the two.
        conn.execute(
            "do $$ begin
               if not exists (select from pg_roles where rolname = 'medai') then create role medai login createrole; end if;
             end $$",
        )
        .await?;
        conn.execute("create database medai owner medai").await?;
    }
    // A folder of an earlier release has none.
    conn.execute(
        "do $$ begin
           if not exists (select from pg_roles where rolname = 'medai_app') then create role medai_app login; end if;
         end $$",
    )
    .await?;
    let mut inside = PgConnection::connect_with(&superuser.database(NAME)).await?;
    inside.execute("create extension if not exists vector").await?;
    inside.close().await?;
    conn.close().await?;
    Ok(owner)
}

fn as_process(options: &PgConnectOptions) -> Database {
    let options = options.clone().username(PROCESS);
    Database { options: options.clone(), direct: options }
}

/// The database of a `medai dev` that runs on this data folder.
pub(crate) fn beside(data_dir: &Path) -> anyhow::Result<Option<Database>> {
    let running = postgres::running(&data_dir.join("postgres"))?;
    Ok(running.map(|address| as_process(&address.options().database(NAME))))
}
