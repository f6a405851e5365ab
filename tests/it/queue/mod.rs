//! The promises of the queue, each shown on a real PostgreSQL.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::ids::{JobId, UserId};
use jobs::{
    Job, Queue,
    queue::{
        Claimed, Running, enqueue, enqueue_many,
        record::{self, JobState, Record},
    },
};
use serde::{Deserialize, Serialize};
use sqlx::{Connection as _, PgConnection};
use worker::Extra;

use crate::support::{Platform, platform::Setup, servers};

mod dying;
mod enqueueing;
mod fairness;
mod fencing;
mod outages;
mod retention;
mod running;
mod steering;
mod timing;
mod walk;

/// How long a story waits for what must come. Far beyond what it takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sooner than any poll, which is 5 s after the last look: what came within this was rung for.
const BEFORE_ANY_POLL: Duration = Duration::from_secs(3);

/// A job of the stories; what it does is up to the story's handler.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Chore {
    n: u32,
    student: Option<UserId>,
    key: Option<String>,
}

impl Job for Chore {
    const NAME: &'static str = "chore";
    const QUEUE: Queue = Queue::Command;
    const TIMEOUT: Duration = Duration::from_mins(1);

    fn tenant(&self) -> Option<UserId> {
        self.student
    }

    fn unique_key(&self) -> Option<String> {
        self.key.clone()
    }
}

impl Chore {
    fn number(n: u32) -> Self {
        Self { n, ..Self::default() }
    }

    fn of(student: UserId, n: u32) -> Self {
        Self { n, student: Some(student), key: None }
    }

    fn keyed(key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..Self::default() }
    }
}

/// A worker for chores, and nothing else of the platform.
fn worker<F>(slots: usize, handler: impl Fn(Running) -> F + Send + Sync + 'static) -> Setup
where
    F: Future<Output = jobs::queue::Outcome> + Send + 'static,
{
    nobody().queues([(Queue::Command, slots)]).extra(Extra::new(handler))
}

/// A platform that runs nothing: for enqueueing and looking.
fn nobody() -> Setup {
    Platform::setup().without_api().queues([])
}

/// What was started, in order.
#[derive(Debug, Clone, Default)]
struct Diary(Arc<Mutex<Vec<Claimed>>>);

impl Diary {
    fn note(&self, running: &Running) {
        self.0.lock().unwrap().push(running.job.clone());
    }

    fn starts(&self) -> Vec<Claimed> {
        self.0.lock().unwrap().clone()
    }

    fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Whose jobs were started, in order.
    fn tenants(&self) -> Vec<Option<UserId>> {
        self.starts().iter().map(|job| job.tenant).collect()
    }

    fn numbers(&self) -> Vec<u32> {
        self.starts().iter().map(|job| chore(job).n).collect()
    }

    /// Waits until so many were started.
    async fn until(&self, count: usize) {
        self.until_within(count, PATIENCE).await;
    }

    async fn until_within(&self, count: usize, patience: Duration) {
        let enough = async {
            while self.count() < count {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let waited = tokio::time::timeout(patience, enough).await;
        assert!(waited.is_ok(), "only {} of {count} were started in {patience:?}", self.count());
    }
}

fn chore(job: &Claimed) -> Chore {
    serde_json::from_value(job.payload.clone()).unwrap()
}

async fn add<J: Job>(platform: &Platform, job: &J) -> JobId {
    let mut tx = platform.db().begin_bare().await.unwrap();
    let enqueued = enqueue(&mut tx, job).await.unwrap();
    tx.commit().await.unwrap();
    enqueued.id
}

async fn add_many<J: Job>(platform: &Platform, jobs: &[J]) {
    let mut tx = platform.db().begin_bare().await.unwrap();
    enqueue_many(&mut tx, jobs).await.unwrap();
    tx.commit().await.unwrap();
}

async fn find(platform: &Platform, job: JobId) -> Record {
    let mut conn = platform.db().pool().acquire().await.unwrap();
    record::find(&mut conn, job).await.unwrap().expect("the job is there")
}

/// Why its last attempt failed.
async fn reason(platform: &Platform, job: JobId) -> String {
    let error = sqlx::query_scalar("select coalesce(error, '') from jobs where id = $1").bind(job.0);
    error.fetch_one(platform.db().pool()).await.unwrap()
}

async fn until(platform: &Platform, job: JobId, state: JobState) -> Record {
    until_attempt(platform, job, state, None).await
}

/// Waits until a job is in a state, after so many attempts.
async fn until_attempt(platform: &Platform, job: JobId, state: JobState, attempt: Option<i16>) -> Record {
    let came = async {
        loop {
            let record = find(platform, job).await;
            if record.state == state && attempt.is_none_or(|attempt| record.attempt == attempt) {
                return record;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    if let Ok(record) = tokio::time::timeout(PATIENCE, came).await {
        return record;
    }
    panic!("never {state:?}: {:?}", find(platform, job).await);
}

/// A panic that does not fill the output of the tests.
fn crash() -> ! {
    std::panic::resume_unwind(Box::new("as the story wants it"))
}

/// Runs statements of the story, some of which make tables and functions.
async fn sql(platform: &Platform, statements: &'static str) {
    platform.sql_as_owner(statements).await;
}

async fn number(platform: &Platform, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(platform.db().pool()).await.unwrap()
}

/// Lets the time pass that jobs wait for.
async fn hurry(platform: &Platform) {
    sql(
        platform,
        "update jobs set run_at = now() where state = 'scheduled'; select pg_notify('jobs', 'command')",
    )
    .await;
}

/// Leaves no job that waits, for stories whose backlog was only a backdrop.
async fn clear_away(platform: &Platform) {
    sql(platform, "delete from jobs where state in ('ready', 'scheduled')").await;
}

/// Claims a job as a worker does that dies at once.
async fn claim_and_die(platform: &Platform, job: JobId) {
    let claim = sqlx::query(
        "update jobs set state = 'running', attempt = attempt + 1, epoch = epoch + 1, worker = 'dead',
                lease_until = now() - interval '1 second', started_at = coalesce(started_at, now())
         where id = $1 and state = 'ready'",
    );
    let claimed = claim.bind(job.0).execute(platform.db().pool()).await.unwrap();
    assert_eq!(claimed.rows_affected(), 1);
}

/// A connection that may end those of others.
async fn superuser_of(platform: &Platform) -> PgConnection {
    let server = tokio::task::spawn_blocking(servers::postgres).await.unwrap();
    let database = platform.database.get_database().unwrap();
    PgConnection::connect_with(&server.database(database)).await.unwrap()
}
