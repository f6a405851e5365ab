//! Looks for keys that need a probe, and has each probed.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Job, Queue};

/// The list is made when it runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProbeKeys {
    /// Keys that answered a student since then need none.
    pub served_since: DateTime<Utc>,
}

impl Job for ProbeKeys {
    const NAME: &'static str = "probe_keys";
    const QUEUE: Queue = Queue::Probe;
    const TIMEOUT: Duration = Duration::from_secs(30);
    const MAX_ATTEMPTS: i16 = 1;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}
