//! Imports a file of cards: notes, schedules, reviews and images.

use std::time::Duration;

use domain::ids::{JobId, UserId};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::RemoveFiles;
use crate::{Job, Queue, bus::TerminalEvent, queue::enqueue};

/// The file is in the store, called by the id of the job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportDeck {
    /// Whose it is.
    pub user: UserId,
}

impl ImportDeck {
    /// What removes the file of an import.
    pub fn removal(&self, job: JobId) -> RemoveFiles {
        RemoveFiles { user: Some(self.user), imports: vec![job], ..RemoveFiles::default() }
    }
}

impl Job for ImportDeck {
    const NAME: &'static str = "import_deck";
    const QUEUE: Queue = Queue::Ingest;
    const TIMEOUT: Duration = Duration::from_mins(30);

    fn tenant(&self) -> Option<UserId> {
        Some(self.user)
    }

    /// A student imports one file at a time.
    fn unique_key(&self) -> Option<String> {
        Some(self.user.to_string())
    }

    /// What was stored stays; the file goes.
    async fn abandon(&self, conn: &mut PgConnection, job: JobId, _: &TerminalEvent) -> sqlx::Result<()> {
        enqueue(conn, &self.removal(job)).await?;
        Ok(())
    }
}
