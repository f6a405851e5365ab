//! Where a server can be reached, and how another process finds that out.

use std::{
    fmt::Write as _,
    io::ErrorKind,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use anyhow::Context;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::{layout, processes};

/// Only a part of the socket's name: the server listens on no network.
pub(crate) const PORT: u16 = 5432;

/// The address of a running server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub(crate) pid: u32,
    pub(crate) sockets: PathBuf,
}

impl Address {
    /// Connects as the superuser `postgres` to the database `postgres`.
    pub fn options(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.sockets)
            .port(PORT)
            .username("postgres")
            .database("postgres")
            .ssl_mode(PgSslMode::Disable)
    }

    /// A URL for other processes, which sqlx and libpq (`psql`) understand.
    pub fn url(&self, database: &str) -> String {
        let database = escape(database.as_bytes());
        let sockets = escape(self.sockets.as_os_str().as_bytes());
        format!("postgres://postgres@localhost:{PORT}/{database}?host={sockets}&sslmode=disable")
    }

    /// The process id of the server.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// The folder of its socket.
    pub fn socket_dir(&self) -> &Path {
        &self.sockets
    }
}

/// The address of the live server of this data folder, whichever process started it.
pub fn running(data: &Path) -> anyhow::Result<Option<Address>> {
    let Ok(data) = layout::canonical(data) else { return Ok(None) };
    for place in layout::kept_elsewhere(&data).into_iter().chain([data]) {
        if let Some(file) = PidFile::read(&place)?
            && file.ready
            && processes::uses(file.pid, &place)
        {
            return Ok(Some(Address { pid: file.pid, sockets: file.sockets }));
        }
    }
    Ok(None)
}

/// What a server writes about itself into `postmaster.pid`.
#[derive(Debug)]
pub(crate) struct PidFile {
    pub(crate) pid: u32,
    sockets: PathBuf,
    ready: bool,
}

impl PidFile {
    /// `None` if there is no such file, or nothing of use in it.
    pub(crate) fn read(data: &Path) -> anyhow::Result<Option<Self>> {
        let path = data.join("postmaster.pid");
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Self::parse(&text)),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(error)
                .with_context(|| format!("reading {}: be the user who started the server", path.display())),
        }
    }

    /// Lines: pid, data folder, start time, port, socket folder, listen address, shared memory, status.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let pid = lines.next()?.trim().parse().ok()?;
        let sockets = lines.nth(3).unwrap_or_default().into();
        let ready = lines.nth(2).is_some_and(|status| status.trim() == "ready");
        Some(Self { pid, sockets, ready })
    }
}

/// Percent-encodes all but letters, digits and `-._~`.
fn escape(text: &[u8]) -> String {
    let mut escaped = String::with_capacity(text.len());
    for &byte in text {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else if write!(escaped, "%{byte:02X}").is_err() {
            // Writing into a string can't fail.
            return escaped;
        }
    }
    escaped
}
