//! The two files beside a cluster: its lock and its log.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, SeekFrom, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

use crate::layout::beside;

/// A log beyond this size is emptied at the next start.
const LONGEST_LOG: u64 = 10 * 1024 * 1024;

/// How long a lock may outlive its owner: a process that the owner was just starting has it, too, until it runs its program.
const LINGERS: Duration = Duration::from_secs(1);

/// A lock that lasts as long as the value: one process owns a cluster.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
    /// Tells this lock file from one that lay at the same path before the folder was deleted.
    pub(crate) generation: u64,
}

impl Lock {
    pub(crate) fn take(data: &Path) -> anyhow::Result<Self> {
        let path = beside(data, ".lock");
        let context = || format!("locking {}", path.display());
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .with_context(context)?;
        let until = Instant::now() + LINGERS;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(error).with_context(context),
                Err(TryLockError::WouldBlock) if Instant::now() < until => sleep(LINGERS / 20),
                Err(TryLockError::WouldBlock) => {
                    let mut owner = String::new();
                    file.read_to_string(&mut owner).with_context(context)?;
                    bail!(
                        "{} is in use by process {} ({} is locked): stop that process first",
                        data.display(),
                        owner.trim(),
                        path.display()
                    )
                }
            }
        }
        file.set_len(0).with_context(context)?;
        writeln!(file, "{}", std::process::id()).with_context(context)?;
        let generation = file.metadata().with_context(context)?.ino();
        Ok(Self { _file: file, generation })
    }
}

/// The server's log, and where this run's part of it begins.
#[derive(Debug)]
pub(crate) struct Log {
    path: PathBuf,
    begin: u64,
}

impl Log {
    /// Opens the log for the server to append to.
    pub(crate) fn open(data: &Path) -> anyhow::Result<(Self, File)> {
        let path = beside(data, ".log");
        let context = || format!("opening {}", path.display());
        let mut file =
            OpenOptions::new().append(true).create(true).mode(0o600).open(&path).with_context(context)?;
        if file.metadata().with_context(context)?.len() > LONGEST_LOG {
            file.set_len(0).with_context(context)?;
        }
        let begin = file.seek(SeekFrom::End(0)).with_context(context)?;
        Ok((Self { path, begin }, file))
    }

    /// The last lines of this run.
    pub(crate) fn tail(&self) -> String {
        let mut text = Vec::new();
        let read = File::open(&self.path).and_then(|mut log| {
            log.seek(SeekFrom::Start(self.begin))?;
            log.take(64 * 1024).read_to_end(&mut text)
        });
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<_> = text.lines().collect();
        let last = lines.get(lines.len().saturating_sub(12)..).unwrap_or_default().join("\n");
        match read {
            Ok(_) => format!("{} says:\n{last}", self.path.display()),
            Err(_) => format!("See {}", self.path.display()),
        }
    }
}
