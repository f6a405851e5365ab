//! What each job does, one file each: load, think, settle. A handler holds no connection while it
//! thinks.

use jobs::{
    Job,
    catalogue::{
        AnswerMessage, IngestDocument, ProbeKey, RecogniseText, ReembedLibrary, RemoveFiles, RunCommand,
        SearchDocuments, Sweep,
    },
    queue::{Outcome, Running},
};

use crate::Context;

mod answer;
mod ingest_document;
mod probe_key;
mod reembed_library;
mod remove_files;
mod search_documents;
mod sweep;

/// Runs a job by its name.
pub(crate) async fn run(context: Context, running: Running) -> Outcome {
    match running.job.name.as_str() {
        AnswerMessage::NAME => within::<AnswerMessage>(answer::answer(&context, &running)).await,
        // The payload is the same: what differs is the queue, and the feature of the message.
        RunCommand::NAME => within::<RunCommand>(answer::answer(&context, &running)).await,
        IngestDocument::NAME => within::<IngestDocument>(ingest_document::ingest(&context, &running)).await,
        RecogniseText::NAME => within::<RecogniseText>(ingest_document::recognise(&context, &running)).await,
        ReembedLibrary::NAME => within::<ReembedLibrary>(reembed_library::reembed(&context, &running)).await,
        SearchDocuments::NAME => {
            within::<SearchDocuments>(search_documents::search(&context, &running)).await
        }
        RemoveFiles::NAME => within::<RemoveFiles>(remove_files::remove(&context, &running)).await,
        ProbeKey::NAME => within::<ProbeKey>(probe_key::probe(&context, &running)).await,
        Sweep::NAME => within::<Sweep>(Box::pin(sweep::sweep(&context))).await,
        _ => context.extra.run(&running).await,
    }
}

/// Bounds a job by its own policy.
async fn within<J: Job>(work: impl Future<Output = Outcome>) -> Outcome {
    let outcome = tokio::time::timeout(J::TIMEOUT, work).await;
    outcome.unwrap_or_else(|_elapsed| Outcome::Discard(format!("took longer than {:?}", J::TIMEOUT)))
}
