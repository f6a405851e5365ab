//! Everything that runs: servers, and processes of the program that can be killed and started anew.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use domain::Clock;
use harness::{Valkey, free_port, mortal, spawn_mortal};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use postgres::{Server, Settings};
use serde_json::json;
use simulator::{Script, Simulator};
use sqlx::{
    ConnectOptions as _, Connection as _, Executor as _, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    disk::SmallDisk,
    student::{PASSWORD, text},
    uploads::Uploads,
};

/// The login of the program, which is no superuser.
const OWNER: &str = "medai";

/// How long anything may take to start.
const START: Duration = Duration::from_mins(1);

/// The keys of the pool, two of each provider.
pub const KEYS: [(&str, &str); 4] = [
    ("gemini", "sk-of-the-suite-gemini-one"),
    ("gemini", "sk-of-the-suite-gemini-two"),
    ("openai", "sk-of-the-suite-openai-one"),
    ("openai", "sk-of-the-suite-openai-two"),
];

/// What to start.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The program `medai`.
    pub program: PathBuf,
    /// Where downloaded servers are kept.
    pub tools: PathBuf,
    /// Where this run leaves its files.
    pub folder: PathBuf,
    /// `JOB_LEASE`, where it is not the default.
    pub lease: Option<&'static str>,
    /// What the processes log.
    pub log: String,
}

/// A process of the program.
#[derive(Debug)]
pub struct Role {
    name: &'static str,
    env: Vec<(&'static str, String)>,
    program: PathBuf,
    log: PathBuf,
    child: Option<Child>,
    /// Where its API listens, if it has one.
    pub base: String,
}

impl Role {
    /// Starts it, unless it runs.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn start(&mut self, ahead: Duration) -> anyhow::Result<()> {
        if self.child.is_some() {
            return Ok(());
        }
        let log = File::options().create(true).append(true).open(&self.log)?;
        let mut command: Command = mortal(&self.program);
        command
            .arg(self.name)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            // Everybody comes from one address, and asks without pause.
            .env("WRITES_BURST", "1000000")
            .env("ANONYMOUS_WRITES_BURST", "1000000")
            .env("STREAMS_PER_ACCOUNT", "1000")
            .env("CONNECTIONS_PER_ADDRESS", "100000")
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .env("CLOCK_OFFSET", format!("{}s", ahead.as_secs()))
            // So that no file of settings is read.
            .current_dir(self.log.parent().unwrap_or(Path::new("/")));
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        self.child = Some(spawn_mortal(command)?);
        Ok(())
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// Where it does not run.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        let mut child = self.child.take().context("it does not run")?;
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    /// Its process id.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        if self.child.is_some() {
            // It may have ended already.
            drop(self.kill());
        }
    }
}

/// All that runs.
#[derive(Debug)]
pub struct World {
    /// The providers.
    pub simulator: Simulator,
    /// Redis.
    pub valkey: Valkey,
    /// The two api processes.
    pub apis: Vec<Role>,
    /// The two workers.
    pub workers: Vec<Role>,
    /// The two schedulers.
    pub schedulers: Vec<Role>,
    /// Where files are kept.
    pub files: PathBuf,
    /// The disk that this is on, where it is one of its own.
    pub disk: Option<SmallDisk>,
    /// What was uploaded while it was full.
    pub uploads: Option<Uploads>,
    /// The time of this machine.
    pub clock: Clock,
    /// The client that students share.
    pub http: reqwest::Client,
    /// How far the processes' clocks are ahead.
    pub ahead: Duration,
    postgres: Option<Server>,
    settings: Settings,
    admin: PgConnectOptions,
}

