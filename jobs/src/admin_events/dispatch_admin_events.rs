//! Folds what waits in the outbox into alerts.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Job, Queue};

/// Everything that is ripe; one at a time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DispatchAdminEvents {}

impl Job for DispatchAdminEvents {
    const NAME: &'static str = "tell_notices";
    const QUEUE: Queue = Queue::Notify;
    const TIMEOUT: Duration = Duration::from_mins(1);

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}
