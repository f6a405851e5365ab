//! Delivers an alert through one channel to one recipient.

use std::time::Duration;

use domain::ids::{DeliveryId, JobId};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::deliveries;
use crate::{Job, Queue, bus::TerminalEvent};

/// One delivery. It is tried for about a day, which uses up no attempts: those are for crashes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeliverAlert {
    /// Which one.
    pub delivery: DeliveryId,
}

impl Job for DeliverAlert {
    const NAME: &'static str = "deliver_alert";
    const QUEUE: Queue = Queue::Notify;
    const TIMEOUT: Duration = Duration::from_secs(45);
    const MAX_ATTEMPTS: i16 = 5;

    fn unique_key(&self) -> Option<String> {
        Some(self.delivery.to_string())
    }

    /// It is shown as failed.
    async fn abandon(&self, conn: &mut PgConnection, _: JobId, _: &TerminalEvent) -> sqlx::Result<()> {
        deliveries::give_up(conn, self.delivery, "its job was given up").await
    }

    /// It waits again.
    async fn reopen(&self, conn: &mut PgConnection, _: JobId, _: JobId) -> sqlx::Result<bool> {
        deliveries::reopen(conn, self.delivery).await
    }
}
