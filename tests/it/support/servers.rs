//! The servers that all tests of a run share: one PostgreSQL without fsync and with a migrated
//! template, one Valkey. They end with the process.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use ingest::{assets::Assets, embed::Local};
use postgres::{Server, Settings};
use sqlx::{Connection as _, Executor as _, PgConnection, postgres::PgConnectOptions};

/// What is downloaded once, and kept between runs.
pub(crate) fn tools() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools")
}

/// A folder of this run, made anew.
pub(crate) fn scratch(name: &str) -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = run_folder().join(format!("{name}-{number}"));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The folder of this run. Those of earlier runs are removed.
fn run_folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/it");
        std::fs::create_dir_all(&all).unwrap();
        for run in std::fs::read_dir(&all).unwrap().flatten() {
            let pid = run.file_name().to_string_lossy().into_owned();
            if !Path::new("/proc").join(&pid).exists() {
                // A server of that run may still be on its way out.
                let _left = std::fs::remove_dir_all(run.path());
            }
        }
        let folder = all.join(std::process::id().to_string());
        std::fs::create_dir_all(&folder).unwrap();
        folder
    })
}

/// The shared PostgreSQL, as its superuser.
pub(crate) fn postgres() -> PgConnectOptions {
    server().options()
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        // A runtime of its own: the test that comes first must not own what all use.
        std::thread::spawn(|| block_on(start())).join().unwrap()
    })
}

async fn start() -> Server {
    let data = run_folder().join("postgres");
    let settings = Settings { tools: tools(), data, durable: false, max_connections: 900 };
    let server = Server::start(settings).await.unwrap();
    let mut conn = PgConnection::connect_with(&server.options()).await.unwrap();
    conn.execute("create role medai login createrole").await.unwrap();
    conn.execute("create database template_medai owner medai").await.unwrap();
    let inside = server.options().database("template_medai");
    let mut superuser = PgConnection::connect_with(&inside).await.unwrap();
    superuser.execute("create extension vector").await.unwrap();
    superuser.close().await.unwrap();
    conn.execute("create role medai_app login").await.unwrap();
    medai::migrate::bring_up_to_date(&inside.username("medai"), "medai_app").await.unwrap();
    server
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// A database of its own for one test, reached as processes do: as a login that owns nothing.
pub(crate) async fn database() -> PgConnectOptions {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("t{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let superuser = tokio::task::spawn_blocking(postgres).await.unwrap();
    let mut conn = PgConnection::connect_with(&superuser).await.unwrap();
    let create = format!("create database {name} owner medai template template_medai");
    conn.execute(sqlx::AssertSqlSafe(create)).await.unwrap();
    conn.close().await.unwrap();
    superuser.username("medai_app").database(&name)
}

/// The same database, reached as its owner, who migrates it.
pub(crate) fn as_owner(database: &PgConnectOptions) -> PgConnectOptions {
    database.clone().username("medai")
}

/// An empty database of its own for one test, which the owner of all of them owns.
pub(crate) async fn empty_database() -> PgConnectOptions {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("e{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let superuser = tokio::task::spawn_blocking(postgres).await.unwrap();
    let mut conn = PgConnection::connect_with(&superuser).await.unwrap();
    conn.execute(sqlx::AssertSqlSafe(format!("create database {name} owner medai"))).await.unwrap();
    conn.close().await.unwrap();
    let database = superuser.database(&name);
    let mut inside = PgConnection::connect_with(&database).await.unwrap();
    inside.execute("create extension vector").await.unwrap();
    inside.close().await.unwrap();
    database.username("medai_app")
}

/// The URL of a database of this run, for another process.
pub(crate) fn url(options: &PgConnectOptions) -> String {
    let database = options.get_database().unwrap();
    server().url(database).replacen("postgres@", &format!("{}@", options.get_username()), 1)
}

/// The local embedder, which all platforms of a run share: it is loaded once a process.
pub(crate) fn embedder() -> (Arc<Assets>, Arc<Local>) {
    static EMBEDDER: OnceLock<(Arc<Assets>, Arc<Local>)> = OnceLock::new();
    EMBEDDER
        .get_or_init(|| {
            let assets = Arc::new(Assets::below(tools()));
            let local = Arc::new(Local::new(Arc::clone(&assets)));
            (assets, local)
        })
        .clone()
}

/// The shared Valkey.
pub(crate) fn redis_url() -> &'static str {
    static VALKEY: OnceLock<Valkey> = OnceLock::new();
    &VALKEY.get_or_init(Valkey::start).url
}

/// A Valkey (or Redis) server.
pub(crate) struct Valkey {
    pub(crate) url: String,
    server: harness::Valkey,
}

impl Valkey {
    /// On a free port of this machine.
    pub(crate) fn start() -> Self {
        let server = harness::Valkey::start(&tools(), run_folder()).unwrap();
        Self { url: server.url.clone(), server }
    }

    /// Stops it, as a crash does.
    pub(crate) fn stop(&mut self) {
        self.server.stop().unwrap();
    }

    /// Starts it again, empty, on the same port.
    pub(crate) fn restart(&mut self) {
        self.server.restart().unwrap();
    }
}

/// The program of a server that speaks S3, from npm, pinned by the lock file beside this.
pub(crate) fn s3rver() -> PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM
        .get_or_init(|| {
            let folder = tools().join("s3rver-3.7.1");
            if !folder.exists() {
                let half = tools().join(format!("s3rver.{}", std::process::id()));
                std::fs::create_dir_all(&half).unwrap();
                let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/support/s3");
                for file in ["package.json", "package-lock.json"] {
                    std::fs::copy(from.join(file), half.join(file)).unwrap();
                }
                let npm = Command::new("npm")
                    .args(["ci", "--no-audit", "--no-fund", "--silent", "--ignore-scripts"])
                    .current_dir(&half)
                    .status()
                    .expect("npm is needed to fetch the S3 server");
                assert!(npm.success(), "npm could not fetch the S3 server");
                std::fs::rename(&half, &folder).unwrap();
            }
            folder.join("node_modules/s3rver/bin/s3rver.js")
        })
        .clone()
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    harness::free_port().unwrap()
}
