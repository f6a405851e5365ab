//! Searches a student's documents, and tells the places to whoever waits.

use domain::{
    documents::{
        search::{self, Legs, Query},
        searches,
    },
    ids::DocumentId,
};
use jobs::{
    bus::{EventKind, EventWriter},
    catalogue::SearchDocuments,
    queue::{self, Outcome, Running},
    search::{Found, FoundHit},
};
use serde_json::json;
use sqlx::PgConnection;

use crate::{Context, retrieval};

/// Searches, and ends the job in the transaction that forgets what was looked for.
pub(in crate::handlers) async fn search(
    context: Context,
    running: Running,
    work: SearchDocuments,
) -> Outcome {
    let found = match found(&context, &work).await {
        Ok(Some(found)) => found,
        Ok(None) => return Outcome::Cancelled,
        Err(error) => return Outcome::Retry(format!("the search failed: {error}")),
    };
    let job = &running.job;
    let ending =
        EventWriter::new(context.bus.clone(), job.id, job.epoch).ending(EventKind::Done, json!(found));
    let stored = async {
        let tx = context.db.begin_as(work.user).await?;
        let forget = async |tx: &mut PgConnection| searches::delete(tx, work.search).await;
        queue::finish(tx, &context.bus, job, &ending, forget).await
    };
    match stored.await {
        Ok(true) => {}
        Ok(false) => tracing::warn!("a late result was refused"),
        Err(error) => return Outcome::Retry(format!("the result could not be stored: {error}")),
    }
    Outcome::Ended
}

async fn found(context: &Context, work: &SearchDocuments) -> sqlx::Result<Option<Found>> {
    let mut tx = context.db.begin_as(work.user).await?;
    let search = searches::find(&mut tx, work.search).await?;
    drop(tx);
    let Some(search) = search else { return Ok(None) };
    let only: Option<[DocumentId; 1]> = search.document.map(|document| [document]);
    let only = only.as_ref().map(<[_; 1]>::as_slice);
    let embedded = retrieval::embed(context, work.user, &search.query, only).await?.embedded();
    let query = Query {
        user: work.user,
        text: &search.query,
        vector: embedded.as_ref().map(|embedded| (&*embedded.model, embedded.vector.as_slice())),
        only,
        limit: usize::try_from(search.top_k).unwrap_or(1),
    };
    let mut tx = context.db.begin_as(work.user).await?;
    let hits = search::search(&mut tx, &query, Legs::Hybrid).await?;
    drop(tx);
    let hits = hits.iter().map(FoundHit::from).collect();
    Ok(Some(Found { model: embedded.map(|embedded| embedded.model), hits }))
}
