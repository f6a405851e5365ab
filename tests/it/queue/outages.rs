//! The database goes away while jobs run.

use std::time::Duration;

use domain::Db;
use jobs::{
    Job, Queue,
    bus::{EventKind, Number, TerminalEvent},
    queue::{Claimed, Outcome, complete},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Diary, add_many, nobody, number, sql, superuser_of, worker};
use crate::support::Platform;

/// A job with an effect, that survives many starts.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stubborn {}

impl Job for Stubborn {
    const NAME: &'static str = "stubborn";
    const QUEUE: Queue = Queue::Command;
    const TIMEOUT: Duration = Duration::from_mins(1);
    const MAX_ATTEMPTS: i16 = 100;
}

/// Ends all connections but the one that does it.
async fn cut_off(platform: &Platform) -> i64 {
    let mut superuser = superuser_of(platform).await;
    sqlx::query_scalar(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()",
    )
    .fetch_one(&mut superuser)
    .await
    .unwrap()
}

/// The effect and the end in one transaction. False where the job is another's by now.
async fn take_effect(db: &Db, job: &Claimed) -> sqlx::Result<bool> {
    let ending =
        TerminalEvent { number: Number::epoch(job.epoch).end(), kind: EventKind::Done, data: json!({}) };
    let mut tx = db.begin_bare().await?;
    if !complete(&mut tx, job.id, job.epoch, &ending).await? {
        return Ok(false);
    }
    sqlx::query("insert into effects (job) values ($1)").bind(job.id.0).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(true)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_loses_nothing_and_doubles_nothing() {
    const MANY: usize = 300;
    let home = nobody().start().await;
    sql(&home, "create table effects (job uuid not null)").await;
    let diary = Diary::default();
    let mut workers = Vec::new();
    for _ in 0..2 {
        let (db, seen) = (home.db().clone(), diary.clone());
        let worker = worker(8, move |running| {
            seen.note(&running);
            let db = db.clone();
            async move {
                tokio::time::sleep(Duration::from_millis(20)).await;
                while take_effect(&db, &running.job).await.is_err() {
                    tokio::time::sleep(Duration::from_millis(30)).await;
                }
                Outcome::Ended
            }
        });
        let worker =
            worker.config(|config| config.jobs.job_lease = Duration::from_millis(1_500)).beside(&home);
        workers.push(worker.start().await);
    }
    add_many(&home, &vec![Stubborn {}; MANY]).await;
    let mut cut = 0;
    for n in 1..=5 {
        diary.until(n * 40).await;
        cut += cut_off(&home).await;
    }
    assert!(cut >= 5, "the outages were real");
    let undone = "select count(*) from jobs where state <> 'done'";
    let all_done = async {
        loop {
            // The story's own connections were ended, too.
            let left: sqlx::Result<i64> = sqlx::query_scalar(undone).fetch_one(home.db().pool()).await;
            if left.is_ok_and(|left| left == 0) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(super::PATIENCE, all_done).await.expect("all are done in the end");
    let many = i64::try_from(MANY).unwrap();
    assert_eq!(number(&home, "select count(*) from jobs").await, many);
    assert_eq!(number(&home, "select count(*) from effects").await, many, "each took effect once");
    assert_eq!(number(&home, "select count(distinct job) from effects").await, many);
    for worker in workers {
        worker.end().await;
    }
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outcomes_wait_for_the_database() {
    let home = nobody().start().await;
    let diary = Diary::default();
    let seen = diary.clone();
    let (gate, open) = tokio::sync::watch::channel(false);
    let platform = worker(50, move |running| {
        seen.note(&running);
        let mut open = open.clone();
        async move {
            open.wait_for(|open| *open).await.unwrap();
            Outcome::Done
        }
    })
    // So long that no rescue could help out.
    .config(|config| config.jobs.job_lease = Duration::from_mins(10))
    .beside(&home)
    .start()
    .await;
    add_many(&home, &vec![Stubborn {}; 50]).await;
    diary.until(50).await;
    // All end at once while every connection is cut, again and again.
    let cutting = async {
        for _ in 0..5 {
            cut_off(&home).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let ((), sent) = tokio::join!(cutting, async { gate.send(true) });
    sent.unwrap();
    platform.eventually("select not exists (select from jobs where state <> 'done')").await;
    assert_eq!(diary.count(), 50, "none was started twice");
    platform.end().await;
    home.end().await;
}
