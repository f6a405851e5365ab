//! The platform in this process: api, worker and scheduler on a database of its own, with the
//! simulator as every provider.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use clap::Parser as _;
use domain::{Clock, Db};
use jobs::{Queue, bus::Bus};
use medai::{
    config::Config,
    platform::{Database, Platform as Parts, all_queues},
};
use serde_json::{Value, json};
use simulator::Simulator;
use sqlx::{Connection as _, postgres::PgConnectOptions};
use worker::Extra;

use super::{
    keys::KeySpec,
    logs, servers,
    student::{Admin, Reply, Student},
};

/// The password of everybody in the stories.
pub(crate) const PASSWORD: &str = "s4-gallop-rhythm";

/// A running platform.
pub(crate) struct Platform {
    pub(crate) base: String,
    pub(crate) parts: Parts,
    pub(crate) simulator: Simulator,
    pub(crate) database: PgConnectOptions,
    /// Of everybody's: making one reads the certificates of the machine, which takes a while.
    pub(crate) http: reqwest::Client,
    secrets: Mutex<Vec<String>>,
    /// Seconds that the clock is ahead.
    ahead: Arc<AtomicI64>,
    ended: bool,
}

/// How a platform is started.
pub(crate) struct Setup {
    config: Config,
    queues: Vec<(Queue, usize)>,
    extra: Extra,
    database: Option<PgConnectOptions>,
    simulator: Option<Simulator>,
    bus: Option<Arc<dyn Bus>>,
    api: bool,
    scheduler: bool,
}

#[derive(clap::Parser)]
struct OnlyConfig {
    #[command(flatten)]
    config: Config,
}

/// Settings for a test, on any address of this machine.
pub(crate) fn config() -> Config {
    let mut config = OnlyConfig::parse_from(["test"]).config;
    config.secrets.jwt_secret = Some("a secret of tests that is long enough".into());
    config.secrets.encryption_key = Some("5eed".repeat(16).into());
    config.database.redis_url = None;
    config.database.database_connections = 12;
    config.accounts.registrations_per_hour = 10_000;
    // Everybody in a story comes from one address, and does in a moment what people do in a day. The limits on that have
    // stories of their own.
    config.server.writes_burst = 1_000_000;
    config.server.anonymous_writes_burst = 1_000_000;
    config.server.streams_per_account = 1_000;
    config.jobs.own_key_answers_per_hour = 1_000;
    config.jobs.job_lease = Duration::from_secs(3);
    config.jobs.shutdown_grace = Duration::from_secs(5);
    config
}

impl Platform {
    /// Everything, with the bus in this process.
    pub(crate) async fn start() -> Self {
        Self::setup().start().await
    }

    /// Everything, to be adapted.
    pub(crate) fn setup() -> Setup {
        Setup {
            config: config(),
            queues: all_queues(),
            extra: Extra::default(),
            database: None,
            simulator: None,
            bus: None,
            api: true,
            scheduler: false,
        }
    }

    /// The database, outside of any user's view.
    pub(crate) fn db(&self) -> &Db {
        &self.parts.db
    }

    /// Moves the clock. Only forwards: time does.
    pub(crate) fn sleep_until(&self, time: DateTime<Utc>) {
        let ahead = (time - self.parts.clock.now()).num_seconds() + 1;
        self.ahead.fetch_add(ahead.max(0), Ordering::Relaxed);
    }

    /// A new student of the free plan.
    pub(crate) async fn student(&self) -> Student {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let email = format!("student{number}@story.example");
        let http = self.http.clone();
        let body = json!({ "email": email, "password": PASSWORD, "name": "Student" });
        let response =
            http.post(format!("{}/api/auth/register", self.base)).json(&body).send().await.unwrap();
        let reply = Reply::read(response).await.expect(201);
        self.signed_in(http, &email, &reply.body)
    }

    /// A new student of a plan.
    pub(crate) async fn student_on(&self, plan: &str) -> Student {
        let student = self.student().await;
        let mut tx = self.db().begin_platform().await.unwrap();
        let update = sqlx::query("update users set plan = $1::plan where email = $2");
        update.bind(plan).bind(&student.email).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        student
    }

    /// A new admin who may do everything.
    pub(crate) async fn admin(&self) -> Admin {
        self.admin_with("super_admin").await
    }

