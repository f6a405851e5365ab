//! Which processes use a cluster.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

use crate::address::PidFile;

/// How long a start waits for a server that is still shutting down.
const PATIENCE: Duration = Duration::from_secs(10);

/// Waits until nothing uses the cluster, and removes what a killed server left behind.
///
/// A server in its last seconds is common: the process that owned it was killed, and it was told to end. Its backends
/// may outlive it for a moment, and PostgreSQL notices only those of a pid file that is still there.
pub(crate) fn wait_until_free(data: &Path) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    let mut told = false;
    while let Some(pid) = user_of(data)? {
        if !told {
            tracing::info!(pid, "waiting for the previous PostgreSQL to shut down");
            ask_to_end(pid);
            told = true;
        }
        if Instant::now() > deadline {
            bail!(
                "PostgreSQL process {pid} still uses {}, though its owner is gone: end it with `kill -INT {pid}` \
                 and start again",
                data.display()
            );
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    // Its pid may belong to something else by now, which PostgreSQL would take for a running server.
    remove(&data.join("postmaster.pid"))
}

/// Removes a file that may not exist.
pub(crate) fn remove(path: &Path) -> anyhow::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Whether `pid` is a server, or a part of one, on this data folder.
#[cfg(target_os = "linux")]
pub(crate) fn uses(pid: u32, data: &Path) -> bool {
    let process = Path::new("/proc").join(pid.to_string());
    // PostgreSQL works inside its data folder; a zombie has no working folder any more.
    std::fs::read_link(process.join("cwd")).is_ok_and(|folder| folder == data)
        && std::fs::read_to_string(process.join("comm")).is_ok_and(|name| name.starts_with("postgres"))
}

/// Whether `pid` is alive, which is all that can be told without `/proc`.
#[cfg(not(target_os = "linux"))]
pub(crate) fn uses(pid: u32, _: &Path) -> bool {
    i32::try_from(pid).is_ok_and(|pid| nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), None).is_ok())
}

#[cfg(target_os = "linux")]
fn user_of(data: &Path) -> anyhow::Result<Option<u32>> {
    // The server itself first: it is the one to name.
    if let Some(file) = PidFile::read(data)?
        && uses(file.pid, data)
    {
        return Ok(Some(file.pid));
    }
    let processes = std::fs::read_dir("/proc").context("listing processes in /proc")?;
    Ok(processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .find(|pid| uses(*pid, data)))
}

#[cfg(not(target_os = "linux"))]
fn user_of(data: &Path) -> anyhow::Result<Option<u32>> {
    Ok(PidFile::read(data)?.map(|file| file.pid).filter(|pid| uses(*pid, data)))
}

/// Linux told it already when its owner died.
#[cfg(target_os = "linux")]
fn ask_to_end(_: u32) {}

#[cfg(not(target_os = "linux"))]
fn ask_to_end(pid: u32) {
    if let Ok(pid) = i32::try_from(pid)
        && let Err(error) =
            nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), nix::sys::signal::Signal::SIGINT)
    {
        tracing::warn!(pid, %error, "the previous PostgreSQL could not be told to end");
    }
}
