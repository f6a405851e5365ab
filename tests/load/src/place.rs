//! Where the benchmark finds its programs and leaves its files.

use std::{
    fs,
    os::unix::fs::{DirBuilderExt as _, symlink},
    path::{Path, PathBuf},
};

use anyhow::Context as _;

/// The folders. Dropping it removes what the benchmark wrote.
#[derive(Debug)]
pub(crate) struct Place {
    programs: PathBuf,
    tools: PathBuf,
    scratch: PathBuf,
}

impl Place {
    /// The programs are beside this one, unless told; the files go next to their folder, since
    /// `/tmp` may be memory, where a commit costs nothing.
    pub(crate) fn new(programs: Option<&Path>, tools: &Path) -> anyhow::Result<Self> {
        let own = std::env::current_exe()?;
        let programs = programs.or(own.parent()).context("this program has no folder")?;
        let programs =
            fs::canonicalize(programs).with_context(|| format!("looking for {}", programs.display()))?;
        // Kept between runs, and shared with `medai dev`, so that PostgreSQL is downloaded once.
        private_folder(tools)?;
        let tools = fs::canonicalize(tools)?;
        let scratch = programs.parent().unwrap_or(&programs).join(format!("load-{}", std::process::id()));
        private_folder(&scratch)?;
        Ok(Self { programs, tools, scratch })
    }

    /// A program of the workspace.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// Where PostgreSQL is kept.
    pub(crate) fn tools(&self) -> &Path {
        &self.tools
    }

    /// A file or folder that is gone after the run.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.scratch.join(name)
    }

    /// A fresh data folder for `medai dev`, with PostgreSQL in its place.
    pub(crate) fn data(&self) -> anyhow::Result<PathBuf> {
        let data = self.scratch("data");
        private_folder(&data)?;
        symlink(&self.tools, data.join("tools"))?;
        Ok(data)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.scratch) {
            crate::progress(&format!("{} stays: {error}", self.scratch.display()));
        }
    }
}

fn private_folder(path: &Path) -> anyhow::Result<()> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.with_context(|| format!("{} cannot be made", path.display()))
}
