//! What the machine allows at best: the goals are ratios to these.

use std::time::Instant;

use anyhow::ensure;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, PgConnection, postgres::PgListener};

use crate::{
    client::{Connection, Request},
    lab::Lab,
    platform::Platform,
    samples::Samples,
    table::{Row, ms},
};

/// A request that does nothing.
pub(crate) async fn health(platform: &Platform, rounds: usize) -> anyhow::Result<Row> {
    crate::progress("floors of HTTP");
    let request = Request::new("GET", "/api/health", "", "");
    let mut connection = Connection::open(platform.address).await?;
    let mut samples = Samples::new()?;
    for _ in 0..rounds {
        let began = Instant::now();
        let status = connection.send(&request).await?;
        connection.body().await?;
        samples.add(began.elapsed());
        ensure!(status == 200, "the health was answered with {status}");
    }
    Ok(floor("GET /api/health", &samples))
}

/// What every statement and commit costs.
pub(crate) async fn database(lab: &Lab, rounds: usize) -> anyhow::Result<[Row; 3]> {
    crate::progress("floors of the database");
    let mut conn = lab.options().connect().await?;
    conn.execute(
        "create table floor (id bigint generated always as identity primary key, text text not null)",
    )
    .await?;
    let select = select(&mut conn, rounds).await?;
    let insert = insert(&mut conn, rounds).await?;
    let notify = notify(lab, &mut conn, rounds).await?;
    conn.execute("drop table floor").await?;
    conn.close().await?;
    Ok([
        floor("SELECT 1", &select),
        floor("INSERT + commit", &insert),
        floor("INSERT + NOTIFY delivered", &notify),
    ])
}

async fn select(conn: &mut PgConnection, rounds: usize) -> anyhow::Result<Samples> {
    let mut samples = Samples::new()?;
    for _ in 0..rounds {
        let began = Instant::now();
        sqlx::query("select 1").execute(&mut *conn).await?;
        samples.add(began.elapsed());
    }
    Ok(samples)
}

async fn insert(conn: &mut PgConnection, rounds: usize) -> anyhow::Result<Samples> {
    let mut samples = Samples::new()?;
    for _ in 0..rounds {
        let began = Instant::now();
        sqlx::query("insert into floor (text) values ('a row of a few bytes')").execute(&mut *conn).await?;
        samples.add(began.elapsed());
    }
    Ok(samples)
}

async fn notify(lab: &Lab, conn: &mut PgConnection, rounds: usize) -> anyhow::Result<Samples> {
    let mut listener = PgListener::connect_with(lab.pool()).await?;
    listener.listen("floor").await?;
    let mut samples = Samples::new()?;
    for _ in 0..rounds {
        let began = Instant::now();
        sqlx::query(
            "with added as (insert into floor (text) values ('a row of a few bytes') returning 1)
             select pg_notify('floor', '') from added",
        )
        .execute(&mut *conn)
        .await?;
        listener.recv().await?;
        samples.add(began.elapsed());
    }
    Ok(samples)
}

fn floor(what: &str, samples: &Samples) -> Row {
    let values = samples.p50_95_99();
    Row::new(format!("floor: {what} (p50 / p95 / p99)"), ms(&values))
}
