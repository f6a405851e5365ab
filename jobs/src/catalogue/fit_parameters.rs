//! Fits the parameters of FSRS to a student's reviews.

use std::time::Duration;

use domain::ids::UserId;
use serde::{Deserialize, Serialize};

use crate::{Job, Queue};

/// Enqueued by a review, where there are enough and the last try is a week ago.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FitParameters {
    /// Whose.
    pub user: UserId,
}

impl Job for FitParameters {
    const NAME: &'static str = "fit_parameters";
    const QUEUE: Queue = Queue::Housekeeping;
    const TIMEOUT: Duration = Duration::from_mins(10);
    const MAX_ATTEMPTS: i16 = 3;

    fn tenant(&self) -> Option<UserId> {
        Some(self.user)
    }

    fn unique_key(&self) -> Option<String> {
        Some(self.user.to_string())
    }
}
