//! The running server.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use sqlx::{
    Connection,
    postgres::{PgConnectOptions, PgConnection},
};
use tokio::{task::spawn_blocking, time::sleep};

use crate::{
    Settings,
    postmaster::{Postmaster, Prepared},
    unprivileged,
};

/// How long a start may take; replaying the log after a crash is what takes time.
const START: Duration = Duration::from_mins(1);

/// What ends a server, gently at first, and how long each is given.
const ENDINGS: [(Signal, Duration); 3] = [
    (Signal::SIGINT, Duration::from_secs(20)),
    (Signal::SIGQUIT, Duration::from_secs(5)),
    (Signal::SIGKILL, Duration::from_secs(5)),
];

/// A running PostgreSQL, which ends with this value: dropping it blocks until the server is gone, some 0.1 s.
#[derive(Debug)]
pub struct Server(Postmaster);

impl Server {
    /// Finds or fetches the programs, makes the cluster if there is none, and starts it.
    pub async fn start(settings: Settings) -> anyhow::Result<Self> {
        Self::start_with(settings, unprivileged::namespaces_work).await
    }

    pub(crate) async fn start_with(settings: Settings, namespaces: fn() -> bool) -> anyhow::Result<Self> {
        let prepared = spawn_blocking(move || Prepared::new(&settings, namespaces)).await??;
        let mut server = Self(prepared.spawn().await?);
        server.wait_until_ready().await?;
        Ok(server)
    }

    /// Connects as the superuser `postgres` to the database `postgres`.
    pub fn options(&self) -> PgConnectOptions {
        self.0.address.options()
    }

    /// A URL for other processes, which sqlx and libpq (`psql`) understand.
    pub fn url(&self, database: &str) -> String {
        self.0.address.url(database)
    }

    /// The process id of the server.
    pub fn pid(&self) -> u32 {
        self.0.address.pid
    }

    /// The folder of its socket.
    pub fn socket_dir(&self) -> &Path {
        &self.0.address.sockets
    }

    /// Shuts the server down: sessions are cut, what was committed is kept.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        spawn_blocking(move || self.end()).await?
    }

    async fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        let deadline = Instant::now() + START;
        let options = self.options();
        loop {
            match PgConnection::connect_with(&options).await {
                Ok(connection) => return Ok(connection.close().await?),
                // No socket yet, or "the database system is starting up".
                Err(sqlx::Error::Io(_)) => {}
                Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("57P03") => {}
                Err(error) => return Err(error).context("connecting to the private PostgreSQL"),
            }
            if let Some(status) = self.0.child.try_wait()? {
                bail!("PostgreSQL ended at once ({status}). {}", self.0.log.tail());
            }
            if Instant::now() > deadline {
                bail!("PostgreSQL is not ready after {} s. {}", START.as_secs(), self.0.log.tail());
            }
            sleep(Duration::from_millis(10)).await;
        }
    }

    fn end(&mut self) -> anyhow::Result<()> {
        for (signal, patience) in ENDINGS {
            let deadline = Instant::now() + patience;
            // Not reaped yet, so its number can't belong to another process.
            if self.0.child.try_wait()?.is_none() {
                kill(Pid::from_raw(i32::try_from(self.0.address.pid)?), signal)
                    .context("ending PostgreSQL")?;
            }
            while Instant::now() < deadline {
                if self.0.child.try_wait()?.is_some() {
                    // Empty by now, unless the server was killed; the next start cleans up then.
                    if let Err(error) = fs::remove_dir(&self.0.address.sockets) {
                        tracing::debug!(%error, "the socket's folder stays");
                    }
                    return Ok(());
                }
                std::thread::sleep(Duration::from_millis(2));
            }
            tracing::warn!(%signal, pid = self.0.address.pid, "PostgreSQL does not end");
        }
        bail!("PostgreSQL process {} can't be ended", self.0.address.pid)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.0.child.try_wait(), Ok(None))
            && let Err(error) = self.end()
        {
            tracing::error!(%error, "the private PostgreSQL may still run");
        }
    }
}
