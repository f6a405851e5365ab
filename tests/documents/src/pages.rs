//! Writes down what is read.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::Context as _;
use ingest::reader::PageOutcome;
use serde_json::json;

use crate::{folder, outcomes::Outcomes};

/// One file of JSON lines for each PDF, named after it, and what to print.
pub(crate) async fn write(folder: &Path, into: &Path) -> anyhow::Result<String> {
    let mut outcomes = Outcomes::default();
    let mut said = String::new();
    for path in folder::pdfs(folder)? {
        let (pages, end) = folder::read_all(&path).await?;
        let name = path.strip_prefix(folder)?;
        let outcome = outcomes.count(&pages, &end);
        writeln!(said, "{}\t{} pages\t{outcome}", name.display(), pages.len())?;
        let mut lines = String::new();
        for page in &pages {
            let failed = match page.outcome {
                PageOutcome::Failed(reason) => Some(reason.code()),
                PageOutcome::Read | PageOutcome::NoText => None,
            };
            let line = json!({
                "page": page.index,
                "text": page.text,
                "failed": failed,
                "doubtful": page.doubtful,
            });
            writeln!(lines, "{line}")?;
        }
        let file = into.join(format!("{}.jsonl", name.display()));
        fs::create_dir_all(file.parent().context("a file has a folder")?)?;
        fs::write(&file, lines).with_context(|| format!("writing {}", file.display()))?;
    }
    writeln!(said, "{outcomes}")?;
    Ok(said)
}
