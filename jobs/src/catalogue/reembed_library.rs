//! Puts a student's documents over to the embedder that is set now, while searches go on with the old vectors.

use std::time::Duration;

use domain::ids::UserId;
use serde::{Deserialize, Serialize};

use crate::{Job, Queue};

/// All documents of a student, since a search can use the vectors of one model only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReembedLibrary {
    /// Whose.
    pub user: UserId,
}

impl Job for ReembedLibrary {
    const NAME: &'static str = "reembed_library";
    const QUEUE: Queue = Queue::Ingest;
    const TIMEOUT: Duration = Duration::from_hours(2);
    // Behind new documents, whose students wait.
    const PRIORITY: i16 = 5;

    fn tenant(&self) -> Option<UserId> {
        Some(self.user)
    }

    fn unique_key(&self) -> Option<String> {
        Some(self.user.to_string())
    }
}
