//! Reads a document.

use std::time::Duration;

use jobs::{
    bus::{EventKind, EventWriter},
    catalogue::{IngestDocument, RecogniseText},
    queue::{Outcome, Running},
};
use serde_json::json;

use crate::{
    Context,
    ingestion::{Run, Stop, ocr},
};

/// How long a document waits for somebody who embeds it.
const WAITS: Duration = Duration::from_hours(24);

/// Reads a document until it can be searched, or until it is known why it cannot.
pub(in crate::handlers) async fn ingest(context: Context, running: Running, work: IngestDocument) -> Outcome {
    let mut run = begin(&context, &running, &work).await;
    let done = tokio::select! {
        biased;
        () = running.cancel.cancelled() => return Outcome::Cancelled,
        done = run.ingest() => done,
    };
    end(&mut run, done).await
}

/// Recognises the text of a document's pages that have none.
pub(in crate::handlers) async fn recognise(
    context: Context,
    running: Running,
    work: RecogniseText,
) -> Outcome {
    let work = IngestDocument { user: work.user, document: work.document };
    let mut run = begin(&context, &running, &work).await;
    if !ocr::is_installed().await {
        let told = run.decline(&Run::ocr_is_missing()).await;
        return end(&mut run, told).await;
    }
    let done = tokio::select! {
        biased;
        () = running.cancel.cancelled() => return Outcome::Cancelled,
        done = run.recognise() => done,
    };
    end(&mut run, done).await
}

async fn begin<'a>(context: &'a Context, running: &'a Running, work: &IngestDocument) -> Run<'a> {
    let job = &running.job;
    let mut writer = EventWriter::new(context.bus.clone(), job.id, job.epoch);
    writer.send(EventKind::Started, json!({ "attempt": job.attempt })).await;
    Run { context, job, user: work.user, document: work.document, writer }
}

/// What a run's end means for its job.
async fn end(run: &mut Run<'_>, done: Result<(), Stop>) -> Outcome {
    let stop = match done {
        Ok(()) => return Outcome::Ended,
        Err(Stop::Problem(problem)) => match run.fail(problem).await {
            Ok(()) => return Outcome::Ended,
            Err(stop) => stop,
        },
        Err(stop) => stop,
    };
    match stop {
        Stop::Gone => Outcome::Cancelled,
        Stop::Wait(_) if run.job.age() > WAITS => Outcome::Retry("nobody embeds".to_owned()),
        Stop::Wait(until) => {
            run.writer.send(EventKind::Waiting, json!({ "retry_at": until })).await;
            Outcome::Snooze(until)
        }
        Stop::Superseded => {
            tracing::warn!("another worker has this job");
            Outcome::Ended
        }
        Stop::Retry(reason) => Outcome::Retry(reason),
        Stop::Problem(problem) => {
            Outcome::Retry(format!("the document's problem could not be stored: {}", problem.code()))
        }
    }
}
