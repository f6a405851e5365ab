//! Stories on real servers. They share one download, beside the test binaries.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};

use crate::{Server, Settings, layout, processes, resolve, running};

/// A folder that is gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("private-postgres-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(fs::canonicalize(path).unwrap())
    }

    fn data(&self) -> PathBuf {
        self.0.join("postgres")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn settings(data: PathBuf) -> Settings {
    let binaries = env::current_exe().unwrap();
    let tools = binaries.parent().unwrap().join("private-postgres-tools");
    Settings { tools, data, durable: false, max_connections: 20 }
}

async fn start(data: PathBuf) -> Server {
    Server::start(settings(data)).await.unwrap()
}

async fn ask(options: &PgConnectOptions, sql: &'static str) -> String {
    let mut connection = PgConnection::connect_with(options).await.unwrap();
    let answer = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    answer
}

async fn run(options: &PgConnectOptions, sql: &'static str) {
    let mut connection = PgConnection::connect_with(options).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// To standard error, past what the harness captures.
fn say(line: &str) {
    nix::unistd::write(std::io::stderr(), format!("{line}\n").as_bytes()).unwrap();
}

fn gone(pid: u32) -> bool {
    !Path::new("/proc").join(pid.to_string()).exists()
}

#[tokio::test]
async fn it_answers_has_vectors_and_other_processes_find_it() {
    let folder = Folder::new("answers");
    let server = start(folder.data()).await;
    assert_eq!(ask(&server.options(), "select 'one'").await, "one");
    run(&server.options(), "create extension vector").await;
    assert_eq!(ask(&server.options(), "select (vector '[1,2]' <=> '[1,2]')::text").await, "0");
    assert_eq!(ask(&server.options(), "show listen_addresses").await, "");
    assert_eq!(ask(&server.options(), "show fsync").await, "off");
    assert_eq!(fs::metadata(server.socket_dir()).unwrap().mode() & 0o777, 0o700);

    let found = running(&folder.data()).unwrap().unwrap();
    assert_eq!(found.pid(), server.pid());
    assert_eq!(found.url("a b"), server.url("a b"));
    let by_url = server.url("postgres").parse().unwrap();
    assert_eq!(ask(&by_url, "select current_user::text").await, "postgres");

    let (pid, sockets) = (server.pid(), server.socket_dir().to_owned());
    server.stop().await.unwrap();
    assert!(gone(pid) && !sockets.exists());
    assert_eq!(running(&folder.data()).unwrap(), None);
}

#[tokio::test]
async fn what_was_committed_outlives_a_stop_and_a_drop() {
    let folder = Folder::new("keeps");
    let server = start(folder.data()).await;
    run(&server.options(), "create table notes as select 'kept' as text").await;
    server.stop().await.unwrap();
    let server = start(folder.data()).await;
    assert_eq!(ask(&server.options(), "select text from notes").await, "kept");
    let pid = server.pid();
    drop(server);
    assert!(gone(pid));
    let server = start(folder.data()).await;
    assert_eq!(ask(&server.options(), "select text from notes").await, "kept");
}

#[tokio::test]
async fn a_second_start_is_refused_and_names_the_owner() {
    let folder = Folder::new("twice");
    let server = start(folder.data()).await;
    let refusal = Server::start(settings(folder.data())).await.unwrap_err().to_string();
    assert!(refusal.contains(&format!("in use by process {}", std::process::id())), "{refusal}");
    assert!(refusal.contains("postgres.lock"), "{refusal}");
    assert_eq!(ask(&server.options(), "select 'unharmed'").await, "unharmed");
}

#[tokio::test]
async fn leftovers_of_killed_runs_are_no_obstacle() {
    let folder = Folder::new("leftovers");
    let half_made = folder.0.join("postgres.new-1");
    fs::create_dir(&half_made).unwrap();
    fs::write(half_made.join("PG_VERSION"), "1").unwrap();
    start(folder.data()).await.stop().await.unwrap();
    assert!(!half_made.exists());

    // Pids of a process that runs but is no server, of none at all, and nothing of sense.
    for stale in [std::process::id().to_string(), "4194305".into(), String::new()] {
        let rest = format!("\n{}\n1\n5432\n/tmp\n\n1 1\nready\n", folder.data().display());
        fs::write(folder.data().join("postmaster.pid"), stale + &rest).unwrap();
        assert_eq!(running(&folder.data()).unwrap(), None);
        start(folder.data()).await.stop().await.unwrap();
    }
}

#[test]
fn what_a_killed_process_left_is_removed_and_nothing_else() {
    let folder = Folder::new("partial");
    for name in ["server.partial-1", "server.partial-22", "server", "server.part", "other.partial-1"] {
        fs::create_dir(folder.0.join(name)).unwrap();
    }
    layout::remove_leftovers(&folder.0.join("server"), ".partial-").unwrap();
    let mut left: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["other.partial-1", "server", "server.part"]);
}

#[tokio::test]
async fn a_foreign_folder_is_left_alone() {
    let folder = Folder::new("foreign");
    fs::create_dir(folder.data()).unwrap();
    fs::write(folder.data().join("thesis.txt"), "years of work").unwrap();
    let refusal = Server::start(settings(folder.data())).await.unwrap_err().to_string();
    assert!(refusal.contains("neither empty nor a PostgreSQL cluster"), "{refusal}");
    assert!(folder.data().join("thesis.txt").exists());
}

#[tokio::test]
async fn a_clusters_version_decides_which_server_may_open_it() {
    let folder = Folder::new("version");
    fs::create_dir(folder.data()).unwrap();
    fs::write(folder.data().join("PG_VERSION"), "14\n").unwrap();
    let refusal = Server::start(settings(folder.data())).await.unwrap_err().to_string();
    assert!(refusal.contains("was made by PostgreSQL 14"), "{refusal}");
}

/// Not a test: the process that the next test kills.
#[tokio::test]
#[ignore = "a helper, run by another test"]
async fn owner() {
    let Some(data) = env::var_os("PRIVATE_POSTGRES_DATA") else { return };
    let server = start(data.into()).await;
    run(&server.options(), "create table if not exists notes as select 'kept' as text").await;
    say(&format!("pid {}", server.pid()));
    std::thread::sleep(Duration::from_mins(1));
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn killing_the_owner_ends_the_server_and_the_next_start_waits_for_it() {
    let folder = Folder::new("killed");
    for _ in 0..3 {
        let mut owner = Command::new(env::current_exe().unwrap())
            .args(["--exact", "tests::owner", "--ignored", "--nocapture"])
            .env("PRIVATE_POSTGRES_DATA", folder.data())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(owner.stderr.take().unwrap()).lines();
        let pid = lines.map(Result::unwrap).find_map(|line| line.strip_prefix("pid ")?.parse().ok());
        let orphan: u32 = pid.unwrap();
        assert!(processes::uses(orphan, &folder.data()));
        owner.kill().unwrap();
        owner.wait().unwrap();

        let server = start(folder.data()).await;
        assert!(!processes::uses(orphan, &folder.data()));
        assert_ne!(server.pid(), orphan);
        assert_eq!(ask(&server.options(), "select text from notes").await, "kept");
        server.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_server_lives_on_when_the_thread_that_asked_for_it_ends() {
    let folder = Folder::new("threads");
    let data = folder.data();
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let started = std::thread::spawn(move || runtime().block_on(start(data)));
    let server = tokio::task::spawn_blocking(|| started.join().unwrap()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(ask(&server.options(), "select 'alive'").await, "alive");
}

#[tokio::test]
async fn root_without_namespaces_becomes_another_user() {
    if !nix::unistd::geteuid().is_root() {
        return;
    }
    // Once where that user can get, and once below a folder that only root may enter.
    for mode in [0o755, 0o700] {
        let folder = Folder::new(&format!("denied-{mode:o}"));
        fs::set_permissions(&folder.0, fs::Permissions::from_mode(mode)).unwrap();
        for _ in 0..2 {
            let server = Server::start_with(settings(folder.data()), || false).await.unwrap();
            run(&server.options(), "create table if not exists notes as select 'kept' as text").await;
            let user = fs::metadata(format!("/proc/{}", server.pid())).unwrap().uid();
            assert_ne!(user, 0);
            assert_eq!(running(&folder.data()).unwrap().unwrap().pid(), server.pid());
            server.stop().await.unwrap();
        }
        // Where namespaces are allowed again, the cluster's owner still decides.
        let server = start(folder.data()).await;
        assert_eq!(ask(&server.options(), "select text from notes").await, "kept");
        drop(server);
        let stand_in = layout::elsewhere(&folder.data());
        assert_eq!(stand_in.exists(), mode == 0o700);
        if mode == 0o700 {
            fs::remove_dir_all(stand_in.parent().unwrap()).unwrap();
        }
    }
}

#[test]
fn an_installed_server_counts_if_it_is_new_enough_and_has_vectors() {
    assert_eq!(resolve::vector_version("comment = 'x'\ndefault_version = '0.8.1'\n"), Some((0, 8)));
    assert_eq!(resolve::vector_version("comment = 'x'"), None);
    let folder = Folder::new("installed");
    let install = |name: &str, version: &str, vector: &str| {
        let (bin, share) = (folder.0.join(name).join("bin"), folder.0.join(name).join("share/extension"));
        fs::create_dir_all(&bin).unwrap();
        fs::create_dir_all(&share).unwrap();
        fs::write(share.join("vector.control"), format!("default_version = '{vector}'\n")).unwrap();
        for program in ["postgres", "initdb"] {
            let script = format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version} (Debian)'\n");
            fs::write(bin.join(program), script).unwrap();
            fs::set_permissions(bin.join(program), fs::Permissions::from_mode(0o755)).unwrap();
        }
        bin
    };
    let folders = vec![
        install("ancient", "14.2", "0.8.0"),
        install("plain", "18.1", "0.7.4"),
        install("good", "16.10", "0.8.0"),
        install("newer", "17rc1", "0.9.0"),
        folder.0.join("missing"),
    ];
    assert_eq!(resolve::best_of(folders.clone(), None), Some(folder.0.join("newer/bin")));
    assert_eq!(resolve::best_of(folders.clone(), Some(16)), Some(folder.0.join("good/bin")));
    assert_eq!(resolve::best_of(folders, Some(15)), None);
}

#[tokio::test]
#[ignore = "prints how long things take"]
async fn times() {
    let folder = Folder::new("times");
    let mut lap = Instant::now();
    let mut mark = |what: &str| {
        say(&format!("{what}: {:?}", lap.elapsed()));
        lap = Instant::now();
    };
    for durable in [false, true] {
        let settings = || Settings { durable, ..settings(folder.0.join(format!("durable-{durable}"))) };
        for what in ["first start", "second start"] {
            let server = Server::start(settings()).await.unwrap();
            mark(what);
            server.stop().await.unwrap();
            mark("stop");
        }
    }
}
