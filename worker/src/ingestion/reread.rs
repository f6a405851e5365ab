//! A document that an earlier reader read is read anew, beside what there is of it; in one transaction at the end the new
//! text takes the place of the old one. Nobody is charged, told or kept waiting.

use std::{collections::HashMap, sync::Arc};

use domain::{
    Tx,
    documents::{
        ChunkNumber, Document, PageOutcome, Problem,
        chunks::{self, NewChunk, Unembedded},
        pages::{self, NewPage, StoredPage},
        reread::{self, Reading},
    },
};
use ingest::{embed::Embedder, reader};
use jobs::queue::record;
use serde_json::json;
use tokio::sync::mpsc;

use super::{
    Run, Stop, embed_with,
    extract::{new_page, problem},
    split::cut,
};

/// How many pages wait to be taken.
const WAITING: usize = 100;

/// How many chunks are embedded at a time.
const BATCH: usize = 64;

impl Run<'_> {
    /// All steps.
    pub(crate) async fn read_anew(&self) -> Result<(), Stop> {
        let mut tx = self.context.db.begin_as(self.user).await?;
        reread::begin(&mut tx, self.document).await?;
        tx.commit().await?;
        let document = self.find().await?;
        let pages = self.pages_anew().await?;
        let chunks = self.chunks_of(&pages).await?;
        let vectors = self.vectors_of(&document, &pages, &chunks).await?;
        let mut tx = self.still_ours().await?;
        let reading = Reading { pages: &pages, chunks: &chunks, vectors: &vectors };
        if !reread::replace(&mut tx, self.user, &document, &reading).await? {
            return Err(Stop::Retry("something else works on it".to_owned()));
        }
        tx.commit().await?;
        tracing::info!(document = %self.document, pages = pages.len(), "a document was read anew");
        Ok(())
    }

    /// Every page as it is read now; or as it was, where the reader has nothing to put in its place.
    async fn pages_anew(&self) -> Result<Vec<NewPage>, Stop> {
        let file = self.fetch().await?;
        let password = self.password().await?;
        let tools = Arc::clone(&self.context.tools);
        let (sender, mut receiver) = mpsc::channel(WAITING);
        let reading = reader::read(&tools.reader, file, password.as_ref(), &tools.limits, sender);
        // It owns the receiver, so that the reader is let go where a page cannot be taken.
        let taking = async move {
            let mut pages = Vec::new();
            while let Some(page) = receiver.recv().await {
                let new = new_page(page);
                let mut tx = self.context.db.begin_as(self.user).await?;
                let old = pages::find(&mut tx, self.document, new.page).await?;
                pages.push(better(old, new));
            }
            Ok::<_, Stop>(pages)
        };
        let (read, pages) = tokio::join!(reading, taking);
        let pages = pages?;
        read.map_err(problem)?;
        if pages.iter().all(|page| page.outcome != PageOutcome::Read) {
            return Err(Stop::Problem(Problem::Damaged));
        }
        Ok(pages)
    }

    async fn chunks_of(&self, pages: &[NewPage]) -> Result<Vec<NewChunk>, Stop> {
        let splitter = self.context.tools.splitter().await?;
        let texts: Vec<(i32, String)> = pages
            .iter()
            .filter(|page| page.outcome == PageOutcome::Read)
            .map(|page| (page.page, page.body.clone()))
            .collect();
        let cut = move || cut(&splitter, texts.iter().map(|(page, body)| (*page, body.as_str())));
        Ok(tokio::task::spawn_blocking(cut).await.map_err(anyhow::Error::from)??)
    }

    /// A vector for each chunk, of the model that the document has: what says the same as before keeps its own.
    async fn vectors_of(
        &self,
        document: &Document,
        pages: &[NewPage],
        chunks: &[NewChunk],
    ) -> Result<Vec<(ChunkNumber, Option<Vec<f32>>)>, Stop> {
        let Some(model) = &document.model else { return Ok(Vec::new()) };
        let Some(embedder) = self.context.embedders.named(model) else {
            // The library goes over to another model first.
            return Err(Stop::Retry("its model is not known any more".to_owned()));
        };
        let mut tx = self.context.db.begin_as(self.user).await?;
        let known: HashMap<String, Vec<f32>> =
            chunks::embedded(&mut tx, self.document, model).await?.into_iter().collect();
        drop(tx);
        let mut vectors = Vec::with_capacity(chunks.len());
        let mut new = Vec::new();
        for chunk in chunks {
            let body = text_of(pages, *chunk);
            match known.get(&body) {
                Some(vector) => vectors.push((chunk.number, Some(vector.clone()))),
                None => new.push(Unembedded { number: chunk.number, body, tokens: chunk.tokens }),
            }
        }
        for batch in new.chunks(BATCH) {
            vectors.extend(self.embed_batch(&*embedder, batch).await?);
        }
        Ok(vectors)
    }

    async fn embed_batch(
        &self,
        embedder: &dyn Embedder,
        batch: &[Unembedded],
    ) -> Result<Vec<(ChunkNumber, Option<Vec<f32>>)>, Stop> {
        // Whoever lost the job need not go on paying for it.
        self.still_ours().await?.commit().await?;
        embed_with(embedder, batch, self.context.clock.now()).await
    }

    /// A transaction that only the run that holds the job gets. The job is no student's, so this steps down to the
    /// platform.
    async fn still_ours(&self) -> Result<Tx, Stop> {
        let mut tx = self.context.db.begin_platform().await?;
        let progress = json!({ "document_id": self.document });
        if record::set_progress(&mut tx, self.job.id, self.job.epoch, &progress).await? {
            Ok(tx)
        } else {
            Err(Stop::Superseded)
        }
    }
}

