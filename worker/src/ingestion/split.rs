//! The second step: pages become chunks.

use std::sync::Arc;

use domain::documents::{
    ChunkNumber,
    chunks::{self, NewChunk},
    pages,
};
use ingest::chunks::Splitter;

use super::{Run, Step, Stop, progress};

/// How many pages are split at a time.
const BATCH: i64 = 50;

impl Run<'_> {
    pub(super) async fn split(&mut self) -> Result<(), Stop> {
        let splitter = self.context.tools.splitter().await?;
        let all = self.find().await?.pages.map(i64::from);
        let mut after = 0;
        loop {
            let mut tx = self.context.db.begin_as(self.user).await?;
            let pages = pages::next_with_text(&mut tx, self.document, after, BATCH).await?;
            drop(tx);
            let (Some(first), Some(last)) = (pages.first(), pages.last()) else { return Ok(()) };
            let (first, last) = (first.page, last.page);
            let splitter = Arc::clone(&splitter);
            let cut = move || cut(&splitter, pages.iter().map(|page| (page.page, page.body.as_str())));
            let cut = tokio::task::spawn_blocking(cut).await;
            let cut = cut.map_err(anyhow::Error::from)??;
            let done = i64::from(last);
            let percent = 30 + all.map_or(0, |all| 5 * done / all.max(1));
            let progress = progress(Step::Splitting, percent, Some(("pages", done, all)));
            let mut tx = self.begin(&progress).await?;
            chunks::replace(&mut tx, self.user, self.document, first..=last, &cut).await?;
            self.commit(tx, progress).await?;
            after = last;
        }
    }
}

/// The chunks of pages, each a number and a text.
pub(super) fn cut<'a>(
    splitter: &Splitter,
    pages: impl IntoIterator<Item = (i32, &'a str)>,
) -> anyhow::Result<Vec<NewChunk>> {
    let mut all = Vec::new();
    for (page, body) in pages {
        for (place, chunk) in splitter.split(body)?.into_iter().enumerate() {
            // What a page has beyond some thousand chunks is no text that anybody wrote.
            let Some(number) = ChunkNumber::new(page, place) else { break };
            let at = |place| i32::try_from(place).unwrap_or(i32::MAX);
            let tokens = i16::try_from(chunk.tokens).unwrap_or(i16::MAX);
            if chunk.range.start < chunk.range.end {
                all.push(NewChunk { number, start: at(chunk.range.start), end: at(chunk.range.end), tokens });
            }
        }
    }
    Ok(all)
}
