//! Making a cluster.

use std::{
    fs,
    os::unix::fs::{DirBuilderExt, MetadataExt, lchown},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, bail, ensure};
use nix::{sys::signal::Signal, unistd::geteuid};

use crate::{
    layout::{beside, remove_leftovers},
    resolve::major,
    unprivileged::{Account, confine},
};

/// Between the name of a cluster that is being made and the id of the process that makes it.
const FRESH: &str = ".new-";

/// A program of the server, run as `account` with nothing of our environment.
pub(crate) fn program(bin: &Path, name: &str, account: Account, at_death: Signal) -> Command {
    let mut command = Command::new(bin.join(name));
    // Our working folder may be closed to the account.
    command.env_clear().envs([("LC_ALL", "C"), ("TZ", "UTC")]).current_dir("/").stdin(Stdio::null());
    confine(&mut command, account, at_death);
    command
}

/// Makes the cluster if there is none, and gives it to `account`.
pub(crate) fn ensure_made(bin: &Path, data: &Path, account: Account) -> anyhow::Result<()> {
    if data.join("PG_VERSION").exists() {
        return give(data, account);
    }
    let occupied = fs::read_dir(data).is_ok_and(|mut entries| entries.next().is_some());
    ensure!(!occupied, "{} is neither empty nor a PostgreSQL cluster", data.display());
    remove_leftovers(data, FRESH)?;
    // Beside it and then renamed, so that a killed initdb leaves no half of a cluster.
    let fresh = beside(data, &format!("{FRESH}{}", std::process::id()));
    fs::DirBuilder::new()
        .mode(0o700)
        .create(&fresh)
        .with_context(|| format!("making {}", fresh.display()))?;
    give(&fresh, account)?;
    let output = program(bin, "initdb", account, Signal::SIGKILL)
        .arg("-D")
        .arg(&fresh)
        .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"])
        .args(upper_and_lower_case(bin))
        .output()
        .with_context(|| format!("running {}", bin.join("initdb").display()))?;
    if !output.status.success() {
        bail!("initdb failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    fs::rename(&fresh, data).with_context(|| format!("moving {} to {}", fresh.display(), data.display()))
}

/// The C locale knows the case of ASCII letters only; from version 17 on, PostgreSQL itself knows that
/// of all others, whatever the machine has installed.
fn upper_and_lower_case(bin: &Path) -> &'static [&'static str] {
    match major(bin) {
        Some(17..) => &["--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
        _ => &[],
    }
}

/// Root's cluster becomes the account's, where root can't run it in a namespace any more.
fn give(path: &Path, account: Account) -> anyhow::Result<()> {
    let Account::Other { uid, gid } = account else { return Ok(()) };
    let context = || format!("giving {} to user {uid}", path.display());
    let meta = fs::symlink_metadata(path).with_context(context)?;
    if !geteuid().is_root() || meta.uid() == uid {
        return Ok(());
    }
    if meta.is_dir() {
        for entry in fs::read_dir(path).with_context(context)? {
            give(&entry.with_context(context)?.path(), account)?;
        }
    }
    // The folder after what is in it, so that an interrupted run is taken up again.
    lchown(path, Some(uid), Some(gid)).with_context(context)
}