fn text_of(pages: &[NewPage], chunk: NewChunk) -> String {
    let place = |place: i32| usize::try_from(place).unwrap_or(0);
    let page = pages.get(place(chunk.number.page() - 1));
    let body = page.map(|page| page.body.as_str()).unwrap_or_default();
    body.chars().skip(place(chunk.start)).take(place(chunk.end - chunk.start)).collect()
}

/// The new page; where it has no text and the old one has, that one, which is then in doubt.
fn better(old: Option<StoredPage>, new: NewPage) -> NewPage {
    match old {
        Some(old) if old.outcome == PageOutcome::Read && new.outcome != PageOutcome::Read => NewPage {
            page: new.page,
            label: new.label.or(old.label),
            outcome: PageOutcome::Read,
            body: old.body,
            doubtful: true,
            recognised: old.recognised,
        },
        // That it has no text to be recognised is known.
        Some(old) if new.outcome == PageOutcome::NoText => NewPage { recognised: old.recognised, ..new },
        _ => new,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(outcome: PageOutcome, body: &str, recognised: bool) -> StoredPage {
        StoredPage { page: 1, label: None, outcome, body: body.to_owned(), recognised, check_original: true }
    }

    fn new(outcome: PageOutcome, body: &str) -> NewPage {
        let body = body.to_owned();
        NewPage { page: 1, label: Some("iv".to_owned()), outcome, body, doubtful: false, recognised: false }
    }

    #[test]
    fn a_page_is_never_lost_by_reading_it_anew() {
        let old = || Some(stored(PageOutcome::Read, "173.59", false));
        let read = better(old(), new(PageOutcome::Read, "173 59"));
        assert_eq!((&*read.body, read.doubtful), ("173 59", false));
        for outcome in [PageOutcome::NoText, PageOutcome::Failed] {
            let kept = better(old(), new(outcome, ""));
            assert_eq!((&*kept.body, kept.doubtful, kept.outcome), ("173.59", true, PageOutcome::Read));
            assert_eq!(kept.label.as_deref(), Some("iv"));
        }
        let tried = better(Some(stored(PageOutcome::NoText, "", true)), new(PageOutcome::NoText, ""));
        assert!(tried.recognised && tried.outcome == PageOutcome::NoText);
    }
}
