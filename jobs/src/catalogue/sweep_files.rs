//! Removes files that no row knows, and what is left of those that were never whole.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Job, Queue};

/// An api process that dies between the end of an upload and its commit leaves a file without a row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SweepFiles {}

impl Job for SweepFiles {
    const NAME: &'static str = "sweep_files";
    const QUEUE: Queue = Queue::Housekeeping;
    // A bucket of a million files is a thousand lists of names.
    const TIMEOUT: Duration = Duration::from_mins(30);
    const MAX_ATTEMPTS: i16 = 2;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}
