//! Ends cooldowns that are over, so that everybody sees it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Job, Queue};

/// Degraded keys among them are probed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReleaseKeys {}

impl Job for ReleaseKeys {
    const NAME: &'static str = "release_keys";
    const QUEUE: Queue = Queue::Probe;
    const TIMEOUT: Duration = Duration::from_secs(30);
    const MAX_ATTEMPTS: i16 = 1;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}
