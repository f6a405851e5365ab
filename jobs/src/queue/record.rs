//! Reading jobs.

use chrono::{DateTime, Utc};
use domain::ids::JobId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;

use crate::bus::{EventKind, Number, TerminalEvent};

/// A start of a job that did not end it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Attempt {
    /// Which start.
    pub epoch: i64,
    /// Who ran it.
    pub worker: Option<String>,
    /// When it began.
    pub began_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub ended_at: DateTime<Utc>,
    /// How.
    pub outcome: AttemptOutcome,
    /// Why, in words for operators.
    pub error: Option<String>,
}

/// How a start came out that did not end its job. They are written by `settle.rs` and `rescue.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttemptOutcome {
    /// It failed, and is tried again.
    Failed,
    /// The job put itself off.
    Snoozed,
    /// Its worker was stopped, and gave it back.
    HandedBack,
    /// Its worker died.
    Lost,
}

/// Where a job is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "job_state", rename_all = "snake_case")]
pub enum JobState {
    /// Waits for its time.
    Scheduled,
    /// Waits for a worker.
    Ready,
    /// A worker has it.
    Running,
    /// It came to its end.
    Done,
    /// Somebody cancelled it.
    Cancelled,
    /// It could not succeed.
    Discarded,
}

impl JobState {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Discarded => "discarded",
        }
    }

    /// Whether it has come to an end.
    pub const fn is_finished(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Discarded)
    }
}

/// A job as its owner sees it.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its id.
    pub id: JobId,
    /// What it does.
    pub name: String,
    /// Where it waits or waited.
    pub queue: String,
    /// Where it is in its life.
    pub state: JobState,
    /// Starts that count.
    pub attempt: i16,
    /// Starts that ever were.
    pub epoch: i64,
    /// Ids of what it works on.
    pub payload: Value,
    /// How far it is.
    pub progress: Option<Value>,
    /// How it ended.
    pub ending: Option<Value>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it was started first.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Not before this time.
    pub run_at: DateTime<Utc>,
}

impl Record {
    /// The terminal event; `None` while there is none. A job that ended without anything to tell
    /// ends with a plain `done`.
    pub fn ending(&self) -> Option<TerminalEvent> {
        if !self.state.is_finished() {
            return None;
        }
        let stored = self.ending.clone().and_then(|ending| serde_json::from_value(ending).ok());
        Some(stored.unwrap_or_else(|| TerminalEvent {
            number: Number::epoch(self.epoch).end(),
            kind: if self.state == JobState::Cancelled { EventKind::Cancelled } else { EventKind::Done },
            data: Value::Object(serde_json::Map::new()),
        }))
    }
}

/// Finds a job. Within `begin_as` only the user's own.
///
/// # Errors
/// The database's.
pub async fn find(conn: &mut PgConnection, id: JobId) -> sqlx::Result<Option<Record>> {
    sqlx::query_as!(
        Record,
        r#"select id as "id: JobId", name, queue, state as "state: JobState", attempt, epoch, payload, progress, ending,
                  created_at, started_at, finished_at, run_at
           from jobs where id = $1"#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// The most jobs that a position is counted over: beyond that it only says "many".
const FARTHEST: i64 = 1_000;

/// How many jobs are in front of a waiting one, at most a thousand. Outside of a user's transaction:
/// others' jobs are counted, not seen.
///
/// # Errors
/// The database's.
pub async fn position(pool: &sqlx::PgPool, id: JobId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from (
             select 1 from jobs mine join jobs other
               on other.queue = mine.queue and other.state = 'ready'
               and (other.priority, other.vtime, other.id) < (mine.priority, mine.vtime, mine.id)
             where mine.id = $1 and mine.state = 'ready' limit $2) ahead"#,
        id.0,
        FARTHEST,
    )
    .fetch_one(pool)
    .await
}

/// Writes how far a running job is. A worker that was taken for dead changes nothing.
///
/// # Errors
/// The database's.
pub async fn set_progress(
    conn: &mut PgConnection,
    id: JobId,
    epoch: i64,
    progress: &Value,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update jobs set progress = $3 where id = $1 and epoch = $2 and state = 'running'",
        id.0,
        epoch,
        progress,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
