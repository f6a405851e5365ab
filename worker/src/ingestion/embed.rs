//! The third step: chunks get vectors.

use chrono::{DateTime, Utc};
use domain::{
    documents::{
        ChunkNumber,
        chunks::{self, Unembedded},
    },
    ids::DocumentId,
};
use ingest::embed::{Embedder, Purpose};

use super::{Run, Step, Stop, progress};
use crate::embedders::serves_again;

/// How many chunks are embedded between two commits.
const BATCH: i64 = 64;

impl Run<'_> {
    /// Embeds what has no vector of this model yet.
    pub(super) async fn embed(&mut self, embedder: &dyn Embedder) -> Result<(), Stop> {
        loop {
            let batch = self.waiting(self.document, embedder.model()).await?;
            if batch.is_empty() {
                return Ok(());
            }
            let vectors = embed_with(embedder, &batch, self.context.clock.now()).await?;
            let mut tx = self.context.db.begin_as(self.user).await?;
            let (all, done) = chunks::count(&mut tx, self.document, embedder.model()).await?;
            drop(tx);
            let done = (done + i64::try_from(vectors.len()).unwrap_or(0)).min(all);
            let percent = 35 + 60 * done / all.max(1);
            let progress = progress(Step::Embedding, percent, Some(("chunks", done, Some(all))));
            let mut tx = self.begin(&progress).await?;
            chunks::insert_vectors(&mut tx, self.user, self.document, embedder.model(), &vectors).await?;
            self.commit(tx, progress).await?;
        }
    }

    async fn waiting(&self, document: DocumentId, model: &str) -> Result<Vec<Unembedded>, Stop> {
        let mut tx = self.context.db.begin_as(self.user).await?;
        Ok(chunks::without_vector(&mut tx, document, model, BATCH).await?)
    }
}

/// The vectors of some chunks; none for one that cannot be embedded.
pub(crate) async fn embed_with(
    embedder: &dyn Embedder,
    batch: &[Unembedded],
    now: DateTime<Utc>,
) -> Result<Vec<(ChunkNumber, Option<Vec<f32>>)>, Stop> {
    let texts: Vec<String> = batch.iter().map(|chunk| chunk.body.clone()).collect();
    let vectors =
        embedder.embed(&texts, Purpose::Passage).await.map_err(|error| match serves_again(&error, now) {
            Some(until) => Stop::Wait(until),
            None => Stop::Retry(format!("the chunks could not be embedded: {error:#}")),
        })?;
    let vectors = vectors.into_iter().map(|vector| vector.map(Vec::from));
    Ok(batch.iter().map(|chunk| chunk.number).zip(vectors).collect())
}
