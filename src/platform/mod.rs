//! The parts that the roles are made of, put together from the settings.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context as _;
use domain::{Clock, Db, keys::Vault};
use files::Files;
use ingest::{assets::Assets, embed::Local};
use jobs::{
    Queue,
    bus::{Bus, MemoryBus, RedisBus},
    listener::Listener,
    platform_status::PlatformStatus,
    processes::{About, Presence, Role},
    queue::Notifier,
};
use secrecy::ExposeSecret as _;
use sqlx::PgPool;
use tokio::sync::OnceCell;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{config::Config, metrics};

mod api_role;
mod database;
mod signals;
mod worker_role;

pub use database::Database;
use database::Pools;

/// What all roles of a process stand on.
#[derive(Debug, Clone)]
pub struct Platform {
    /// The settings.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// A pool for the queue's own statements.
    pub queue_pool: PgPool,
    /// Where jobs tell how they go.
    pub bus: Arc<dyn Bus>,
    /// Wakes workers after a commit.
    pub notifier: Notifier,
    /// What other processes commit.
    pub listener: Listener,
    /// What is closed and switched off, once a role asks.
    status: Arc<OnceCell<PlatformStatus>>,
    /// The time.
    pub clock: Clock,
    /// Documents and images.
    pub files: Files,
    /// What the local embedder runs on.
    pub assets: Arc<Assets>,
    /// The local embedder.
    pub local: Arc<Local>,
    /// The program that is started again to read a PDF.
    pub reader: PathBuf,
    /// Encrypts provider keys.
    pub vault: Arc<Vault>,
    /// How this process is called.
    pub name: String,
    /// Says that this process lives.
    presence: Presence,
    /// Fires when the process shall stop taking work.
    pub drain: CancellationToken,
    /// Fires when everything shall end.
    pub stop: CancellationToken,
    /// Every task of the process, so that the end waits for them.
    pub tasks: TaskTracker,
}

impl Platform {
    /// Connects everything.
    ///
    /// # Errors
    /// Where the database cannot be reached, or a secret is missing or malformed.
    pub async fn start(config: Config, database: &Database) -> anyhow::Result<Self> {
        let (drain, stop, tasks) = (CancellationToken::new(), CancellationToken::new(), TaskTracker::new());
        let Pools { all, queue, direct } = database.connect(config.database.database_connections).await?;
        let listener = Listener::start(direct, stop.clone(), &tasks);
        let notifier = Notifier::start(&queue, stop.clone(), &tasks);
        let bus: Arc<dyn Bus> = match &config.database.redis_url {
            Some(url) => RedisBus::connect(url.expose_secret(), stop.clone(), &tasks)
                .map_err(|_malformed| anyhow::anyhow!("REDIS_URL is not a Redis URL"))?,
            None => MemoryBus::new(),
        };
        let vault = Arc::new(config.secrets.vault()?);
        if config.wants_metrics() {
            metrics::start(&stop, &tasks);
        }
        let files = config.files.store(&config.data_dir)?;
        let assets = Arc::new(Assets::below(config.data_dir.join("tools")));
        let local = Arc::new(Local::new(Arc::clone(&assets)));
        let reader = std::env::current_exe().context("the program does not know where it is")?;
        let clock = clock(&config);
        let about = about(&config, &clock);
        Ok(Self {
            name: about.name.clone(),
            presence: Presence::start(about, &all, stop.clone(), &tasks),
            db: Db::new(all),
            queue_pool: queue,
            bus,
            notifier,
            listener,
            status: Arc::default(),
            clock,
            files,
            assets,
            local,
            reader,
            vault,
            drain,
            stop,
            tasks,
            config,
        })
    }

    /// What is closed and switched off: the roles of a process share it.
    async fn platform_status(&self) -> anyhow::Result<PlatformStatus> {
        let start =
            || PlatformStatus::start(&self.db, &self.clock, &self.listener, self.stop.clone(), &self.tasks);
        let status = self.status.get_or_try_init(start).await;
        status.cloned().context("maintenance and toggles cannot be read")
    }

    /// Ticks until the drain.
    pub async fn run_scheduler(&self) {
        self.presence.takes(Role::Scheduler);
        let (db, bus, clock) = (self.db.clone(), Arc::clone(&self.bus), self.clock.clone());
        let settings = self.config.scheduler_settings();
        scheduler::run(db, bus, clock, self.name.clone(), settings, self.drain.clone()).await;
    }

    /// Ends everything that still runs, and waits for it.
    pub async fn end(&self) {
        self.drain.cancel();
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(Duration::from_secs(5), self.tasks.wait()).await.is_err() {
            tracing::warn!("some tasks did not end in time");
        }
        self.db.pool().close().await;
        self.queue_pool.close().await;
    }
}

/// The time, which tests may have run ahead.
fn clock(config: &Config) -> Clock {
    let (system, ahead) = (Clock::system(), config.clock_offset);
    if ahead.is_zero() { system } else { Clock::from_fn(move || system.now() + ahead) }
}

/// All queues with their usual concurrency.
pub fn all_queues() -> Vec<(Queue, usize)> {
    Queue::ALL.into_iter().map(|queue| (queue, queue.default_concurrency())).collect()
}

/// What this process says of itself.
fn about(config: &Config, clock: &Clock) -> About {
    let host = host_name();
    About {
        name: process_name(&host),
        host,
        pid: std::process::id(),
        version: env!("CARGO_PKG_VERSION"),
        lease: config.jobs.job_lease,
        started_at: clock.now(),
    }
}

/// What this machine is called.
fn host_name() -> String {
    let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let host = host.trim();
    if host.is_empty() { "host".to_owned() } else { host.to_owned() }
}

/// How this process is called in the tables: unique, and tells an operator where it runs.
fn process_name(host: &str) -> String {
    format!("{host}:{}:{:08x}", std::process::id(), rand::random::<u32>())
}
