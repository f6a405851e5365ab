//! The folder of the socket, which is all that guards a server without passwords.

use std::{
    fs::{self, DirBuilder},
    io::ErrorKind,
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, MetadataExt, lchown},
    },
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use nix::unistd::geteuid;

use crate::{address::PORT, layout::hash, unprivileged::Account};

/// `sockaddr_un` holds 104 bytes on some systems.
const LONGEST_SOCKET: usize = 100;

/// Makes the folder: short, and closed to everybody else.
///
/// `generation` tells clusters apart that had the same path one after the other: a server whose folder was deleted
/// under it removes its socket only minutes later.
pub(crate) fn folder(data: &Path, account: Account, generation: u64) -> anyhow::Result<PathBuf> {
    let owner = account.file_owner();
    let key = hash(&[data.as_os_str().as_bytes(), &owner.to_le_bytes(), &generation.to_le_bytes()]);
    let folder = runtime_folder(account).join(format!("medai-{key:016x}"));
    let gift = if let Account::Other { uid, gid } = account { Some((uid, gid)) } else { None };
    own_folder(&folder, 0o700, owner, gift)?;
    Ok(folder)
}

fn runtime_folder(account: Account) -> PathBuf {
    let ours = |folder: &Path| {
        let short = folder.as_os_str().len() + "/medai-0123456789abcdef".len() + socket_name().len() + 1;
        // The server takes a list here, so the path must be plain.
        let plain =
            folder.as_os_str().as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || b"/-_.".contains(b));
        let meta = fs::symlink_metadata(folder).ok();
        folder.is_absolute()
            && plain
            && short < LONGEST_SOCKET
            && meta.is_some_and(|meta| meta.is_dir() && meta.uid() == geteuid().as_raw())
    };
    std::env::var_os("XDG_RUNTIME_DIR")
        .map(PathBuf::from)
        .filter(|folder| !matches!(account, Account::Other { .. }) && ours(folder))
        .unwrap_or_else(|| PathBuf::from("/tmp"))
}

/// The name of the socket inside its folder.
pub(crate) fn socket_name() -> String {
    format!(".s.PGSQL.{PORT}")
}

/// Makes a folder in a place where others may write too, or makes sure that it is the one we made before.
pub(crate) fn own_folder(
    folder: &Path,
    mode: u32,
    owner: u32,
    gift: Option<(u32, u32)>,
) -> anyhow::Result<()> {
    let context = || format!("making the folder {}", folder.display());
    match DirBuilder::new().mode(mode).create(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error).with_context(context),
        _ => {}
    }
    let mut meta = fs::symlink_metadata(folder).with_context(context)?;
    if let Some((uid, gid)) = gift
        && meta.is_dir()
        && meta.uid() == geteuid().as_raw()
    {
        lchown(folder, Some(uid), Some(gid)).with_context(context)?;
        meta = fs::symlink_metadata(folder).with_context(context)?;
    }
    ensure!(
        meta.is_dir() && meta.uid() == owner && meta.mode() & 0o777 & !mode == 0,
        "{} was made by somebody else (user {}, mode {:o}): remove it and start again",
        folder.display(),
        meta.uid(),
        meta.mode() & 0o7777
    );
    Ok(())
}
