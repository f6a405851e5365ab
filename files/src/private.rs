//! What students store is nobody else's on the machine: folders are their owner's, and so is each file.

use std::{
    fs::{DirBuilder, Permissions, set_permissions},
    io,
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;

/// Makes the folder of all files, and those that they are in. The latter are ours alone, also where an earlier release
/// left them open.
pub(super) fn make_folders(folder: &Path) -> io::Result<()> {
    let make = |folder: &Path| DirBuilder::new().recursive(true).mode(0o700).create(folder);
    make(folder)?;
    for kind in ["documents", "images"] {
        let inner = folder.join(kind);
        make(&inner)?;
        match set_permissions(&inner, Permissions::from_mode(0o700)) {
            // It is somebody else's, who let us in.
            Err(error) if error.kind() != io::ErrorKind::PermissionDenied => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// Closes a file that was just stored to others. Until then the folder that it is in keeps them out.
pub(super) async fn close(file: Option<PathBuf>) -> anyhow::Result<()> {
    let Some(file) = file else { return Ok(()) };
    let closed =
        tokio::task::spawn_blocking(move || set_permissions(file, Permissions::from_mode(0o600))).await?;
    closed.context("a file could not be closed to others")
}
