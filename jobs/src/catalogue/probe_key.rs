//! Tries a provider key with the smallest call that proves it.

use std::time::Duration;

use domain::ids::KeyId;
use serde::{Deserialize, Serialize};

use crate::{Job, Queue};

/// A pending key becomes active or is deleted; any other gets its health from the result.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProbeKey {
    /// Which key.
    pub key: KeyId,
}

impl Job for ProbeKey {
    const NAME: &'static str = "probe_key";
    const QUEUE: Queue = Queue::Probe;
    const TIMEOUT: Duration = Duration::from_secs(30);
    const MAX_ATTEMPTS: i16 = 2;

    fn unique_key(&self) -> Option<String> {
        Some(self.key.to_string())
    }
}
