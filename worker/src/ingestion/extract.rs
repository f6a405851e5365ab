//! The first step: the text of every page, read by a child process that may die of it.

use std::fs::File;

use domain::documents::{
    PageOutcome, Problem,
    pages::{self, NewPage},
    store,
};
use files::Name;
use futures::TryStreamExt as _;
use ingest::reader::{self, Page, ReadError, Summary};
use tokio::{
    io::{AsyncSeekExt as _, AsyncWriteExt as _},
    sync::mpsc,
};

use super::{Run, Step, Stop, progress};

/// How many pages are stored at a time.
const BATCH: usize = 50;

impl Run<'_> {
    pub(super) async fn extract(&mut self) -> Result<(), Stop> {
        let file = self.fetch().await?;
        let password = self.password().await?;
        let tools = std::sync::Arc::clone(&self.context.tools);
        let (sender, mut pages) = mpsc::channel(2 * BATCH);
        let reading = reader::read(&tools.reader, file, password.as_ref(), &tools.limits, sender);
        let (read, stored) = tokio::join!(reading, self.store_pages(&mut pages));
        // Who could not store stopped the reading, so that is the cause.
        stored?;
        let summary = read.map_err(problem)?;
        self.keep(&summary).await
    }

    /// The file, in a place that has no name: the reader gets it open.
    pub(super) async fn fetch(&self) -> Result<File, Stop> {
        let reading = self.context.files.read(Name::Document(self.document), None).await?;
        let mut reading = reading.ok_or(Stop::Gone)?;
        let file = tempfile::tempfile().map_err(anyhow::Error::from)?;
        let mut file = tokio::fs::File::from_std(file);
        let copied = async {
            while let Some(bytes) = reading.bytes.try_next().await? {
                file.write_all(&bytes).await?;
            }
            file.flush().await?;
            file.rewind().await
        };
        copied.await.map_err(anyhow::Error::from)?;
        Ok(file.into_std().await)
    }

    pub(super) async fn password(&self) -> Result<Option<secrecy::SecretString>, Stop> {
        let mut tx = self.context.db.begin_as(self.user).await?;
        let sealed = store::password(&mut tx, self.document).await?;
        drop(tx);
        let opened = sealed.map(|sealed| self.context.vault.open_text(self.document.0, &sealed)).transpose();
        Ok(opened.map_err(anyhow::Error::from)?)
    }

    async fn store_pages(&mut self, pages: &mut mpsc::Receiver<Page>) -> Result<(), Stop> {
        let mut batch = Vec::with_capacity(BATCH);
        let mut done = 0_i64;
        while pages.recv_many(&mut batch, BATCH).await > 0 {
            let new: Vec<_> = batch.drain(..).map(new_page).collect();
            done += i64::try_from(new.len()).unwrap_or(0);
            // How many there will be is not known before the end.
            let progress = progress(Step::Reading, 30 * done / (done + 50), Some(("pages", done, None)));
            let stored = async {
                let mut tx = self.begin(&progress).await?;
                pages::upsert(&mut tx, self.user, self.document, &new).await?;
                Ok::<_, Stop>(tx)
            };
            match stored.await {
                Ok(tx) => self.commit(tx, progress).await?,
                Err(stop) => {
                    pages.close();
                    return Err(stop);
                }
            }
        }
        Ok(())
    }

    async fn keep(&mut self, summary: &Summary) -> Result<(), Stop> {
        let pages = i64::from(summary.pages);
        let progress = progress(Step::Reading, 30, Some(("pages", pages, Some(pages))));
        let mut tx = self.begin(&progress).await?;
        let title = summary.title.as_deref().map(decent).filter(|title| !title.is_empty());
        let pages = i32::try_from(summary.pages).unwrap_or(i32::MAX);
        store::set_read(&mut tx, self.document, pages, title.as_deref()).await?;
        self.commit(tx, progress).await
    }
}

/// A file's own title as one line.
fn decent(title: &str) -> String {
    let line = title.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|c| !c.is_control()).take(200).collect()
}

pub(super) fn new_page(page: Page) -> NewPage {
    NewPage {
        page: i32::try_from(page.index).unwrap_or(i32::MAX - 1) + 1,
        label: page.label.map(|label| label.chars().filter(|c| *c != '\0').take(50).collect()),
        outcome: match page.outcome {
            reader::PageOutcome::Read => PageOutcome::Read,
            reader::PageOutcome::NoText => PageOutcome::NoText,
            reader::PageOutcome::Failed(_) => PageOutcome::Failed,
        },
        body: page.text,
        doubtful: page.doubtful,
        recognised: false,
    }
}

pub(super) fn problem(error: ReadError) -> Stop {
    Stop::Problem(match error {
        ReadError::NeedsPassword => Problem::NeedsPassword,
        ReadError::WrongPassword => Problem::WrongPassword,
        ReadError::NotAPdf => Problem::NotAPdf,
        ReadError::Damaged => Problem::Damaged,
        ReadError::TooManyPages { pages, limit } => Problem::TooManyPages { pages, limit },
        ReadError::TookTooLong => Problem::TookTooLong,
        ReadError::OutOfMemory => Problem::TooComplex,
        ReadError::Io(error) => return Stop::Retry(format!("the reader failed: {error}")),
        ReadError::Abandoned => return Stop::Retry("the reading was given up".to_owned()),
    })
}
