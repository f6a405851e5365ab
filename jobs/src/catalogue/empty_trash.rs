//! Deletes for good what a student threw away.

use std::time::Duration;

use chrono::TimeDelta;
use domain::ids::{SessionId, UserId};
use serde::{Deserialize, Serialize};

use crate::{Job, Queue};

/// Enqueued by the transaction that throws a conversation away, to run when it cannot be brought back any more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EmptyTrash {
    /// Whose it is.
    pub user: UserId,
    /// The conversation.
    pub session: SessionId,
}

impl EmptyTrash {
    /// How long what was thrown away can be brought back.
    pub const AFTER: TimeDelta = TimeDelta::minutes(10);
}

impl Job for EmptyTrash {
    const NAME: &'static str = "empty_trash";
    const QUEUE: Queue = Queue::Housekeeping;
    const TIMEOUT: Duration = Duration::from_mins(1);
    const MAX_ATTEMPTS: i16 = 20;

    fn tenant(&self) -> Option<UserId> {
        Some(self.user)
    }

    fn unique_key(&self) -> Option<String> {
        Some(self.session.to_string())
    }
}
