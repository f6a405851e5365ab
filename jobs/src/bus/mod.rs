//! The bus: how a job tells its readers what it is doing, across processes.
//!
//! Events are numbered `epoch · 2²⁰ + n`, so that those of a rescued job are above a dead worker's
//! and nobody needs a shared counter. A reader drops what is not above the last it saw; a hole in
//! the numbers of one epoch means that the bus lost something, and the reader waits for the
//! `restart` that heals it, or for the end, after which the database has it all.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use domain::ids::JobId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

mod log;
mod memory;
mod number;
mod redis;
mod writer;

pub use log::Tail;
pub use memory::MemoryBus;
pub use number::Number;
pub use redis::RedisBus;
pub use writer::{EventWriter, publish_ending};

/// What an event says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The job waits, at this position.
    Queued,
    /// A worker has begun.
    Started,
    /// The passages that the answer will cite.
    Citations,
    /// More text.
    Delta,
    /// The next item of what a command makes: a card, a question, a node, whole and checked.
    Item,
    /// Discard the text and the items so far: the answer begins anew.
    Restart,
    /// The job waits by itself until `retry_at`: as `reason` says, no key can serve before (`no_key`), or others of the
    /// student's answers may use up the day (`own_answers`).
    Waiting,
    /// How far a long job is.
    Progress,
    /// What the answer costs so far.
    Usage,
    /// The end: all is there.
    Done,
    /// The end: the provider broke off, what there is stands.
    Truncated,
    /// The end: the provider would not answer.
    Blocked,
    /// The end: the student stopped it.
    Cancelled,
    /// The end: there is no answer, and why.
    Error,
}

impl EventKind {
    /// The name in the SSE stream.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Started => "started",
            Self::Citations => "citations",
            Self::Delta => "delta",
            Self::Item => "item",
            Self::Restart => "restart",
            Self::Waiting => "waiting",
            Self::Progress => "progress",
            Self::Usage => "usage",
            Self::Done => "done",
            Self::Truncated => "truncated",
            Self::Blocked => "blocked",
            Self::Cancelled => "cancelled",
            Self::Error => "error",
        }
    }

    /// Whether nothing comes after it.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Done | Self::Truncated | Self::Blocked | Self::Cancelled | Self::Error)
    }

    fn parse(name: &str) -> Option<Self> {
        const ALL: [EventKind; 14] = [
            EventKind::Queued,
            EventKind::Started,
            EventKind::Citations,
            EventKind::Delta,
            EventKind::Item,
            EventKind::Restart,
            EventKind::Waiting,
            EventKind::Progress,
            EventKind::Usage,
            EventKind::Done,
            EventKind::Truncated,
            EventKind::Blocked,
            EventKind::Cancelled,
            EventKind::Error,
        ];
        ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// One event. Cheap to clone: its data is shared among all readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its place among the job's events.
    pub number: Number,
    /// What it says.
    pub kind: EventKind,
    /// The rest, as JSON.
    pub data: Arc<str>,
}

/// How a job ended: the terminal event, stored with the job, so that a late reader gets the same end
/// as an early one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TerminalEvent {
    /// Its number. Those below it, down to the last event before, are never used by others: a reader who missed text or
    /// items gets a `restart` and them with these, made from the database.
    pub number: Number,
    /// One of the terminal kinds.
    pub kind: EventKind,
    /// The rest, as JSON.
    pub data: Value,
}

impl TerminalEvent {
    /// As its readers get it.
    pub fn event(&self) -> Event {
        Event { number: self.number, kind: self.kind, data: self.data.to_string().into() }
    }
}

/// Why the bus could not take an event. Never a reason to fail a job: losing the bus loses only the
/// liveness of an answer.
#[derive(Debug, thiserror::Error)]
#[error("the bus is out of reach")]
pub struct Unreachable(#[source] pub Option<::redis::RedisError>);

/// What became of an event that was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// It follows the one before.
    InOrder,
    /// It was taken, but the bus had forgotten all before it: a reader who joins now lacks them.
    AfterLoss,
    /// A later epoch has spoken already: this worker was taken for dead, and nobody hears it.
    Stale,
}

/// Carries the events of jobs from workers to readers.
#[async_trait]
pub trait Bus: Send + Sync + fmt::Debug {
    /// Keeps an event for those who come later and sends it to those who are there, atomically.
    async fn publish(&self, job: JobId, event: Event) -> Result<Published, Unreachable>;

    /// Follows a job: all that the bus remembers of it, then what comes. Never fails: a reader waits
    /// out an outage.
    async fn follow(&self, job: JobId) -> Tail;

    /// Whether the bus can be reached now.
    async fn ping(&self) -> Result<(), Unreachable>;
}
