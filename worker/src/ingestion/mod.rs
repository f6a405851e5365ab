//! The reading of a document, step by step: extract, split, embed, index. Each step leaves rows that it would make
//! again, so a run that follows a dead one does what is left.

use std::{path::PathBuf, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{
    Tx,
    documents::{Document, Problem, store},
    ids::{DocumentId, UserId},
};
use ingest::{assets::Assets, chunks::Splitter, reader::ReaderLimits};
use jobs::{
    bus::{EventKind, EventWriter},
    queue::{Claimed, record},
};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::Context;

mod embed;
mod extract;
mod finish;
pub(crate) mod ocr;
mod reread;
mod split;

pub(crate) use embed::embed_with;

/// What reading needs of this machine.
#[derive(Debug)]
pub(crate) struct Tools {
    /// The program that is started again as the reader.
    pub(crate) reader: PathBuf,
    /// What a reader may use up.
    pub(crate) limits: ReaderLimits,
    assets: Arc<Assets>,
    splitter: OnceCell<Arc<Splitter>>,
}

impl Tools {
    pub(crate) const fn new(reader: PathBuf, limits: ReaderLimits, assets: Arc<Assets>) -> Self {
        Self { reader, limits, assets, splitter: OnceCell::const_new() }
    }

    /// The splitter, made at its first use.
    pub(crate) async fn splitter(&self) -> anyhow::Result<Arc<Splitter>> {
        let made = self.splitter.get_or_try_init(async || {
            let tokenizer = self.assets.files().await?.tokenizer.clone();
            tokio::task::spawn_blocking(move || Splitter::new(&tokenizer).map(Arc::new)).await?
        });
        made.await.cloned()
    }
}

/// Why a run goes no further.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The document is at fault.
    Problem(Problem),
    /// It was deleted, or handed to another job.
    Gone,
    /// Another worker has the job.
    Superseded,
    /// Nobody can embed before this time.
    Wait(DateTime<Utc>),
    /// It may work later.
    Retry(String),
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        // The row that others belong to went away meanwhile: its key is missing, or the policy does not see it.
        let gone = error.as_database_error().is_some_and(|error| {
            error.is_foreign_key_violation() || error.code().is_some_and(|code| code == "42501")
        });
        if gone { Self::Gone } else { Self::Retry(format!("the database failed: {error}")) }
    }
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Retry(format!("{error:#}"))
    }
}

/// One run of a job that works on a document.
pub(crate) struct Run<'a> {
    pub(crate) context: &'a Context,
    pub(crate) job: &'a Claimed,
    pub(crate) user: UserId,
    pub(crate) document: DocumentId,
    pub(crate) writer: EventWriter,
}

/// A step, as its reader is told.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    Reading,
    Recognising,
    Splitting,
    Embedding,
    Indexing,
}

impl Step {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Recognising => "recognising",
            Self::Splitting => "splitting",
            Self::Embedding => "embedding",
            Self::Indexing => "indexing",
        }
    }
}

impl Run<'_> {
    /// All steps.
    pub(crate) async fn ingest(&mut self) -> Result<(), Stop> {
        let document = self.find().await?;
        if document.pages.is_none() {
            self.extract().await?;
        }
        self.make_searchable().await
    }

    /// The steps after the text is there.
    pub(crate) async fn make_searchable(&mut self) -> Result<(), Stop> {
        self.split().await?;
        let embedder = self.context.embedders.current();
        self.embed(&*embedder).await?;
        self.index().await?;
        self.finish(Some(embedder.model())).await
    }

    pub(crate) async fn find(&self) -> Result<Document, Stop> {
        let mut tx = self.context.db.begin_as(self.user).await?;
        store::find(&mut tx, self.document).await?.ok_or(Stop::Gone)
    }

    /// A transaction that only the run that holds the job gets, in which the progress is written, too.
    pub(crate) async fn begin(&self, progress: &Value) -> Result<Tx, Stop> {
        let mut tx = self.context.db.begin_as(self.user).await?;
        if !record::set_progress(&mut tx, self.job.id, self.job.epoch, progress).await? {
            return Err(Stop::Superseded);
        }
        if !store::set_progress(&mut tx, self.document, self.job.id, progress).await? {
            return Err(Stop::Gone);
        }
        Ok(tx)
    }

    /// Commits, and tells the readers how far it is.
    pub(crate) async fn commit(&mut self, tx: Tx, progress: Value) -> Result<(), Stop> {
        tx.commit().await?;
        self.writer.send(EventKind::Progress, progress).await;
        Ok(())
    }

    async fn index(&mut self) -> Result<(), Stop> {
        let progress = progress(Step::Indexing, 97, None);
        let mut tx = self.begin(&progress).await?;
        domain::documents::words::index(&mut tx, self.user, self.document).await?;
        self.commit(tx, progress).await
    }
}

/// How far it is: a step, percent of all, and where it is among pages or chunks.
pub(crate) fn progress(step: Step, percent: i64, at: Option<(&str, i64, Option<i64>)>) -> Value {
    let mut progress = json!({ "step": step.as_str(), "percent": percent.clamp(0, 100) });
    if let (Some((what, done, of)), Some(progress)) = (at, progress.as_object_mut()) {
        progress.insert(format!("{what}_done"), json!(done));
        if let Some(of) = of {
            progress.insert(what.to_owned(), json!(of));
        }
    }
    progress
}
