//! Puts accounts whose plan was paid for until now on the free plan.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Job, Queue};

/// All that are due.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExpireSubscriptions {}

impl Job for ExpireSubscriptions {
    const NAME: &'static str = "expire_subscriptions";
    const QUEUE: Queue = Queue::Housekeeping;
    const TIMEOUT: Duration = Duration::from_mins(10);
    const MAX_ATTEMPTS: i16 = 3;

    fn unique_key(&self) -> Option<String> {
        Some(String::new())
    }
}
