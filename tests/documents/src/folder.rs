//! The PDFs of a folder, and reading one.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use ingest::reader::{Page, ReadError, ReaderLimits, Summary, read};
use tokio::sync::mpsc;

/// All files below that are called so, in order.
pub(crate) fn pdfs(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("listing {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf")) {
                found.push(path);
            }
        }
    }
    anyhow::ensure!(!found.is_empty(), "there is no PDF below {}", folder.display());
    found.sort();
    Ok(found)
}

/// The pages of a file, and how its reading ended.
pub(crate) async fn read_all(path: &Path) -> anyhow::Result<(Vec<Page>, Result<Summary, ReadError>)> {
    let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
    let (sender, mut receiver) = mpsc::channel(16);
    let collect = tokio::spawn(async move {
        let mut pages = Vec::new();
        while let Some(page) = receiver.recv().await {
            pages.push(page);
        }
        pages
    });
    let end = read(crate::this_program(), file, None, &ReaderLimits::default(), sender).await;
    Ok((collect.await?, end))
}
