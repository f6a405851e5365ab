//! medai and the simulator, each as a process of its own.

use std::{
    env,
    ffi::OsString,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use simulator::Script;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};
use tokio::{net::TcpListener, time::sleep};

use crate::{
    client::{Connection, Request},
    place::Place,
    process::Process,
    students::{self, Student},
};

/// Everybody's password.
pub(crate) const PASSWORD: &str = "only-For-this-benchmark-1";

/// The admin.
const ADMIN: &str = "admin@example.org";

/// How long a start may take, a download included.
const START: Duration = Duration::from_mins(5);

/// The pause between two looks whether something has started.
const PAUSE: Duration = Duration::from_millis(5);

/// A running medai with its provider.
#[derive(Debug)]
pub(crate) struct Platform {
    medai: Process,
    simulator: Process,
    /// Where medai listens.
    pub(crate) address: SocketAddr,
    /// Where the simulator listens.
    pub(crate) provider: SocketAddr,
    /// The admin's access token.
    admin: String,
    data: PathBuf,
}

impl Platform {
    /// Starts both, medai on a fresh data folder.
    pub(crate) async fn start(place: &Place) -> anyhow::Result<Self> {
        let data = place.data()?;
        let (medai, address, _) = start_medai(place, &data).await?;
        Self::complete(place, medai, address, data).await
    }

    /// Adds the simulator to a medai that is ready.
    pub(crate) async fn complete(
        place: &Place,
        medai: Process,
        address: SocketAddr,
        data: PathBuf,
    ) -> anyhow::Result<Self> {
        let (simulator, provider) = start_simulator(place).await?;
        let mut connection = Connection::open(address).await?;
        let login = json!({ "email": ADMIN, "password": PASSWORD });
        let signed_in = connection.json("POST", "/api/auth/login", None, &login).await?;
        let admin = students::text(&signed_in, "/access_token")?;
        Ok(Self { medai, simulator, address, provider, admin, data })
    }

    /// Puts the simulator into the pool of keys.
    pub(crate) async fn add_key(&self) -> anyhow::Result<()> {
        let key = json!({
            "provider": "openai", "feature": "*", "key": "sk-benchmark-through-medai", "priority": 1,
            "base_url": format!("http://{}", self.provider), "skip_test": true,
        });
        let mut connection = Connection::open(self.address).await?;
        connection.json("POST", "/api/admin/keys", Some(&self.admin), &key).await?;
        Ok(())
    }

    /// What the provider does from now on.
    pub(crate) async fn script(&self, script: &Script) -> anyhow::Result<()> {
        let mut connection = Connection::open(self.provider).await?;
        connection.json("PUT", "/_sim/default", None, &serde_json::to_value(script)?).await?;
        Ok(())
    }

    /// New accounts without limits. `wave` tells them from others.
    pub(crate) async fn students(&self, wave: &str, number: usize) -> anyhow::Result<Vec<Student>> {
        crate::progress(&format!("registering {number} students"));
        let students = students::register(self.address, wave, number).await?;
        // Not as an admin does it, who may change only so many plans a minute.
        let ids: Vec<_> = students.iter().map(|student| student.id).collect();
        let mut connection = self.database().await?;
        sqlx::query("update users set plan = 'admin' where id = any($1)")
            .bind(ids)
            .execute(&mut connection)
            .await?;
        connection.close().await?;
        Ok(students)
    }

    /// The process of medai.
    pub(crate) fn medai(&self) -> u32 {
        self.medai.id()
    }

    /// The database, seen as its superuser.
    async fn database(&self) -> anyhow::Result<PgConnection> {
        let running = postgres::running(&self.data.join("postgres"))?.context("medai runs no database")?;
        Ok(running.options().database("medai").connect().await?)
    }

    /// The version of the database.
    pub(crate) async fn postgres_version(&self) -> anyhow::Result<String> {
        let mut connection = self.database().await?;
        let version = sqlx::query_scalar("show server_version").fetch_one(&mut connection).await?;
        connection.close().await?;
        Ok(version)
    }