impl World {
    /// Starts everything, with keys in the pool.
    ///
    /// # Errors
    /// Where something does not start.
    pub async fn start(setup: &Setup) -> anyhow::Result<Self> {
        fs::create_dir_all(&setup.folder)?;
        let files = setup.folder.join("files");
        // The processes' own data folder, with what was downloaded for embedding.
        let data_dir = setup.folder.join(".data");
        fs::create_dir_all(&data_dir)?;
        std::os::unix::fs::symlink(&setup.tools, data_dir.join("tools"))?;
        let simulator = Simulator::start().await?;
        let valkey = Valkey::start(&setup.tools, &setup.folder)?;
        let data = setup.folder.join("postgres");
        let settings = Settings { tools: setup.tools.clone(), data, durable: true, max_connections: 200 };
        let server = Server::start(settings.clone()).await?;
        let admin = prepare(&server).await?;
        let url = server.url(OWNER).replacen("postgres@", &format!("{OWNER}@"), 1);
        let role = |role, number| make(setup, role, number, &url, &valkey.url, &simulator.url());
        let pair = |name| [role(name, 1), role(name, 2)].into_iter().collect::<anyhow::Result<Vec<_>>>();
        let (apis, workers, schedulers) = (pair("api")?, pair("worker")?, pair("scheduler")?);
        let http = worker::providers::http_client()?;
        let postgres = Some(server);
        let ahead = Duration::ZERO;
        let mut world = Self {
            simulator,
            valkey,
            apis,
            workers,
            schedulers,
            files,
            disk: None,
            uploads: None,
            clock: Clock::system(),
            http,
            ahead,
            postgres,
            settings,
            admin,
        };
        world.all_healthy();
        world.start_roles().await?;
        world.fill_pool().await?;
        Ok(world)
    }

    /// Starts what does not run, and waits until it serves.
    ///
    /// # Errors
    /// Where something does not start.
    pub async fn start_roles(&mut self) -> anyhow::Result<()> {
        let ahead = self.ahead;
        for role in self.apis.iter_mut().chain(&mut self.workers).chain(&mut self.schedulers) {
            role.start(ahead)?;
        }
        let deadline = Instant::now() + START;
        for api in &self.apis {
            loop {
                let ready = self.http.get(format!("{}/api/ready", api.base)).send().await;
                if ready.is_ok_and(|response| response.status().is_success()) {
                    break;
                }
                ensure!(Instant::now() < deadline, "an api does not come up: see {}", api.log.display());
                tokio::time::sleep(Duration::from_millis(30)).await;
            }
        }
        Ok(())
    }

    /// Ends all processes of the program, as a crash of the machine does.
    ///
    /// # Errors
    /// Where one cannot be killed.
    pub fn kill_roles(&mut self) -> anyhow::Result<()> {
        for role in self.apis.iter_mut().chain(&mut self.workers).chain(&mut self.schedulers) {
            if role.child.is_some() {
                role.kill()?;
            }
        }
        Ok(())
    }

    /// Every key answers, in a bit more than half a second.
    pub fn all_healthy(&self) {
        for (_, key) in KEYS {
            self.simulator.script(key, healthy());
        }
    }

    /// What all keys of a provider do from now on.
    pub fn script(&self, provider: &str, script: &Script) {
        for (_, key) in KEYS.iter().filter(|(of, _)| *of == provider) {
            self.simulator.script(key, script.clone());
        }
    }

    /// Where the apis listen.
    pub fn bases(&self) -> Vec<String> {
        self.apis.iter().map(|api| api.base.clone()).collect()
    }

    /// Connections to the database that see everything.
    ///
    /// # Errors
    /// Where it cannot be reached.
    pub async fn pool(&self) -> anyhow::Result<PgPool> {
        Ok(PgPoolOptions::new().max_connections(4).connect_with(self.admin.clone()).await?)
    }

    /// Stops PostgreSQL as a restart does: sessions are cut.
    ///
    /// # Errors
    /// Where it does not end.
    pub async fn stop_postgres(&mut self) -> anyhow::Result<()> {
        self.postgres.take().context("PostgreSQL does not run")?.stop().await
    }

    /// Kills PostgreSQL.
    ///
    /// # Errors
    /// Where it does not run.
    pub fn kill_postgres(&mut self) -> anyhow::Result<()> {
        let server = self.postgres.take().context("PostgreSQL does not run")?;
        kill(Pid::from_raw(i32::try_from(server.pid())?), Signal::SIGKILL)?;
        // Dropping it waits for the end, and takes the lock away.
        drop(server);
        Ok(())
    }

