//! A disk for files that can be full: a small file system in memory.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::ensure;

/// Its size.
const SIZE: &str = "size=4m";

/// It is taken away when this is dropped.
#[derive(Debug)]
pub struct SmallDisk {
    /// Where it is.
    pub folder: PathBuf,
}

impl SmallDisk {
    /// Puts one there; `None` where this process may not.
    ///
    /// # Errors
    /// Where the folder cannot be made.
    pub fn mount(folder: &Path) -> anyhow::Result<Option<Self>> {
        fs::create_dir_all(folder)?;
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", SIZE, "tmpfs"]).arg(folder).output();
        let there = mount.is_ok_and(|mount| mount.status.success());
        Ok(there.then(|| Self { folder: folder.to_owned() }))
    }

    /// Fills it to the last byte.
    ///
    /// # Errors
    /// Where that cannot be.
    pub fn fill(&self) -> anyhow::Result<()> {
        let mut filler = fs::File::create(self.filler())?;
        // Ever smaller pieces, until not even a byte fits.
        let mut piece = vec![0_u8; 1 << 20];
        while !piece.is_empty() {
            if filler.write_all(&piece).is_err() {
                piece.truncate(piece.len() / 2);
            }
        }
        ensure!(fs::write(self.folder.join("one-more"), [0]).is_err(), "the disk is not full");
        Ok(())
    }

    /// Makes room again.
    ///
    /// # Errors
    /// Where that cannot be.
    pub fn free(&self) -> anyhow::Result<()> {
        fs::remove_file(self.filler())?;
        // What was tried may have left its name.
        fs::remove_file(self.folder.join("one-more")).or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(error.into()),
        })
    }

    fn filler(&self) -> PathBuf {
        self.folder.join("filler")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: processes that are about to die may hold files.
        drop(Command::new("umount").arg("--lazy").arg(&self.folder).output());
    }
}