    /// Ends both.
    pub(crate) fn end(self) -> anyhow::Result<()> {
        self.medai.end()?;
        self.simulator.end()
    }
}

/// Starts medai and waits until it is ready. Returns how long that took, too.
pub(crate) async fn start_medai(
    place: &Place,
    data: &std::path::Path,
) -> anyhow::Result<(Process, SocketAddr, Duration)> {
    let port = free_port().await?;
    let began = Instant::now();
    let mut command = Command::new(place.program("medai"));
    command.arg("dev").env_clear().envs(harmless_environment()).envs([
        ("HOST", "127.0.0.1"),
        ("DEMO_PROVIDER", "off"),
        ("ADMIN_EMAIL", ADMIN),
        ("ADMIN_PASSWORD", PASSWORD),
        ("REGISTRATIONS_PER_HOUR", "100000"),
        // Thousands of students, from one address, whose connections rest in between as a proxy's do.
        ("TRUSTED_PROXIES", "127.0.0.1/32"),
        ("STREAMS_PER_ACCOUNT", "1000000"),
        ("WRITES_BURST", "100000000"),
        ("ANONYMOUS_WRITES_BURST", "100000000"),
        ("PROVIDER_CHAIN", "openai"),
        // A real Ollama of this machine is none of our business.
        ("OLLAMA_BASE_URL", "http://127.0.0.1:9"),
        ("SHUTDOWN_GRACE", "2s"),
        ("RUST_LOG", "warn"),
    ]);
    // From its root, so that no file with settings of the workspace is read.
    command.env("PORT", port.to_string()).env("DATA_DIR", data).current_dir("/");
    let mut medai = Process::start(&mut command, place.scratch("medai.log"))?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let ready = tokio::time::timeout(START, wait_until_ready(&mut medai, address));
    ready.await.context("medai does not become ready")??;
    Ok((medai, address, began.elapsed()))
}

async fn wait_until_ready(medai: &mut Process, address: SocketAddr) -> anyhow::Result<()> {
    let request = Request::new("GET", "/api/ready", "", "");
    loop {
        medai.check()?;
        if let Ok(mut connection) = Connection::open(address).await {
            tokio::select! {
                // It takes connections before it answers them.
                status = connection.send(&request) => if status.is_ok_and(|status| status == 200) { return Ok(()) },
                () = sleep(Duration::from_secs(1)) => {}
            }
        }
        sleep(PAUSE).await;
    }
}

async fn start_simulator(place: &Place) -> anyhow::Result<(Process, SocketAddr)> {
    let mut command = Command::new(place.program("simulator"));
    // Its log of calls holds memory and is not read.
    command.args(["--port", "0", "--keep-calls", "0"]);
    let mut process = Process::start(&mut command, place.scratch("simulator.log"))?;
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        process.check()?;
        let said = process.said();
        let address = said.lines().find_map(|line| line.strip_prefix("listening on http://"));
        if let Some(address) = address {
            return Ok((process, address.trim().parse()?));
        }
        sleep(PAUSE).await;
    }
    bail!("the simulator does not start")
}

async fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?.local_addr()?.port())
}

/// What a download or a folder's place may depend on; no setting of medai, and no provider's key.
fn harmless_environment() -> impl Iterator<Item = (OsString, OsString)> {
    const NAMES: [&str; 7] = ["PATH", "HOME", "LANG", "USER", "TMPDIR", "XDG_RUNTIME_DIR", "VIRTUAL_ENV"];
    env::vars_os().filter(|(name, _)| {
        name.to_str().is_some_and(|name| {
            let lower = name.to_lowercase();
            NAMES.contains(&name)
                || lower.starts_with("pip_")
                || lower.ends_with("_proxy")
                || lower.contains("ca_bundle")
                || lower.starts_with("ssl_cert")
        })
    })
}

/// Cancels a job, whoever it is for.
pub(crate) async fn cancel(address: SocketAddr, student: &Student, job: &str) -> anyhow::Result<()> {
    let mut connection = Connection::open(address).await?;
    let path = format!("/api/jobs/{job}");
    connection.json("DELETE", &path, Some(&student.token), &Value::Null).await?;
    Ok(())
}
