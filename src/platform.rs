//! The parts that the roles are made of, put together from the settings.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context as _;
use api::{
    ApiSettings, App, Live, Metrics, Shared, SignInEnds, Tokens,
    listen::{self, Connections},
    pace::{AllPaces, Pace},
    password::{Cost, Passwords},
    places::Places,
};
use chrono::TimeDelta;
use domain::{Clock, Db, keys::Vault};
use files::Files;
use ingest::{assets::Assets, embed::Local, reader::ReaderLimits};
use jobs::{
    Queue,
    bus::{Bus, MemoryBus, RedisBus},
    listener::Listener,
    processes::{About, Presence, Role},
    queue::{Bell, PLANNING},
    upkeep::Upkeep,
};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    ConnectOptions as _, Executor as _, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::{
    net::TcpListener,
    sync::{OnceCell, Semaphore},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use worker::{EmbedderChoice, Extra, Parts, ProbeCall, WorkerSettings};

use crate::{
    config::{Config, Probe},
    limits, metrics,
};

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
    pub bell: Bell,
    /// What other processes commit.
    pub listener: Listener,
    /// What is closed and switched off, once a role asks.
    upkeep: Arc<OnceCell<Upkeep>>,
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

/// How to reach the database.
#[derive(Debug, Clone)]
pub struct Database {
    /// For all but LISTEN.
    pub options: PgConnectOptions,
    /// For LISTEN: the server itself.
    pub direct: PgConnectOptions,
}

impl Database {
    /// From `DATABASE_URL`.
    ///
    /// # Errors
    /// Where it is missing or no URL of PostgreSQL.
    pub fn from_config(config: &Config) -> anyhow::Result<Self> {
        let url = config.database_url.as_ref().context("DATABASE_URL is missing")?;
        let parse = |url: &SecretString| -> anyhow::Result<PgConnectOptions> {
            // The error of the parser may quote the password.
            url.expose_secret()
                .parse()
                .map_err(|_malformed| anyhow::anyhow!("DATABASE_URL is not a PostgreSQL URL"))
        };
        let options = parse(url)?;
        let direct = config.database_direct_url.as_ref().map_or_else(|| Ok(options.clone()), parse)?;
        Ok(Self { options, direct })
    }

    /// How the database is reached by who migrates it: from `DATABASE_MIGRATION_URL`, or like everybody else.
    ///
    /// # Errors
    /// Where it is no URL of PostgreSQL.
    pub fn owner(&self, config: &Config) -> anyhow::Result<PgConnectOptions> {
        let Some(url) = &config.database_migration_url else { return Ok(self.direct.clone()) };
        let parsed = url.expose_secret().parse();
        parsed.map_err(|_malformed| anyhow::anyhow!("DATABASE_MIGRATION_URL is not a PostgreSQL URL"))
    }
}

impl Platform {
    /// Connects everything.
    ///
    /// # Errors
    /// Where the database cannot be reached, or a secret is missing or malformed.
    pub async fn start(config: Config, database: &Database) -> anyhow::Result<Self> {
        let (drain, stop, tasks) = (CancellationToken::new(), CancellationToken::new(), TaskTracker::new());
        let options = quiet(&database.options);
        let pool = PgPoolOptions::new()
            .max_connections(config.database_connections)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options.clone())
            .await
            .context("the database cannot be reached")?;
        let queue_pool = PgPoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(10))
            .after_connect(|conn, _| Box::pin(async move { conn.execute(PLANNING).await.map(drop) }))
            .connect_lazy_with(options);
        let direct = PgPoolOptions::new().max_connections(2).connect_lazy_with(quiet(&database.direct));
        let listener = Listener::start(direct, stop.clone(), &tasks);
        let bell = Bell::start(&queue_pool, stop.clone(), &tasks);
        let bus: Arc<dyn Bus> = match &config.redis_url {
            Some(url) => RedisBus::connect(url.expose_secret(), stop.clone(), &tasks)
                .map_err(|_malformed| anyhow::anyhow!("REDIS_URL is not a Redis URL"))?,
            None => MemoryBus::new(),
        };
        let master_keys = [&config.encryption_key, &config.encryption_key_previous];
        let master_keys = master_keys.into_iter().flatten().map(ExposeSecret::expose_secret);
        let vault = Arc::new(Vault::new(master_keys).context("ENCRYPTION_KEY is missing or malformed")?);
        if config.wants_metrics() {
            metrics::start(&stop, &tasks);
        }
        let files = config.files()?;
        let assets = Arc::new(Assets::below(config.data_dir.join("tools")));
        let local = Arc::new(Local::new(Arc::clone(&assets)));
        let reader = std::env::current_exe().context("the program does not know where it is")?;
        let clock = clock(&config);
        let about = about(&config, &clock);
        Ok(Self {
            name: about.name.clone(),
            presence: Presence::start(about, &pool, stop.clone(), &tasks),
            db: Db::new(pool),
            queue_pool,
            bus,
            bell,
            listener,
            upkeep: Arc::default(),
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

    /// Serves `/metrics` by itself, where that is wanted, until `stop`.
    ///
    /// # Errors
    /// Where the port is taken.
    pub async fn serve_metrics(&self) -> anyhow::Result<()> {
        let (Some(address), Some(metrics)) = (self.config.metrics_addr, self.metrics()) else {
            return Ok(());
        };
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("METRICS_ADDR {address} cannot be used"))?;
        tracing::info!(address = %listener.local_addr()?, "metrics are served");
        let served = axum::serve(listener, metrics.router())
            .with_graceful_shutdown(self.stop.clone().cancelled_owned())
            .into_future();
        self.tasks.spawn(async move {
            if let Err(error) = served.await {
                tracing::error!(%error, "metrics are served no more");
            }
        });
        Ok(())
    }

    fn metrics(&self) -> Option<Metrics> {
        let render = metrics::renderer()?;
        Some(Metrics::new(&self.db, &self.clock, self.config.metrics_token.clone(), render))
    }

    /// Serves the API on a listener until `stop`.
    ///
    /// # Errors
    /// Where a secret is missing.
    pub async fn serve_api(&self, listener: TcpListener) -> anyhow::Result<()> {
        let router = api::router(self.app().await?);
        self.presence.takes(Role::Api);
        let most = limits::connections();
        let connections = Connections {
            // One address alone shall not take them all.
            per_address: self.config.connections_per_address.min((most / 4 * 3).max(1)),
            most,
            trusted_proxies: self.config.trusted_proxies.clone(),
            grace: self.config.shutdown_grace,
        };
        listen::serve(listener, router, connections, self.drain.clone()).await?;
        Ok(())
    }

    /// What the API's handlers share.
    ///
    /// # Errors
    /// Where a secret is missing, or the database cannot be read.
    pub async fn app(&self) -> anyhow::Result<App> {
        let config = &self.config;
        let secret = config.jwt_secret.as_ref().context("JWT_SECRET is missing")?;
        Ok(App::new(Shared {
            db: self.db.clone(),
            bus: Arc::clone(&self.bus),
            bell: self.bell.clone(),
            listener: self.listener.clone(),
            upkeep: self.upkeep().await?,
            clock: self.clock.clone(),
            vault: Arc::clone(&self.vault),
            files: self.files.clone(),
            sign_ins: Semaphore::new(4),
            ends: SignInEnds::start(&self.listener, self.stop.clone(), &self.tasks),
            recoders: Semaphore::new(2),
            paces: AllPaces::new(
                Pace::per_second(config.writes_burst, config.writes_per_second),
                Pace::per_second(config.anonymous_writes_burst, config.anonymous_writes_per_second),
            ),
            streams: Places::new(config.streams_per_account),
            uploads: Places::new(config.streams_per_account),
            tokens: Tokens::new(secret),
            passwords: Passwords::new(Cost::Standard),
            settings: ApiSettings {
                production: config.is_production(),
                cors_origins: config.cors_origins.clone(),
                trusted_hosts: config.trusted_hosts.clone(),
                trusted_proxies: config.trusted_proxies.clone(),
                super_admin_email: config.super_admin_email.as_ref().map(|email| email.trim().to_lowercase()),
                max_upload_bytes: megabytes(config.max_upload_mb),
                max_image_bytes: megabytes(config.max_image_mb),
                failed_uploads_per_day: config.failed_uploads_per_day,
                clamd_addr: config.clamd_addr.clone(),
                registrations_per_hour: config.registrations_per_hour,
                login_tries_per_address: config.login_tries_per_address,
                own_key_answers_per_hour: config.own_key_answers_per_hour,
                reach: config.notify()?.reach(),
                provider_chain: config.provider_chain.clone(),
                max_wait: TimeDelta::from_std(config.max_wait).unwrap_or(TimeDelta::MAX),
                trial_patience: config.trial_patience(),
                defaults: config.providers.defaults(),
            },
            metrics: self.metrics().filter(|_| config.api_shows_metrics()),
            live: Live::default(),
            stop: self.drain.clone(),
        }))
    }

    /// What is closed and switched off: the roles of a process share it.
    async fn upkeep(&self) -> anyhow::Result<Upkeep> {
        let start = || Upkeep::start(&self.db, &self.clock, &self.listener, self.stop.clone(), &self.tasks);
        let upkeep = self.upkeep.get_or_try_init(start).await;
        upkeep.cloned().context("maintenance and toggles cannot be read")
    }

    /// Runs jobs of some queues until drained.
    ///
    /// # Errors
    /// Where the pool of keys cannot be read at the start.
    pub async fn run_worker(&self, queues: Vec<(Queue, usize)>, extra: Extra) -> anyhow::Result<()> {
        let config = &self.config;
        let settings = WorkerSettings {
            queues,
            embedder: config.embedder_choice(),
            reader_limits: ReaderLimits { max_pages: config.max_pages, ..ReaderLimits::default() },
            name: self.name.clone(),
            chain: config.provider_chain.clone(),
            defaults: config.providers.defaults(),
            own_keys_stay_outside: config.is_production(),
            key_failure_threshold: config.key_failure_threshold,
            probe_call: match config.probe_call {
                Probe::Answer => ProbeCall::Answer,
                Probe::Models => ProbeCall::Models,
            },
            first_token_timeout: config.first_token_timeout,
            thinking_timeout: config.thinking_timeout,
            loading_timeout: config.loading_timeout,
            ollama_context: config.ollama_context,
            max_wait: config.max_wait,
            tenant_cap: config.tenant_concurrency,
            own_key_cap: config.own_key_concurrency,
            own_key_answer_timeout: config.own_key_answer_timeout,
            lease: config.job_lease,
            grace: config.shutdown_grace,
            notify: config.notify()?,
        };
        let parts = Parts {
            db: self.db.clone(),
            queue_pool: self.queue_pool.clone(),
            bus: Arc::clone(&self.bus),
            listener: self.listener.clone(),
            upkeep: self.upkeep().await?,
            clock: self.clock.clone(),
            vault: Arc::clone(&self.vault),
            files: self.files.clone(),
            assets: Arc::clone(&self.assets),
            local: Arc::clone(&self.local),
            reader: self.reader.clone(),
            extra,
        };
        self.presence.takes(Role::Worker);
        worker::run(parts, settings, self.drain.clone(), &self.tasks).await
    }

    /// Fetches what the local embedder runs on, so that the first document need not wait for it. Nothing else waits.
    pub fn fetch_embedder(&self) {
        if self.config.embedder_choice() != EmbedderChoice::Local {
            return;
        }
        let (assets, drain) = (Arc::clone(&self.assets), self.drain.clone());
        self.tasks.spawn(async move {
            if let Some(Err(error)) = drain.run_until_cancelled(assets.files()).await {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "the embedding model could not be fetched; the next document tries again"
                );
            }
        });
    }

    /// Ticks until the drain.
    pub async fn run_scheduler(&self) {
        self.presence.takes(Role::Scheduler);
        let (db, bus, clock) = (self.db.clone(), Arc::clone(&self.bus), self.clock.clone());
        let settings = scheduler::Settings {
            health_check_interval: self.config.health_check_interval,
            audit_retention: self.config.audit_retention,
        };
        scheduler::run(db, bus, clock, self.name.clone(), settings, self.drain.clone()).await;
    }

    /// Begins the drain when the process is told to stop.
    pub fn drain_on_signal(&self) {
        let drain = self.drain.clone();
        tokio::spawn(async move {
            match told_to_stop().await {
                Ok(()) => tracing::info!("stopping"),
                Err(error) => tracing::error!(%error, "signals cannot be heard"),
            }
            drain.cancel();
        });
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

/// What this process says of itself.
fn about(config: &Config, clock: &Clock) -> About {
    let host = host_name();
    About {
        name: process_name(&host),
        host,
        pid: std::process::id(),
        version: env!("CARGO_PKG_VERSION"),
        lease: config.job_lease,
        started_at: clock.now(),
    }
}

/// The time, which tests may have run ahead.
fn clock(config: &Config) -> Clock {
    let (system, ahead) = (Clock::system(), config.clock_offset);
    if ahead.is_zero() { system } else { Clock::from_fn(move || system.now() + ahead) }
}

fn megabytes(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX).saturating_mul(1_000_000)
}

/// All queues with their usual concurrency.
pub fn all_queues() -> Vec<(Queue, usize)> {
    Queue::ALL.into_iter().map(|queue| (queue, queue.default_concurrency())).collect()
}

async fn told_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// Statements are not logged: what they bind may be content.
fn quiet(options: &PgConnectOptions) -> PgConnectOptions {
    options.clone().application_name("medai").disable_statement_logging()
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
