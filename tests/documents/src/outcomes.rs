//! How the files of a folder ended.

use std::{collections::BTreeMap, fmt};

use ingest::reader::{Page, PageOutcome, ReadError, Summary};

/// How many files ended how.
#[derive(Debug, Default)]
pub(crate) struct Outcomes(BTreeMap<String, usize>);

impl Outcomes {
    /// Counts a file, and says how it ended.
    pub(crate) fn count(&mut self, pages: &[Page], end: &Result<Summary, ReadError>) -> String {
        let outcome = outcome(pages, end);
        *self.0.entry(outcome.clone()).or_default() += 1;
        outcome
    }
}

fn outcome(pages: &[Page], end: &Result<Summary, ReadError>) -> String {
    let failed = pages.iter().find_map(|page| match page.outcome {
        PageOutcome::Failed(reason) => Some(reason),
        _ => None,
    });
    match (end, failed) {
        (Err(error), _) => error.code().to_owned(),
        (Ok(_), Some(reason)) => format!("partly read, {}", reason.code()),
        (Ok(_), None) if pages.iter().all(|page| page.outcome == PageOutcome::NoText) => "no text".to_owned(),
        (Ok(_), None) => "ready".to_owned(),
    }
}

impl fmt::Display for Outcomes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for (outcome, count) in &self.0 {
            write!(f, "{}{count} {outcome}", if first { "" } else { "; " })?;
            first = false;
        }
        Ok(())
    }
}
