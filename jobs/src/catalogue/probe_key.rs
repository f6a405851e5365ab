//! Tries a provider key with a question in small, as patiently as a question is asked.

use std::time::Duration;

use domain::{
    ids::{JobId, KeyId, UserId},
    keys::store,
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{Job, Queue, bus::TerminalEvent};

/// A pending key becomes active or is deleted; any other gets its health from the result.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProbeKey {
    /// Which key.
    pub key: KeyId,
    /// Whether a pending key that works is kept; one that was only to be tried is deleted.
    pub keep: bool,
    /// The student whose own key it is, if it is not shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<UserId>,
}

impl Job for ProbeKey {
    const NAME: &'static str = "probe_key";
    const QUEUE: Queue = Queue::Probe;
    const TIMEOUT: Duration = Duration::from_mins(15);
    const MAX_ATTEMPTS: i16 = 2;

    fn tenant(&self) -> Option<UserId> {
        self.owner
    }

    fn unique_key(&self) -> Option<String> {
        Some(self.key.to_string())
    }

    /// A key that was never tried is not kept.
    async fn abandon(&self, conn: &mut PgConnection, _: JobId, _: &TerminalEvent) -> sqlx::Result<()> {
        store::delete_pending(conn, self.key).await
    }
}
