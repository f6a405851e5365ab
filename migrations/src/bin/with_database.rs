//! Runs a command with `DATABASE_URL` set to a fresh, migrated, private database, which is gone
//! afterwards: `cargo run -p migrations --bin with_database -- cargo check`.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use postgres::{Server, Settings};
use sqlx::{Connection as _, Executor as _, PgConnection};
use tokio::process::Command;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let mut command = std::env::args_os().skip(1);
    let program = command.next().context("which command?")?;
    let target = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target");
    let data = target.join(format!("with-database-{}", std::process::id()));
    std::fs::create_dir_all(&data)?;
    let settings = Settings {
        tools: target.join("tools"),
        data: data.join("postgres"),
        durable: false,
        max_connections: 50,
    };
    let server = Server::start(settings).await?;
    let superuser = server.options();
    let mut conn = PgConnection::connect_with(&superuser).await?;
    conn.execute("create role medai login createrole").await?;
    conn.execute("create database medai owner medai").await?;
    let mut inside = PgConnection::connect_with(&superuser.clone().database("medai")).await?;
    inside.execute("create extension vector").await?;
    let mut owner = PgConnection::connect_with(&superuser.username("medai").database("medai")).await?;
    migrations::MIGRATOR.run(&mut owner).await?;
    let url = server.url("medai").replacen("postgres@", "medai@", 1);
    let status = Command::new(program).args(command).env("DATABASE_URL", url).status().await?;
    server.stop().await?;
    std::fs::remove_dir_all(&data)?;
    Ok(ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1)))
}
