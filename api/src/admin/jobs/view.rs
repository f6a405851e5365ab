//! A job as an admin sees it.

use chrono::{DateTime, Utc};
use domain::ids::{JobId, UserId};
use jobs::{
    queue::{
        browse::{Details, Row},
        record::{Attempt, JobState},
    },
    trace,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::events::Run;
use crate::admin::calls::view::{CallView, ChargeView};

/// A job in a list. Its arguments are ids that lead to what students wrote, so they are not here.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct JobRow {
    id: JobId,
    /// What it does, such as `answer_message`.
    name: String,
    queue: String,
    /// The user it is for.
    user: Option<UserId>,
    state: JobState,
    /// Whether it can be done again: it failed or was cancelled, and was not yet.
    retryable: bool,
    /// Lower goes first.
    priority: i16,
    /// Starts that count.
    attempt: i16,
    max_attempts: i16,
    /// The process that has or had it.
    worker: Option<String>,
    /// Why it failed, for operators.
    error: Option<String>,
    /// How it ended: the type of its last event.
    ended: Option<String>,
    /// The code of the error that its readers were told.
    error_code: Option<String>,
    progress: Option<Value>,
    request_id: Option<String>,
    created_at: DateTime<Utc>,
    run_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    attempted_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    /// The job that does it again.
    retried_as: Option<JobId>,
}

impl From<Row> for JobRow {
    fn from(row: Row) -> Self {
        let told = |pointer: &str| {
            let ending = row.ending.as_ref()?;
            ending.pointer(pointer).and_then(Value::as_str).map(ToOwned::to_owned)
        };
        let ended = told("/kind");
        let failed = matches!(row.state, JobState::Discarded | JobState::Cancelled)
            || (row.state == JobState::Done && ended.as_deref() == Some("error"));
        Self {
            retryable: failed && row.retried_as.is_none(),
            error_code: told("/data/code"),
            ended,
            id: row.id,
            name: row.name,
            queue: row.queue,
            user: row.tenant,
            state: row.state,
            priority: row.priority,
            attempt: row.attempt,
            max_attempts: row.max_attempts,
            worker: row.worker,
            error: row.error,
            progress: row.progress,
            request_id: row.request_id,
            created_at: row.created_at,
            run_at: row.run_at,
            started_at: row.started_at,
            attempted_at: row.attempted_at,
            finished_at: row.finished_at,
            retried_as: row.retried_as,
        }
    }
}

/// A job on its own page.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct JobDetails {
    #[serde(flatten)]
    job: JobRow,
    /// The starts that did not end it, the last 50 of them.
    history: Vec<Attempt>,
    /// What it told its readers, as far as that is remembered: some minutes after its end only the ending is.
    events: Vec<Run>,
    /// The calls of providers that it made, the first first: which key was tried, and how that came out. They show up
    /// within seconds.
    calls: Vec<CallView>,
    /// What it took of its student's day; null where it costs nobody anything.
    charge: Option<ChargeView>,
    /// The trace of the request that caused it, for the collector of traces; null where that was not traced.
    #[schema(example = "0af7651916cd43dd8448eb211c80319c")]
    trace_id: Option<String>,
    /// Ids of what it works on; only where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    arguments: Option<Value>,
}

/// What is shown beside a job.
#[derive(Debug)]
pub(super) struct Beside {
    pub(super) events: Vec<Run>,
    pub(super) calls: Vec<CallView>,
    pub(super) charge: Option<ChargeView>,
}

impl JobDetails {
    /// Of a job, with or without its arguments.
    pub(super) fn new(details: Details, beside: Beside, with_arguments: bool) -> Self {
        let Beside { events, calls, charge } = beside;
        let trace = details.trace_context.as_deref().and_then(trace::id_of);
        Self {
            trace_id: trace.map(ToOwned::to_owned),
            job: details.row.into(),
            history: attempts(details.history),
            events,
            calls,
            charge,
            arguments: with_arguments.then_some(details.payload),
        }
    }
}

/// The starts of a job, without those that a release wrote that is newer than this one.
fn attempts(history: Value) -> Vec<Attempt> {
    let Value::Array(history) = history else { return Vec::new() };
    history.into_iter().filter_map(|attempt| serde_json::from_value(attempt).ok()).collect()
}
