//! Searches a student's documents. A job, since the api has no model to embed the question with.

use std::time::Duration;

use domain::{
    documents::searches,
    ids::{JobId, SearchId, UserId},
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{Job, Queue, bus::TerminalEvent};

/// What is looked for is in a row, which the job removes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SearchDocuments {
    /// Who.
    pub user: UserId,
    /// For what.
    pub search: SearchId,
}

impl Job for SearchDocuments {
    const NAME: &'static str = "search_documents";
    // Somebody waits, and it is short.
    const QUEUE: Queue = Queue::Chat;
    const PRIORITY: i16 = -1;
    const TIMEOUT: Duration = Duration::from_secs(20);
    const MAX_ATTEMPTS: i16 = 2;

    fn tenant(&self) -> Option<UserId> {
        Some(self.user)
    }

    /// What was looked for is forgotten.
    async fn abandon(&self, conn: &mut PgConnection, _: JobId, _: &TerminalEvent) -> sqlx::Result<()> {
        searches::delete(conn, self.search).await
    }
}
