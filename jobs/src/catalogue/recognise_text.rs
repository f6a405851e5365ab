//! Recognises the text of pages that have none (OCR), because the student asked for it.

use std::time::Duration;

use domain::{
    documents::store,
    ids::{DocumentId, JobId, UserId},
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{Job, Queue, bus::TerminalEvent};

/// Takes its time, behind all that is only to be read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecogniseText {
    /// Whose it is.
    pub user: UserId,
    /// Which.
    pub document: DocumentId,
}

impl Job for RecogniseText {
    const NAME: &'static str = "recognise_text";
    const QUEUE: Queue = Queue::Ingest;
    const TIMEOUT: Duration = Duration::from_hours(6);
    const PRIORITY: i16 = 10;

    fn tenant(&self) -> Option<UserId> {
        Some(self.user)
    }

    fn unique_key(&self) -> Option<String> {
        Some(self.document.to_string())
    }

    /// All is as it was before it was asked for, and can be asked for again.
    async fn abandon(&self, conn: &mut PgConnection, job: JobId, _: &TerminalEvent) -> sqlx::Result<()> {
        store::end_recognition(conn, self.document, job).await?;
        Ok(())
    }
}
