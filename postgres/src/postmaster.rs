//! All that comes before the server's process, and the process itself.

use std::{
    convert::Infallible,
    fs,
    path::{PathBuf, absolute},
    process::Child,
    process::Command,
    sync::mpsc,
};

use anyhow::{Context, bail};
use nix::sys::signal::Signal;
use tokio::sync::oneshot;

use crate::{
    Settings,
    address::{Address, PORT},
    cluster,
    files::{Lock, Log},
    layout, processes, resolve, sockets,
    unprivileged::Account,
};

/// What a start needs, found, made and locked.
pub(crate) struct Prepared {
    command: Command,
    sockets: PathBuf,
    log: Log,
    lock: Lock,
}

/// A process that may not be ready yet, and what must live as long as it.
#[derive(Debug)]
pub(crate) struct Postmaster {
    pub(crate) child: Child,
    pub(crate) address: Address,
    pub(crate) log: Log,
    // The kernel ends the server when the thread that spawned it ends, so that thread waits until this is dropped.
    _thread: mpsc::Sender<Infallible>,
    _lock: Lock,
}

impl Prepared {
    /// Finds the programs, takes the lock, waits for a server that still shuts down, makes the cluster.
    pub(crate) fn new(settings: &Settings, namespaces: fn() -> bool) -> anyhow::Result<Self> {
        let (tools, data) = (absolute(&settings.tools)?, absolute(&settings.data)?);
        for folder in [Some(&*tools), data.parent()].into_iter().flatten() {
            fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        }
        let named = layout::canonical(&data)?;
        let lock = Lock::take(&named)?;
        let account = layout::account(&named, namespaces)?;
        let data = layout::place(named.clone(), account)?;
        let tools = layout::place(layout::canonical(&tools)?, account)?;
        fs::create_dir_all(&tools).with_context(|| format!("making {}", tools.display()))?;
        processes::wait_until_free(&data)?;
        let bin = resolve::programs(&tools, resolve::version_of(&data)?)?;
        if let Account::Other { uid, gid } = account
            && !layout::reaches(uid, gid, &bin.join("postgres"))?
        {
            bail!(
                "user {uid}, whom PostgreSQL runs as, can't reach {}: open its folders to all",
                bin.display()
            );
        }
        cluster::ensure_made(&bin, &data, account)?;
        let sockets = sockets::folder(&data, account, lock.generation)?;
        for left_over in [sockets::socket_name(), format!("{}.lock", sockets::socket_name())] {
            processes::remove(&sockets.join(left_over))?;
        }
        let (log, output) = Log::open(&named)?;
        let mut command = cluster::program(&bin, "postgres", account, Signal::SIGINT);
        command.arg("-D").arg(&data).arg("-k").arg(&sockets);
        for option in options(settings) {
            command.arg("-c").arg(option);
        }
        command.stdout(output.try_clone()?).stderr(output);
        Ok(Self { command, sockets, log, lock })
    }

    /// Starts the process.
    pub(crate) async fn spawn(self) -> anyhow::Result<Postmaster> {
        let (thread, until_dropped) = mpsc::channel::<Infallible>();
        let (spawned, child) = oneshot::channel();
        let mut command = self.command;
        std::thread::Builder::new().name("private-postgres".into()).spawn(move || {
            // If nobody waits for the child any more, ending here ends it too.
            if spawned.send(command.spawn()).is_ok() {
                drop(command);
                let Err(mpsc::RecvError) = until_dropped.recv();
            }
        })?;
        let child = child.await.context("spawning PostgreSQL")?.context("spawning PostgreSQL")?;
        let address = Address { pid: child.id(), sockets: self.sockets };
        Ok(Postmaster { child, address, log: self.log, _thread: thread, _lock: self.lock })
    }
}

fn options(settings: &Settings) -> Vec<String> {
    let on_off = if settings.durable { "on" } else { "off" };
    let mut options = vec![
        // No network, and no more memory or disk than a laptop spares.
        "listen_addresses=".into(),
        format!("port={PORT}"),
        format!("max_connections={}", settings.max_connections),
        "shared_buffers=128MB".into(),
        "max_wal_size=1GB".into(),
        // Nobody replicates from here.
        "wal_level=minimal".into(),
        "max_wal_senders=0".into(),
        // Short queries on a solid-state disk.
        "jit=off".into(),
        "random_page_cost=1.1".into(),
        "timezone=UTC".into(),
        "log_timezone=UTC".into(),
        "log_checkpoints=off".into(),
        "logging_collector=off".into(),
    ];
    options
        .extend(["fsync", "full_page_writes", "synchronous_commit"].map(|name| format!("{name}={on_off}")));
    options
}
