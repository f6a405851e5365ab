//! Reads documents anew that an earlier reader read.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Job, Queue};

/// One document at a start, and one at a time over all workers. After each it goes to the end of the queue, so that
/// whatever a student waits for goes first.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct ReadAnew {}

impl Job for ReadAnew {
    const NAME: &'static str = "read_anew";
    const QUEUE: Queue = Queue::Ingest;
    const TIMEOUT: Duration = Duration::from_hours(2);
    const PRIORITY: i16 = 20;

    fn unique_key(&self) -> Option<String> {
        Some("all".to_owned())
    }
}
