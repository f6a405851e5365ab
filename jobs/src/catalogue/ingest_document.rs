//! Reads a document: text by page, chunks, vectors, and the index of its words.

use std::time::Duration;

use domain::{
    documents::{Problem, store},
    ids::{DocumentId, JobId, UserId},
    quota::{self, store::Settlement},
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{
    Job, Queue,
    bus::{EventKind, TerminalEvent},
};

/// The file is in the store, and its row in the table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IngestDocument {
    /// Whose it is.
    pub user: UserId,
    /// Which.
    pub document: DocumentId,
}

impl Job for IngestDocument {
    const NAME: &'static str = "ingest_document";
    const QUEUE: Queue = Queue::Ingest;
    // 3,000 pages of a provider's embedder that answers slowly.
    const TIMEOUT: Duration = Duration::from_hours(1);

    fn tenant(&self) -> Option<UserId> {
        Some(self.user)
    }

    fn unique_key(&self) -> Option<String> {
        Some(self.document.to_string())
    }

    /// The document failed, and the student is not charged.
    async fn abandon(&self, conn: &mut PgConnection, job: JobId, ending: &TerminalEvent) -> sqlx::Result<()> {
        let problem =
            if ending.kind == EventKind::Cancelled { Problem::Cancelled } else { Problem::Internal };
        store::abandon(conn, self.document, job, &problem.to_json()).await?;
        quota::store::release(conn, job, &Settlement::default()).await?;
        Ok(())
    }

    /// The document is read from the start, and nobody is charged: the platform owed it.
    async fn reopen(&self, conn: &mut PgConnection, old: JobId, new: JobId) -> sqlx::Result<bool> {
        store::reopen(conn, self.document, old, new).await
    }
}
