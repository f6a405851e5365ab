//! Rolls the usage of past days up, for charts, and removes what is long past.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Job, Queue};

/// All days that were not yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RollUpUsage {}

impl Job for RollUpUsage {
    const NAME: &'static str = "roll_up_usage";
    const QUEUE: Queue = Queue::Housekeeping;
    const TIMEOUT: Duration = Duration::from_mins(10);
    const MAX_ATTEMPTS: i16 = 3;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}