    /// A new admin of a role.
    pub(crate) async fn admin_with(&self, role: &str) -> Admin {
        let student = self.student().await;
        let mut tx = self.db().begin_platform().await.unwrap();
        let verify = sqlx::query("update users set email_verified = true where email = $1");
        verify.bind(&student.email).execute(&mut *tx).await.unwrap();
        let allow = sqlx::query("insert into admin_allowlist (email, role) values ($1, $2::admin_role)");
        allow.bind(&student.email).bind(role).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        Admin(student)
    }

    pub(crate) fn signed_in(&self, http: reqwest::Client, email: &str, body: &Value) -> Student {
        let token = body["access_token"].as_str().unwrap().to_owned();
        self.never_logged([token.clone(), PASSWORD.to_owned()]);
        let id = body["user"]["id"].as_str().unwrap().to_owned();
        Student { http, base: self.base.clone(), token, id, email: email.to_owned() }
    }

    /// Fills the pool through the admins' endpoint, without trying the keys.
    pub(crate) async fn pool(&self, keys: impl IntoIterator<Item = KeySpec>) -> Admin {
        let admin = self.admin().await;
        for key in keys {
            self.simulator.script(&key.value(), key.script.clone());
            self.never_logged([key.value()]);
            let body = json!({
                "provider": key.provider,
                "feature": key.feature,
                "key": key.value(),
                "priority": key.priority,
                "quota_group": key.quota_group,
                "model": key.model,
                "limits": key.limits,
                "base_url": self.simulator.url(),
                "skip_test": true,
            });
            admin.post("/api/admin/keys", body).await.expect(201);
        }
        self.pool_is_read().await;
        admin
    }

    /// A key as an admin sees it, by its name in the story.
    pub(crate) async fn key(&self, admin: &Admin, spec: &KeySpec) -> Value {
        let value = spec.value();
        let masked = format!("…{}", &value[value.len() - 4..]);
        let keys = admin.get("/api/admin/keys").await.expect(200).body["items"].clone();
        let keys = keys.as_array().unwrap();
        let found = keys.iter().find(|key| key["key_masked"] == json!(masked));
        found.unwrap_or_else(|| panic!("no key {masked} in {keys:?}")).clone()
    }

    /// Runs statements as the owner of the tables, who migrates them. What runs here is another login.
    pub(crate) async fn sql_as_owner(&self, statements: &'static str) {
        let owner = servers::as_owner(&self.database);
        let mut conn = sqlx::PgConnection::connect_with(&owner).await.unwrap();
        sqlx::raw_sql(statements).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    }

