//! Which account runs the server, and where its files lie.

use std::{
    ffi::OsString,
    fs::{self, Metadata},
    io::ErrorKind,
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use nix::unistd::geteuid;

use crate::{sockets::own_folder, unprivileged::Account};

/// An absolute path without links, of a folder that need not exist but whose parent does.
pub(crate) fn canonical(path: &Path) -> anyhow::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        bail!("{} can't be a folder for PostgreSQL", path.display())
    };
    let parent = fs::canonicalize(parent).with_context(|| format!("looking for {}", parent.display()))?;
    let joined = parent.join(name);
    Ok(fs::canonicalize(&joined).unwrap_or(joined))
}

/// A path beside `path`, named after it.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().map_or_else(OsString::new, OsString::from);
    name.push(suffix);
    path.with_file_name(name)
}

/// Removes what killed processes left half-made beside `path`.
///
/// Not worth failing for: a child that has yet to notice may still write there, and nothing will use it.
pub(crate) fn remove_leftovers(path: &Path, infix: &str) -> anyhow::Result<()> {
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else { return Ok(()) };
    let prefix = format!("{}{infix}", name.to_string_lossy());
    for entry in fs::read_dir(parent).with_context(|| format!("listing {}", parent.display()))?.flatten() {
        if entry.file_name().to_string_lossy().starts_with(&prefix)
            && let Err(error) = fs::remove_dir_all(entry.path())
        {
            tracing::debug!(folder = %entry.path().display(), %error, "something half-made stays");
        }
    }
    Ok(())
}

/// Who runs the server: the owner of a cluster that exists already; else ourselves, in a namespace if we are root.
pub(crate) fn account(data: &Path, namespaces: fn() -> bool) -> anyhow::Result<Account> {
    let owner = owner(data)?;
    if !geteuid().is_root() {
        if let Some(owner) = owner
            && owner.uid() != geteuid().as_raw()
        {
            bail!(
                "{} belongs to user {}: start as that user, or `chown -R` the folder",
                data.display(),
                owner.uid()
            );
        }
        return Ok(Account::Own);
    }
    let kept_elsewhere = if owner.is_none() { kept_elsewhere(data) } else { None };
    match owner.or(kept_elsewhere.and_then(|place| fs::metadata(place).ok())) {
        Some(owner) if owner.uid() != 0 => Ok(Account::Other { uid: owner.uid(), gid: owner.gid() }),
        _ if namespaces() => Ok(Account::Namespace),
        _ => Account::fallback(),
    }
}

/// Where `path` is kept when the server's account can't reach it.
pub(crate) fn elsewhere(path: &Path) -> PathBuf {
    let home = format!("medai-{:016x}", hash(&[path.as_os_str().as_bytes()]));
    let shared = fs::canonicalize("/var/tmp").unwrap_or_else(|_| PathBuf::from("/var/tmp"));
    shared.join(home).join(path.file_name().unwrap_or_default())
}

/// The same, if we made it: anybody may write in `/var/tmp`.
pub(crate) fn kept_elsewhere(path: &Path) -> Option<PathBuf> {
    let place = elsewhere(path);
    let meta = fs::symlink_metadata(place.parent()?).ok()?;
    (meta.is_dir() && meta.uid() == geteuid().as_raw() && place.exists()).then_some(place)
}

/// `path` itself if `account` can reach it, else the place that stands in for it, whose parent then exists.
pub(crate) fn place(path: PathBuf, account: Account) -> anyhow::Result<PathBuf> {
    let Account::Other { uid, gid } = account else { return Ok(path) };
    if reaches(uid, gid, &path)? {
        return Ok(path);
    }
    if path.join("PG_VERSION").exists() {
        bail!(
            "{} can't be reached by user {uid}, whom PostgreSQL runs as because root may not make a user namespace \
             here: move the folder out of root's home",
            path.display()
        );
    }
    let stand_in = elsewhere(&path);
    if let Some(parent) = stand_in.parent() {
        own_folder(parent, 0o711, geteuid().as_raw(), None)?;
    }
    Ok(stand_in)
}

/// Whether a user may enter every folder above `path`.
pub(crate) fn reaches(uid: u32, gid: u32, path: &Path) -> anyhow::Result<bool> {
    for folder in path.ancestors().skip(1) {
        let meta = fs::metadata(folder).with_context(|| format!("looking at {}", folder.display()))?;
        let enter = if meta.uid() == uid {
            0o100
        } else if meta.gid() == gid {
            0o010
        } else {
            0o001
        };
        if meta.mode() & enter == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

fn owner(path: &Path) -> anyhow::Result<Option<Metadata>> {
    match fs::metadata(path) {
        Ok(meta) => Ok(Some(meta)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error).with_context(|| format!("looking at {}", path.display())),
    }
}

/// FNV-1a: names must stay the same across versions, which the standard library's hasher doesn't promise.
pub(crate) fn hash(parts: &[&[u8]]) -> u64 {
    parts.iter().flat_map(|part| part.iter()).fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
