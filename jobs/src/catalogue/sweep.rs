//! Housekeeping: removes what has outlived its use, and rolls it up first where charts need it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Job, Queue};

/// Finished jobs, old ticks, idempotency keys and sign-in attempts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sweep {}

impl Job for Sweep {
    const NAME: &'static str = "sweep";
    const QUEUE: Queue = Queue::Housekeeping;
    const TIMEOUT: Duration = Duration::from_mins(10);
    const MAX_ATTEMPTS: i16 = 1;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}
