//! The import of a file of cards, step by step: read it in a child, store its images, then its decks, notes, cards and
//! reviews, batch by batch. A run that follows a dead one finds what is there by its guid, and adds the rest.

use chrono::{DateTime, Utc};
use domain::{Tx, ids::UserId};
use jobs::{
    bus::{EventKind, EventWriter},
    catalogue::ImportDeck,
    queue::{self, Claimed, enqueue, record},
};
use serde_json::{Value, json};

use crate::Context;

mod child;
mod counts;
mod parcel;
mod refusal;
mod reviews;
mod store;

pub use child::{SUBCOMMAND, child};
pub(crate) use counts::Counts;
pub(crate) use refusal::ImportRefusal;

/// Why a run goes no further.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The file is at fault, or there is no room for it.
    Refused(ImportRefusal),
    /// Another worker has the job.
    Superseded,
    /// It may work later.
    Retry(String),
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::Retry(format!("the database failed: {error}"))
    }
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Retry(format!("{error:#}"))
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Retry(format!("a file could not be read: {error}"))
    }
}

/// One run of an import.
pub(crate) struct Run<'a> {
    pub(crate) context: &'a Context,
    pub(crate) job: &'a Claimed,
    pub(crate) user: UserId,
    pub(crate) writer: EventWriter,
    percent: u64,
}

impl<'a> Run<'a> {
    pub(crate) const fn new(
        context: &'a Context,
        job: &'a Claimed,
        user: UserId,
        writer: EventWriter,
    ) -> Self {
        Self { context, job, user, writer, percent: 0 }
    }

    /// All steps, and the end.
    pub(crate) async fn import(&mut self) -> Result<(), Stop> {
        let parcel = self.read().await?;
        let counts = self.store(parcel).await?;
        self.end(EventKind::Done, counts.ending()).await
    }

    /// Ends the import because of the file.
    pub(crate) async fn refuse(&mut self, refusal: &ImportRefusal) -> Result<(), Stop> {
        self.end(EventKind::Error, json!({ "code": refusal.code(), "message": refusal.to_string() })).await
    }

    /// Ends the job; its file goes in each case.
    async fn end(&mut self, kind: EventKind, data: Value) -> Result<(), Stop> {
        let ending = self.writer.ending(kind, data);
        let removal = ImportDeck { user: self.user }.removal(self.job.id);
        let tx = self.context.db.begin_as(self.user).await?;
        let ours = queue::finish(tx, &self.context.bus, self.job, &ending, async |tx| {
            enqueue(tx, &removal).await?;
            Ok::<_, Stop>(())
        });
        if ours.await? { Ok(()) } else { Err(Stop::Superseded) }
    }

    fn now(&self) -> DateTime<Utc> {
        self.context.clock.now()
    }

    /// A transaction that only the run that holds the job gets, in which the progress is written, too.
    async fn begin(&self) -> Result<Tx, Stop> {
        let mut tx = self.context.db.begin_as(self.user).await?;
        let progress = json!({ "percent": self.percent });
        if record::set_progress(&mut tx, self.job.id, self.job.epoch, &progress).await? {
            Ok(tx)
        } else {
            Err(Stop::Superseded)
        }
    }

    /// Commits, and tells the readers how far it is.
    async fn commit(&mut self, tx: Tx, percent: u64) -> Result<(), Stop> {
        tx.commit().await?;
        if percent > self.percent {
            self.percent = percent;
            self.writer.send(EventKind::Progress, json!({ "percent": percent })).await;
        }
        Ok(())
    }
}
