//! Jobs: what the platform does in the background, the queue that remembers it, and the bus that
//! tells how it goes.
//!
//! One job is one file in [`catalogue`]: its payload and its policy. What a job does is written in
//! the worker, so that whoever only enqueues compiles no provider client.
//!
//! **Invariant:** a job may start more than once, so every write of a job is guarded by its `epoch`,
//! and every result is stored in the transaction that ends the job.

use std::time::Duration;

use bus::TerminalEvent;
use domain::ids::{JobId, UserId};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::PgConnection;

pub mod admin_events;
pub mod answers;
pub mod bus;
pub mod catalogue;
pub mod listener;
pub mod platform_status;
pub mod processes;
pub mod queue;
pub mod schedule;
pub mod search;
pub mod trace;

/// Where a job waits. Each queue has its own concurrency, so that ingestion never starves chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Queue {
    /// Questions.
    Chat,
    /// Slash commands.
    Command,
    /// Questions and commands of students whose own keys may serve them: as slow as these, so they hold no slot of
    /// the others.
    OwnKey,
    /// Documents.
    Ingest,
    /// Tests of provider keys.
    Probe,
    /// E-mails and webhooks.
    Notify,
    /// What nobody asked for: sweeping, rolling up, removing. Stored as `maintenance`, its earlier name.
    Housekeeping,
}

impl Queue {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Chat,
        Self::Command,
        Self::OwnKey,
        Self::Ingest,
        Self::Probe,
        Self::Notify,
        Self::Housekeeping,
    ];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Command => "command",
            Self::OwnKey => "own_key",
            Self::Ingest => "ingest",
            Self::Probe => "probe",
            Self::Notify => "notify",
            Self::Housekeeping => "maintenance",
        }
    }

    /// The queue that is called so: by its stored name, or as what it is.
    pub fn parse(name: &str) -> Option<Self> {
        let is_called = |queue: &Self| queue.as_str() == name || queue.alias() == Some(name);
        Self::ALL.into_iter().find(is_called)
    }

    const fn alias(self) -> Option<&'static str> {
        match self {
            Self::Housekeeping => Some("housekeeping"),
            _ => None,
        }
    }

    /// Whether slots are few and jobs so long that a student has one of them while another waits who has none.
    pub const fn is_shared_by_turns(self) -> bool {
        matches!(self, Self::Ingest)
    }

    /// How many jobs of the queue a worker process runs at once, unless told otherwise. A waiting
    /// call costs memory and no connection, so calls of providers get many slots.
    pub const fn default_concurrency(self) -> usize {
        match self {
            Self::Chat => 256,
            Self::Command | Self::OwnKey | Self::Probe => 64,
            Self::Ingest => 2,
            Self::Notify => 16,
            Self::Housekeeping => 4,
        }
    }
}

/// A unit of background work: the value is its payload, stored as JSON. Ids only, never content: the
/// job reads what it needs when it runs, and an admin who looks at a payload sees nothing private.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The stored name. Never change it while jobs of the old name are queued.
    const NAME: &'static str;
    /// The queue it waits in, as a rule.
    const QUEUE: Queue;
    /// How long one attempt may take.
    const TIMEOUT: Duration;
    /// How often it is started, at most, before it is discarded. For crashes: what a handler can
    /// foresee it handles within one attempt.
    const MAX_ATTEMPTS: i16 = 3;
    /// Lower goes first.
    const PRIORITY: i16 = 0;

    /// The queue that this one waits in.
    fn queue(&self) -> Queue {
        Self::QUEUE
    }

    /// The user it is for, whom it shares the queue with others as.
    fn tenant(&self) -> Option<UserId> {
        None
    }

    /// At most one live job exists per name and key.
    fn unique_key(&self) -> Option<String> {
        None
    }

    /// Puts right what `job` leaves behind where it ends without its handler: discarded after its last crash, or
    /// cancelled while it waited. Runs in the transaction that ends it.
    #[expect(unused_variables, reason = "their names are for those who write it")]
    fn abandon(
        &self,
        conn: &mut PgConnection,
        job: JobId,
        ending: &TerminalEvent,
    ) -> impl Future<Output = sqlx::Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// Opens again what the failed job `old` put to an end, so that `new` can do it. False, unless it says otherwise:
    /// it cannot be done again. A unique violation says that something else is under way in its place.
    #[expect(unused_variables, reason = "their names are for those who write it")]
    fn reopen(
        &self,
        conn: &mut PgConnection,
        old: JobId,
        new: JobId,
    ) -> impl Future<Output = sqlx::Result<bool>> + Send {
        std::future::ready(Ok(false))
    }
}
