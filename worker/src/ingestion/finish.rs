//! The end of a reading: document, ledger and job in one transaction.

use domain::{
    documents::{DocumentStatus, Problem, Readings, pages, store, verdict},
    quota::{self, store::Settlement},
};
use jobs::{
    bus::{EventKind, TerminalEvent},
    queue,
};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{Run, Stop};

/// What is known of a document at its end.
struct ReadingEnd {
    status: DocumentStatus,
    problem: Option<Problem>,
    readings: Readings,
    pages: Option<i32>,
}

impl Run<'_> {
    /// Ends a reading that came to its end.
    pub(super) async fn finish(&mut self, model: Option<&str>) -> Result<(), Stop> {
        let pages = self.find().await?.pages;
        let mut tx = self.context.db.begin_as(self.user).await?;
        let readings = pages::readings(&mut tx, self.document, model).await?;
        drop(tx);
        let all = usize::try_from(pages.unwrap_or(0)).unwrap_or(0);
        let (status, problem) = verdict(all, &readings);
        self.end(&ReadingEnd { status, problem, readings, pages }, model).await
    }

    /// Ends a reading because of the document.
    pub(crate) async fn fail(&mut self, problem: Problem) -> Result<(), Stop> {
        let end = ReadingEnd {
            status: DocumentStatus::Failed,
            problem: Some(problem),
            readings: Readings::default(),
            pages: None,
        };
        self.end(&end, None).await
    }

    /// Ends a recognition that cannot do what was asked, and leaves the document as it was.
    pub(crate) async fn decline(&mut self, problem: &Problem) -> Result<(), Stop> {
        let mut data = problem.to_json();
        if let Some(data) = data.as_object_mut() {
            data.insert("document_id".to_owned(), json!(self.document));
        }
        let ending = self.writer.ending(EventKind::Error, data);
        self.store(&ending, async |tx| {
            store::end_recognition(tx, self.document, self.job.id).await?;
            Ok(())
        })
        .await
    }

    async fn end(&mut self, end: &ReadingEnd, model: Option<&str>) -> Result<(), Stop> {
        let failed = end.status == DocumentStatus::Failed;
        let error = end.problem.as_ref().map(Problem::to_json);
        let ending = self.ending(end, error.as_ref());
        let outcome = store::ReadingResult {
            status: end.status,
            error,
            pages: end.pages,
            failed_pages: &end.readings.failed,
            textless_pages: &end.readings.textless,
            model: model.filter(|_| !failed),
            recognisable: !end.readings.textless.is_empty(),
        };
        self.store(&ending, async |tx| {
            if !store::finish(tx, self.document, self.job.id, &outcome).await? {
                return Err(Stop::Gone);
            }
            // A document that nothing is to be had from is not counted.
            let settlement = Settlement { exact: true, ..Settlement::default() };
            if failed {
                quota::store::release(tx, self.job.id, &settlement).await?;
            } else {
                quota::store::settle(tx, self.job.id, &settlement).await?;
            }
            Ok(())
        })
        .await
    }

    /// Ends the job with what is written.
    async fn store(
        &self,
        ending: &TerminalEvent,
        write: impl AsyncFnOnce(&mut PgConnection) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let tx = self.context.db.begin_as(self.user).await?;
        let ours = queue::finish(tx, &self.context.bus, self.job, ending, write).await?;
        if ours { Ok(()) } else { Err(Stop::Superseded) }
    }

    fn ending(&self, end: &ReadingEnd, error: Option<&Value>) -> TerminalEvent {
        if end.status == DocumentStatus::Failed {
            let mut data = error.cloned().unwrap_or_else(|| json!({}));
            if let Some(data) = data.as_object_mut() {
                data.insert("document_id".to_owned(), json!(self.document));
            }
            return self.writer.ending(EventKind::Error, data);
        }
        let data = json!({
            "document_id": self.document,
            "status": end.status,
            "pages": end.pages,
            "failed_pages": end.readings.failed,
            "textless_pages": end.readings.textless,
            "error": error,
        });
        self.writer.ending(EventKind::Done, data)
    }
}
