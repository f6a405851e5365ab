//! Puts a student's documents over to the embedder that is set now.

use chrono::TimeDelta;
use domain::{
    documents::{chunks, store},
    ids::DocumentId,
};
use jobs::{
    catalogue::ReembedLibrary,
    queue::{Outcome, Running, record},
};
use serde_json::json;

use crate::{
    Context,
    ingestion::{Stop, embed_with},
};

/// How many chunks are embedded between two commits.
const BATCH: i64 = 64;

/// When what was read anew meanwhile is embedded.
const AGAIN: TimeDelta = TimeDelta::seconds(1);

/// Embeds everything anew beside the old vectors, and puts the library over when all is there.
pub(in crate::handlers) async fn reembed(
    context: Context,
    running: Running,
    work: ReembedLibrary,
) -> Outcome {
    let done = tokio::select! {
        biased;
        () = running.cancel.cancelled() => return Outcome::Cancelled,
        done = library(&context, &running, &work) => done,
    };
    match done {
        Ok(()) => Outcome::Done,
        Err(Stop::Wait(until)) => Outcome::Snooze(until),
        Err(Stop::Superseded) => Outcome::Ended,
        Err(Stop::Retry(reason)) => Outcome::Retry(reason),
        // A document was deleted in the midst of it.
        Err(Stop::Gone | Stop::Problem(_)) => Outcome::Retry("a document went away".to_owned()),
    }
}

async fn library(context: &Context, running: &Running, work: &ReembedLibrary) -> Result<(), Stop> {
    let embedder = context.embedders.current();
    let mut tx = context.db.begin_as(work.user).await?;
    let documents: Vec<DocumentId> = store::of_other_models(&mut tx, work.user, embedder.model()).await?;
    drop(tx);
    let all = documents.len();
    for (done, document) in documents.into_iter().enumerate() {
        loop {
            let mut tx = context.db.begin_as(work.user).await?;
            let batch = chunks::without_vector(&mut tx, document, embedder.model(), BATCH).await?;
            drop(tx);
            if batch.is_empty() {
                break;
            }
            let vectors = embed_with(&*embedder, &batch, context.clock.now()).await?;
            let mut tx = context.db.begin_as(work.user).await?;
            let progress = json!({ "documents_done": done, "documents": all });
            if !record::set_progress(&mut tx, running.job.id, running.job.epoch, &progress).await? {
                return Err(Stop::Superseded);
            }
            chunks::insert_vectors(&mut tx, work.user, document, embedder.model(), &vectors).await?;
            tx.commit().await?;
        }
    }
    let mut tx = context.db.begin_as(work.user).await?;
    if !record::set_progress(&mut tx, running.job.id, running.job.epoch, &json!({ "documents": all })).await?
    {
        return Err(Stop::Superseded);
    }
    if !store::switch_model(&mut tx, work.user, embedder.model()).await? {
        return Err(Stop::Wait(context.clock.now() + AGAIN));
    }
    tx.commit().await?;
    Ok(())
}
