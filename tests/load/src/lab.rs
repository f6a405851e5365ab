//! The queue by itself: a private PostgreSQL with `fsync` on, and engines in this process.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use domain::Db;
use jobs::{
    Job, Queue,
    bus::{Bus, MemoryBus},
    catalogue,
    listener::Listener,
    queue::{Engine, EngineSettings, Enqueue, Notifier, Outcome, Running, enqueue_many, run_worker},
};
use postgres::{Server, Settings};
use sqlx::{
    ConnectOptions as _, Connection as _, Executor as _, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::{task::JoinHandle, time::sleep};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::place::Place;

/// The same as medai's, so that row-level security costs what it costs there.
const OWNER: &str = "medai";

/// A database with the schema, and what engines stand on.
#[derive(Debug)]
pub(crate) struct Lab {
    server: Server,
    options: PgConnectOptions,
    db: Db,
    queue_pool: PgPool,
    notifier: Notifier,
    bus: Arc<dyn Bus>,
    listener: Listener,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// An engine at work. Dropping it tells it to stop.
#[derive(Debug)]
pub(crate) struct Worker {
    engine: Arc<Engine>,
    drain: CancellationToken,
    run: JoinHandle<anyhow::Result<()>>,
}

impl Lab {
    /// Starts the database.
    pub(crate) async fn start(place: &Place) -> anyhow::Result<Self> {
        let settings = Settings {
            tools: place.tools().to_owned(),
            data: place.scratch("postgres"),
            durable: true,
            max_connections: 100,
        };
        let server = Server::start(settings).await?;
        let options = prepare(server.options()).await?.disable_statement_logging();
        let pool = PgPoolOptions::new().max_connections(24).connect_with(options.clone()).await?;
        let queue_pool = PgPoolOptions::new()
            .max_connections(4)
            .after_connect(|conn, _| {
                Box::pin(async move { conn.execute(jobs::queue::PLANNING).await.map(drop) })
            })
            .connect_with(options.clone())
            .await?;
        let direct = PgPoolOptions::new().max_connections(2).connect_lazy_with(options.clone());
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let listener = Listener::start(direct, stop.clone(), &tasks);
        let notifier = Notifier::start(&queue_pool, stop.clone(), &tasks);
        Ok(Self {
            server,
            options,
            db: Db::new(pool),
            queue_pool,
            notifier,
            bus: MemoryBus::new(),
            listener,
            stop,
            tasks,
        })
    }

    /// Connections to the database.
    pub(crate) const fn pool(&self) -> &PgPool {
        self.db.pool()
    }

    /// How to reach the database.
    pub(crate) const fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    /// The version of the database.
    pub(crate) async fn postgres_version(&self) -> anyhow::Result<String> {
        Ok(sqlx::query_scalar("show server_version").fetch_one(self.db.pool()).await?)
    }

    /// Adds a job in a transaction of its own, as the API does it: workers are woken after the commit.
    /// Returns when that was.
    pub(crate) async fn enqueue<J: Job>(&self, job: &J) -> sqlx::Result<Instant> {
        let mut tx = self.db.begin_bare().await?;
        Enqueue::new(job).silently().run(&mut tx).await?;
        tx.commit().await?;
        let committed = Instant::now();
        self.notifier.ring(J::QUEUE);
        Ok(committed)
    }

    /// Adds many jobs in one transaction.
    pub(crate) async fn enqueue_many<J: Job>(&self, jobs: &[J]) -> sqlx::Result<u64> {
        let mut tx = self.db.begin_bare().await?;
        let added = enqueue_many(&mut tx, jobs).await?;
        tx.commit().await?;
        Ok(added)
    }

    /// Empties the queue, so that each measurement finds it the same.
    pub(crate) async fn empty(&self) -> anyhow::Result<()> {
        self.db.pool().execute("truncate jobs, queue_tenants").await?;
        Ok(())
    }

    /// Starts an engine.
    pub(crate) fn work<H, F>(&self, queue: Queue, concurrency: usize, handler: H) -> Worker
    where
        H: Fn(Running) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Outcome> + Send + 'static,
    {
        let settings = EngineSettings {
            kinds: catalogue::kinds().clone(),
            queue,
            worker: "benchmark".into(),
            concurrency,
            // A single student may fill a queue here: that is what fairness is measured against.
            tenant_cap: i64::MAX,
            lease: Duration::from_secs(15),
            poll: Duration::from_secs(5),
            grace: Duration::from_secs(5),
        };
        let (drain, db) = (CancellationToken::new(), self.db.clone());
        let Self { queue_pool, bus, listener, tasks, .. } = self;
        let engine = Engine::start(settings, &db, queue_pool, bus, listener, &drain, tasks);
        let run = tokio::spawn(run_worker(Arc::clone(&engine), handler));
        Worker { engine, drain, run }
    }

    /// Ends everything.
    pub(crate) async fn end(self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.db.pool().close().await;
        self.queue_pool.close().await;
        self.server.stop().await
    }
}

impl Worker {
    /// Waits until nothing is held any more: all that was claimed has settled.
    pub(crate) async fn settled(&self) {
        while self.engine.held_count() > 0 {
            sleep(Duration::from_millis(1)).await;
        }
    }

    /// Lets it finish what runs.
    pub(crate) async fn end(mut self) -> anyhow::Result<()> {
        self.drain.cancel();
        (&mut self.run).await?
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.drain.cancel();
    }
}

/// Makes the database as `medai dev` does it, and brings it up to date.
async fn prepare(superuser: PgConnectOptions) -> anyhow::Result<PgConnectOptions> {
    let mut conn = superuser.connect().await?;
    conn.execute("create role medai login createrole").await?;
    conn.execute("create database medai owner medai").await?;
    conn.close().await?;
    let mut inside = superuser.clone().database(OWNER).connect().await?;
    inside.execute("create extension if not exists vector").await?;
    inside.close().await?;
    let owner = superuser.username(OWNER).database(OWNER);
    let mut conn = owner.connect().await?;
    migrations::MIGRATOR.run(&mut conn).await?;
    conn.close().await?;
    Ok(owner)
}
