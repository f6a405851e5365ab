//! What open streams cost in memory.

use std::time::Duration;

use anyhow::ensure;
use futures::{StreamExt as _, TryStreamExt as _};
use simulator::Script;
use tokio::time::sleep;

use crate::{
    client::{Connection, Request, bearer},
    drive::{Timing, through},
    machine::resident_mb,
    platform::{Platform, cancel},
    table::Row,
};

/// Streams that are open at once.
const READERS: usize = 1_000;

/// The most megabytes that they may cost.
const GOAL: f64 = 60.0;

/// Streams that are being opened at a time.
const AT_ONCE: usize = 32;

/// Until memory has settled.
const SETTLE: Duration = Duration::from_secs(2);

/// Measures a process that has answered a little, before and after the readers came.
pub(crate) async fn measure(platform: &Platform) -> anyhow::Result<Row> {
    let students = platform.students("memory", 8).await?;
    crate::progress("memory of open streams");
    platform.script(&Script::healthy()).await?;
    let second = Duration::from_secs(1);
    through(platform, &students, Timing { warm_up: second, window: second, spread: Duration::ZERO }).await?;

    let slow = Script::healthy().token_every(second).chunks(60);
    platform.script(&slow).await?;
    let Some(student) = students.first() else { anyhow::bail!("there is no student") };
    let job = student.ask_aside(&mut Connection::open(platform.address).await?).await?;
    sleep(SETTLE).await;
    let before = resident_mb(platform.medai())?;
    let events = Request::new("GET", &format!("/api/jobs/{job}/events"), &bearer(&student.token), "");
    let opened = (0..READERS).map(|_| open(platform, &events));
    let readers: Vec<_> = futures::stream::iter(opened).buffer_unordered(AT_ONCE).try_collect().await?;
    sleep(SETTLE).await;
    let after = resident_mb(platform.medai())?;
    drop(readers);
    cancel(platform.address, student, &job).await?;

    let added = after - before;
    let row = Row::new("memory of 1,000 open streams", format!("{added:.1} MB"));
    Ok(row
        .goal("≤ 60 MB", added <= GOAL)
        .detail(format!("medai has {before:.1} MB without them, {after:.1} MB with them")))
}

async fn open(platform: &Platform, events: &Request) -> anyhow::Result<Connection> {
    let mut connection = Connection::open(platform.address).await?;
    let status = connection.send(events).await?;
    let mut body = Vec::new();
    let more = connection.piece(&mut body).await?;
    ensure!(status == 200 && more, "a stream was not opened ({status}): {}", String::from_utf8_lossy(&body));
    Ok(connection)
}
