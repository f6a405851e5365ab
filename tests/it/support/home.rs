//! A folder in which `medai dev` is started, as somebody does who has just cloned this: real
//! processes, a private PostgreSQL of its own, everything that they say kept in files.

use std::{
    fs::{self, File, OpenOptions},
    io::Write as _,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use nix::sys::signal::Signal;
use serde_json::json;

use super::{
    process::{Process, mortal, spawn_mortal},
    servers,
    student::{Reply, Student},
};

/// The folder.
pub(crate) struct Home {
    pub(crate) folder: PathBuf,
    pub(crate) port: u16,
    starts: AtomicU32,
}

/// A `medai dev` that runs in it.
pub(crate) struct Dev {
    pub(crate) process: Process,
    /// Where its API listens.
    pub(crate) base: String,
    stdout: PathBuf,
}

/// What became of a command.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Home {
    /// A fresh one. Only the downloaded server is not fetched anew.
    pub(crate) async fn new() -> Self {
        // Has it fetched, where that is needed, with the settings for pip that this process has.
        tokio::task::spawn_blocking(servers::postgres).await.unwrap();
        let folder = servers::scratch("home");
        let (tools, data) = (servers::tools(), folder.join(".data"));
        fs::create_dir_all(&tools).unwrap();
        fs::create_dir_all(&data).unwrap();
        symlink(tools, data.join("tools")).unwrap();
        // So that none of a folder above is read.
        fs::write(folder.join(".env"), "").unwrap();
        Self { folder, port: servers::free_port(), starts: AtomicU32::new(0) }
    }

    /// Everything that its processes logged.
    pub(crate) fn log(&self) -> String {
        String::from_utf8(fs::read(self.folder.join("log")).unwrap_or_default()).unwrap()
    }

    /// Panics where one of these was logged.
    #[track_caller]
    pub(crate) fn never_logged<'a>(&self, secrets: impl IntoIterator<Item = &'a str>) {
        let log = self.log();
        for secret in secrets {
            assert!(secret.len() >= 4, "{secret:?} would be found by chance");
            if let Some(line) = log.lines().find(|line| line.contains(secret)) {
                panic!("{secret:?} was logged: {line}");
            }
        }
    }

    /// A command of the program in this folder, with these settings and no others.
    pub(crate) fn command(&self, arguments: &[&str], env: &[(&str, &str)]) -> Command {
        let mut command = mortal(env!("CARGO_BIN_EXE_medai"));
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("PORT", self.port.to_string())
            // Nothing listens there: an Ollama of this machine is no part of the story.
            .env("OLLAMA_BASE_URL", "http://127.0.0.1:1")
            .env("RUST_LOG", "debug")
            .envs(env.iter().copied())
            .current_dir(&self.folder);
        command
    }

    /// Starts `medai dev`, or another role, without waiting for it.
    pub(crate) fn spawn(&self, role: &str, env: &[(&str, &str)]) -> Dev {
        let start = self.starts.fetch_add(1, Ordering::Relaxed);
        let stdout = self.folder.join(format!("stdout-{start}"));
        let log = OpenOptions::new().append(true).create(true).open(self.folder.join("log")).unwrap();
        let mut command = self.command(&[role], env);
        command.stdin(Stdio::null()).stdout(File::create(&stdout).unwrap()).stderr(log);
        let base = format!("http://127.0.0.1:{}", self.port);
        Dev { process: Process::of(command, base.clone()), base, stdout }
    }

    /// Starts `medai dev` and waits until it is ready.
    pub(crate) async fn dev(&self, env: &[(&str, &str)]) -> Dev {
        let dev = self.spawn("dev", env);
        dev.process.ready().await;
        dev
    }

    /// Runs a command to its end. What it logs is kept, too.
    pub(crate) fn run(&self, arguments: &[&str], env: &[(&str, &str)], stdin: &str) -> Ran {
        let mut command = self.command(arguments, env);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = spawn_mortal(command);
        // It may end without reading.
        let _written = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let ran =
            Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) };
        let mut log = OpenOptions::new().append(true).create(true).open(self.folder.join("log")).unwrap();
        log.write_all(ran.stderr.as_bytes()).unwrap();
        ran
    }

    /// Waits until no PostgreSQL runs here any more.
    pub(crate) async fn until_nothing_runs(&self) {
        for _ in 0..500 {
            if self.servers().is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("a PostgreSQL was left: {:?}", self.servers());
    }

    /// Processes that work in the cluster's folder, or name it.
    pub(crate) fn servers(&self) -> Vec<String> {
        let cluster = fs::canonicalize(&self.folder).unwrap().join(".data/postgres");
        let name = cluster.to_string_lossy().into_owned();
        let uses = |process: &Path| {
            let named = fs::read(process.join("cmdline")).unwrap_or_default();
            fs::read_link(process.join("cwd")).is_ok_and(|folder| folder == cluster)
                || String::from_utf8_lossy(&named).contains(&name)
        };
        let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
        processes.filter(|process| uses(process)).map(|process| process.display().to_string()).collect()
    }
}

impl Dev {
    /// What it told the person at the terminal.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(&self.stdout).unwrap()
    }

    /// The password that it made up for the admin, where it did.
    pub(crate) fn password(&self) -> Option<String> {
        let said = self.said();
        let (_, rest) = said.split_once("password: ")?;
        rest.split_whitespace().next().map(ToOwned::to_owned)
    }

    /// Ctrl-C, or what a service manager sends; it ends as it should.
    pub(crate) async fn stop(mut self, signal: Signal) {
        self.process.signal(signal);
        assert_eq!(self.process.ended().await, Some(0));
    }

    /// Somebody new.
    pub(crate) async fn register(&self, email: &str, password: &str) -> Student {
        let body = json!({ "email": email, "password": password, "name": "Student" });
        sign_in(&self.base, "register", &body).await.unwrap()
    }

    /// Somebody who has an account.
    pub(crate) async fn log_in(&self, email: &str, password: &str) -> Result<Student, Reply> {
        sign_in(&self.base, "login", &json!({ "email": email, "password": password })).await
    }
}

async fn sign_in(base: &str, how: &str, body: &serde_json::Value) -> Result<Student, Reply> {
    let http = worker::providers::http_client().unwrap();
    let response = http.post(format!("{base}/api/auth/{how}")).json(body).send().await.unwrap();
    let reply = Reply::read(response).await;
    if !reply.status.is_success() {
        return Err(reply);
    }
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    Ok(Student {
        http,
        base: base.to_owned(),
        token: text(&reply.body["access_token"]),
        id: text(&reply.body["user"]["id"]),
        email: text(&reply.body["user"]["email"]),
    })
}
