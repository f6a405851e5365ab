//! Removes files from the store whose rows are gone.

use std::time::Duration;

use domain::ids::{DocumentId, ImageId, JobId, UserId};
use serde::{Deserialize, Serialize};

use crate::{Job, Queue};

/// Enqueued by the transaction that removes the rows, so that no file outlives them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RemoveFiles {
    /// Whose they were, where one student's.
    #[serde(default)]
    pub user: Option<UserId>,
    /// Documents that are gone.
    #[serde(default)]
    pub documents: Vec<DocumentId>,
    /// Images that are gone.
    #[serde(default)]
    pub images: Vec<ImageId>,
    /// Files of cards whose import ended.
    #[serde(default)]
    pub imports: Vec<JobId>,
}

impl Job for RemoveFiles {
    const NAME: &'static str = "remove_files";
    const QUEUE: Queue = Queue::Housekeeping;
    const TIMEOUT: Duration = Duration::from_mins(5);
    // A store that is away comes back.
    const MAX_ATTEMPTS: i16 = 20;

    fn tenant(&self) -> Option<UserId> {
        self.user
    }
}