    /// Enqueues a job, as the scheduler does.
    pub(crate) async fn enqueue(&self, job: &impl jobs::Job) {
        let mut tx = self.db().begin_bare().await.unwrap();
        jobs::queue::enqueue(&mut tx, job).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// How many files are in the store, where it is a folder.
    pub(crate) fn stored_files(&self) -> usize {
        fn count(folder: &std::path::Path) -> usize {
            let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
        }
        count(std::path::Path::new(self.parts.config.files.files_url.as_ref().unwrap()))
    }

    /// Texts that must not be in any log.
    pub(crate) fn never_logged(&self, secrets: impl IntoIterator<Item = String>) {
        self.secrets.lock().unwrap().extend(secrets);
    }

    /// Lets workers read the pool of keys anew, which they do as soon as they hear of a change: a NOTIFY takes well
    /// under a millisecond, and on a busy machine this much at the most.
    pub(crate) async fn pool_is_read(&self) {
        tokio::time::sleep(Duration::from_millis(600)).await;
    }

    /// Waits until a condition of the database holds.
    pub(crate) async fn eventually(&self, condition: &'static str) {
        for _ in 0..600 {
            let mut tx = self.db().begin_platform().await.unwrap();
            let holds: bool = sqlx::query_scalar(condition).fetch_one(&mut *tx).await.unwrap();
            if holds {
                return;
            }
            drop(tx);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never: {condition}");
    }

    /// Ends the story: no job is left, no hold, and no secret in the log.
    pub(crate) async fn end(mut self) {
        self.ended = true;
        self.eventually("select not exists (select from jobs where finished_at is null)").await;
        self.assert_ledger_is_even().await;
        self.parts.end().await;
        logs::assert_absent(&self.secrets.lock().unwrap());
    }

    /// Ends a story that leaves jobs on purpose.
    pub(crate) async fn end_with_jobs_left(mut self) {
        self.ended = true;
        self.parts.end().await;
        logs::assert_absent(&self.secrets.lock().unwrap());
    }

    /// No hold is left, and what days count is what the ledger says.
    pub(crate) async fn assert_ledger_is_even(&self) {
        let mut tx = self.db().begin_platform().await.unwrap();
        let uneven: i64 = sqlx::query_scalar(
            "select (select count(*) from usage_ledger where state = 'held')
                  + (select count(*) from usage_days where tokens_held <> 0 or requests_held <> 0 or tokens_at_most <> 0)
                  + (select count(*) from usage_features where held <> 0)
                  + (select count(*) from messages where status = 'pending')",
        )
        .fetch_one(&mut *tx)
        .await
        .unwrap();
        assert_eq!(uneven, 0, "a hold or a pending message is left");
    }
}

impl Setup {
    /// With other settings.
    pub(crate) fn config(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut self.config);
        self
    }

    /// With the bus over the shared Valkey.
    pub(crate) fn redis(self) -> Self {
        self.config(|config| config.database.redis_url = Some(servers::redis_url().into()))
    }

    /// With a bus that the test has a hand on.
    pub(crate) fn bus(mut self, bus: Arc<dyn Bus>) -> Self {
        self.bus = Some(bus);
        self
    }

    /// With a worker that takes only these queues; none is no worker.
    pub(crate) fn queues(mut self, queues: impl IntoIterator<Item = (Queue, usize)>) -> Self {
        self.queues = queues.into_iter().collect();
        self
    }

    /// With jobs of the test.
    pub(crate) fn extra(mut self, extra: Extra) -> Self {
        self.extra = extra;
        self
    }

    /// On the database of another platform.
    pub(crate) fn beside(mut self, other: &Platform) -> Self {
        self.database = Some(other.database.clone());
        self.simulator = Some(other.simulator.clone());
        self
    }

    /// On a database that is reached as somebody else.
    pub(crate) fn on(mut self, database: PgConnectOptions) -> Self {
        self.database = Some(database);
        self
    }

    /// With a scheduler that probes keys so often.
    pub(crate) fn probing_every(mut self, interval: Duration) -> Self {
        self.scheduler = true;
        self.config(|config| config.providers.health_check_interval = interval)
    }

    /// Without an API.
    pub(crate) fn without_api(mut self) -> Self {
        self.api = false;
        self
    }

    /// Boxed: settings are large, and every story would carry them.
    pub(crate) fn start(self) -> Pin<Box<dyn Future<Output = Platform> + Send>> {
        Box::pin(self.begin())
    }

    async fn begin(self) -> Platform {
        logs::keep();
        let database = match self.database {
            Some(database) => database,
            None => servers::database().await,
        };
        let simulator = match self.simulator {
            Some(simulator) => simulator,
            None => Simulator::start().await.unwrap(),
        };
        let mut config = self.config;
        let url: url::Url = simulator.url().parse().unwrap();
        config.providers.endpoints.all_at(&url);
        config
            .files
            .files_url
            .get_or_insert_with(|| servers::scratch("files").to_string_lossy().into_owned());
        let connect = Database { options: database.clone(), direct: database.clone() };
        let mut parts = Parts::start(config, &connect).await.unwrap();
        parts.reader = env!("CARGO_BIN_EXE_medai").into();
        (parts.assets, parts.local) = servers::embedder();
        if let Some(bus) = self.bus {
            parts.bus = bus;
        }
        let ahead = Arc::new(AtomicI64::new(0));
        let (system, offset) = (Clock::system(), Arc::clone(&ahead));
        parts.clock =
            Clock::from_fn(move || system.now() + TimeDelta::seconds(offset.load(Ordering::Relaxed)));
        let mut base = String::new();
        if self.api {
            let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
            base = format!("http://{}", listener.local_addr().unwrap());
            let api = parts.clone();
            parts.tasks.spawn(async move { api.serve_api(listener).await.unwrap() });
        }
        if !self.queues.is_empty() {
            let (worker, queues, extra) = (parts.clone(), self.queues, self.extra);
            parts.tasks.spawn(async move { worker.run_worker(queues, extra).await.unwrap() });
        }
        if self.scheduler {
            let scheduler = parts.clone();
            parts.tasks.spawn(async move { scheduler.run_scheduler().await });
        }
        let http = worker::providers::http_client().unwrap();
        let secrets = Mutex::default();
        Platform { base, parts, simulator, database, http, secrets, ahead, ended: false }
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        self.parts.drain.cancel();
        self.parts.stop.cancel();
        assert!(self.ended || std::thread::panicking(), "a story ends with `platform.end().await`");
    }
}
