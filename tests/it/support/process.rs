//! The real program, in processes of their own, to be killed.

use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub(crate) use harness::mortal;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use sqlx::postgres::PgConnectOptions;

use super::servers;

/// A running `medai`.
pub(crate) struct Process {
    child: Child,
    /// Where its API listens, if it has one.
    pub(crate) base: String,
}

/// Starts a role of the program on a database and a Redis.
pub(crate) fn medai(
    role: &[&str],
    database: &PgConnectOptions,
    redis: &str,
    env: &[(&str, &str)],
) -> Process {
    let port = servers::free_port().to_string();
    let home = servers::scratch("medai");
    // The embedding model is fetched once for all.
    std::fs::create_dir_all(servers::tools()).unwrap();
    std::fs::create_dir_all(home.join(".data")).unwrap();
    std::os::unix::fs::symlink(servers::tools(), home.join(".data/tools")).unwrap();
    let mut command = mortal(env!("CARGO_BIN_EXE_medai"));
    command
        .args(role)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("DATABASE_URL", servers::url(database))
        .env("REDIS_URL", redis)
        .env("JWT_SECRET", "a secret of tests that is long enough")
        .env("ENCRYPTION_KEY", "5eed".repeat(16))
        .env("DATABASE_CONNECTIONS", "8")
        .env("PORT", &port)
        .env("RUST_LOG", "info")
        .envs(env.iter().copied())
        .current_dir(home);
    let quiet = std::env::var_os("SHOW_LOGS").is_none();
    if quiet {
        command.stdout(Stdio::null()).stderr(Stdio::null());
    }
    Process { child: spawn_mortal(command), base: format!("http://127.0.0.1:{port}") }
}

impl Process {
    /// Over a command that was set up by the caller.
    pub(crate) fn of(command: Command, base: String) -> Self {
        Self { child: spawn_mortal(command), base }
    }

    pub(crate) fn pid(&self) -> i32 {
        i32::try_from(self.child.id()).unwrap()
    }

    /// Waits until its API can serve.
    pub(crate) async fn ready(&self) {
        let http = worker::providers::http_client().unwrap();
        let deadline = Instant::now() + Duration::from_mins(1);
        loop {
            let ready = http.get(format!("{}/api/ready", self.base)).send().await;
            if ready.is_ok_and(|response| response.status().is_success()) {
                return;
            }
            assert!(Instant::now() < deadline, "the API does not come up");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM or another signal, without waiting.
    pub(crate) fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.pid()), signal).unwrap();
    }

    /// Waits for its end, and returns the exit code.
    pub(crate) async fn ended(&mut self) -> Option<i32> {
        let deadline = Instant::now() + Duration::from_secs(40);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(Instant::now() < deadline, "the process does not end");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// Spawns a [`mortal`] command: one that dies with this one, whatever happens to it.
pub(crate) fn spawn_mortal(command: Command) -> Child {
    harness::spawn_mortal(command).unwrap()
}
