//! Finds what an answer is going to be from, where its queue is paused: the student reads that meanwhile.

use std::time::Duration;

use domain::ids::{JobId, MessageId, UserId};
use serde::{Deserialize, Serialize};

use crate::{Job, Queue};

/// The passages of a question whose answer nobody begins yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FindPassages {
    /// Who asks.
    pub user: UserId,
    /// What is asked.
    pub question: MessageId,
    /// The pending answer.
    pub answer: MessageId,
    /// Who is going to write it.
    pub job: JobId,
}

impl Job for FindPassages {
    const NAME: &'static str = "find_passages";
    // That of questions is the one that is paused.
    const QUEUE: Queue = Queue::Command;
    const PRIORITY: i16 = -1;
    const TIMEOUT: Duration = Duration::from_secs(20);
    const MAX_ATTEMPTS: i16 = 2;

    fn tenant(&self) -> Option<UserId> {
        Some(self.user)
    }
}