    /// Starts PostgreSQL on what it left.
    ///
    /// # Errors
    /// Where it does not start.
    pub async fn start_postgres(&mut self) -> anyhow::Result<()> {
        self.postgres = Some(Server::start(self.settings.clone()).await?);
        Ok(())
    }

    /// Puts the keys in, as an admin does it.
    async fn fill_pool(&self) -> anyhow::Result<()> {
        let email = "admin@suite.example";
        let body = json!({ "email": email, "password": PASSWORD, "name": "Admin" });
        let base = &self.apis.first().context("no api")?.base;
        let response = self.http.post(format!("{base}/api/auth/register")).json(&body).send().await?;
        let token = text(&response.json().await?, "/access_token")?;
        let pool = self.pool().await?;
        sqlx::query("update users set email_verified = true where email = $1")
            .bind(email)
            .execute(&pool)
            .await?;
        sqlx::query("insert into admin_allowlist (email, role) values ($1, 'super_admin')")
            .bind(email)
            .execute(&pool)
            .await?;
        pool.close().await;
        for (provider, key) in KEYS {
            let body = json!({
                "provider": provider, "feature": "*", "key": key, "priority": 1,
                "base_url": self.simulator.url(), "skip_test": true,
            });
            let request = self.http.post(format!("{base}/api/admin/keys")).bearer_auth(&token).json(&body);
            let response = request.send().await?;
            if !response.status().is_success() {
                bail!("a key is refused: {}", response.text().await?);
            }
        }
        Ok(())
    }
}

/// An answer of thirty words, at a reader's pace.
pub fn healthy() -> Script {
    let first = Duration::from_millis(100);
    Script::healthy().chunks(30).first_token_after(first).token_every(Duration::from_millis(15))
}

fn make(
    setup: &Setup,
    role: &'static str,
    number: u32,
    database: &str,
    redis: &str,
    provider: &str,
) -> anyhow::Result<Role> {
    let port = free_port()?;
    let mut env = vec![
        ("DATABASE_URL", database.to_owned()),
        ("REDIS_URL", redis.to_owned()),
        ("JWT_SECRET", "a secret of the suite that is long enough".to_owned()),
        ("ENCRYPTION_KEY", "5eed".repeat(16)),
        ("DATABASE_CONNECTIONS", "12".to_owned()),
        ("REGISTRATIONS_PER_HOUR", "1000000".to_owned()),
        ("PROVIDER_CHAIN", "gemini,openai".to_owned()),
        ("GEMINI_BASE_URL", provider.to_owned()),
        ("OPENAI_BASE_URL", provider.to_owned()),
        ("OLLAMA_BASE_URL", "http://127.0.0.1:1".to_owned()),
        ("FIRST_TOKEN_TIMEOUT", "2s".to_owned()),
        ("MAX_WAIT", "60s".to_owned()),
        // So that a key that came back is found while the suite waits for it.
        ("HEALTH_CHECK_INTERVAL", "5s".to_owned()),
        ("SHUTDOWN_GRACE", "2s".to_owned()),
        ("FILES_URL", setup.folder.join("files").display().to_string()),
        ("PORT", port.to_string()),
        ("RUST_LOG", setup.log.clone()),
    ];
    env.extend(setup.lease.map(|lease| ("JOB_LEASE", lease.to_owned())));
    let log = setup.folder.join(format!("{role}-{number}.log"));
    let (program, base) = (setup.program.clone(), format!("http://127.0.0.1:{port}"));
    Ok(Role { name: role, env, program, log, child: None, base })
}

/// Makes the database, brings it up to date, and returns how to look at all of it.
async fn prepare(server: &Server) -> anyhow::Result<PgConnectOptions> {
    let superuser = server.options();
    let mut conn = superuser.connect().await?;
    conn.execute("create role medai login createrole").await?;
    conn.execute("create database medai owner medai").await?;
    conn.close().await?;
    let inside = superuser.database(OWNER).disable_statement_logging();
    let mut conn = inside.connect().await?;
    conn.execute("create extension vector").await?;
    conn.close().await?;
    let mut owner = PgConnection::connect_with(&inside.clone().username(OWNER)).await?;
    migrations::MIGRATOR.run(&mut owner).await?;
    owner.close().await?;
    Ok(inside)
}
