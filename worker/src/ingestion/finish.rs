//! The end of a reading: document, ledger and job in one transaction.

use domain::{
    documents::{DocumentStatus, PageOutcome, Problem, pages, store},
    quota::{self, store::Settlement},
};
use jobs::{
    bus::{Ending, EventKind, publish_ending},
    queue,
};
use serde_json::{Value, json};

use super::{Run, Stop};

/// What is known of a document at its end.
struct Came {
    status: DocumentStatus,
    problem: Option<Problem>,
    failed: Vec<i32>,
    textless: Vec<i32>,
    pages: Option<i32>,
}

impl Run<'_> {
    /// Ends a reading that came to its end.
    pub(super) async fn finish(&mut self, model: Option<&str>) -> Result<(), Stop> {
        let pages = self.find().await?.pages;
        let mut tx = self.context.db.begin_as(self.user).await?;
        let failed = pages::that_are(&mut tx, self.document, PageOutcome::Failed).await?;
        let textless = pages::that_are(&mut tx, self.document, PageOutcome::NoText).await?;
        drop(tx);
        let all = usize::try_from(pages.unwrap_or(0)).unwrap_or(0);
        let (status, problem) = if failed.is_empty() && textless.len() == all {
            let pages = u32::try_from(all).unwrap_or(u32::MAX);
            (DocumentStatus::Failed, Some(Problem::NoText { pages }))
        } else if failed.is_empty() && textless.is_empty() {
            (DocumentStatus::Ready, None)
        } else if failed.len() + textless.len() == all && textless.is_empty() {
            (DocumentStatus::Failed, Some(Problem::Damaged))
        } else {
            let problem = Problem::PartlyRead { failed: failed.clone(), textless: textless.clone() };
            // With pages that failed and others without text, nothing can be searched before the text is recognised.
            let searchable = failed.len() + textless.len() < all;
            (if searchable { DocumentStatus::PartlyReady } else { DocumentStatus::Failed }, Some(problem))
        };
        self.end(&Came { status, problem, failed, textless, pages }, model).await
    }

    /// Ends a reading because of the document.
    pub(crate) async fn fail(&mut self, problem: Problem) -> Result<(), Stop> {
        let came = Came {
            status: DocumentStatus::Failed,
            problem: Some(problem),
            failed: Vec::new(),
            textless: Vec::new(),
            pages: None,
        };
        self.end(&came, None).await
    }

    /// Ends a job that cannot do what was asked, and leaves the document as it is.
    pub(crate) async fn decline(&mut self, problem: &Problem) -> Result<(), Stop> {
        let mut data = problem.to_json();
        if let Some(data) = data.as_object_mut() {
            data.insert("document_id".to_owned(), json!(self.document));
        }
        let ending = self.writer.ending(EventKind::Error, data);
        let mut tx = self.context.db.begin_as(self.user).await?;
        if !queue::complete(&mut tx, self.job.id, self.job.epoch, &ending).await? {
            return Err(Stop::Superseded);
        }
        tx.commit().await?;
        publish_ending(&self.context.bus, self.job.id, &ending).await;
        Ok(())
    }

    async fn end(&mut self, came: &Came, model: Option<&str>) -> Result<(), Stop> {
        let failed = came.status == DocumentStatus::Failed;
        let error = came.problem.as_ref().map(Problem::to_json);
        let ending = self.ending(came, error.as_ref());
        let mut tx = self.context.db.begin_as(self.user).await?;
        // The job's row first: whoever holds it is the only one to write the rest.
        if !queue::complete(&mut tx, self.job.id, self.job.epoch, &ending).await? {
            return Err(Stop::Superseded);
        }
        let outcome = store::Outcome {
            status: came.status,
            error,
            pages: came.pages,
            failed_pages: &came.failed,
            textless_pages: &came.textless,
            model: model.filter(|_| !failed),
        };
        if !store::finish(&mut tx, self.document, self.job.id, &outcome).await? {
            return Err(Stop::Gone);
        }
        // A document that nothing is to be had from is not counted.
        let settlement = Settlement { exact: true, ..Settlement::default() };
        if failed {
            quota::store::release(&mut tx, self.job.id, &settlement).await?;
        } else {
            quota::store::settle(&mut tx, self.job.id, &settlement).await?;
        }
        tx.commit().await?;
        publish_ending(&self.context.bus, self.job.id, &ending).await;
        Ok(())
    }

    fn ending(&self, came: &Came, error: Option<&Value>) -> Ending {
        if came.status == DocumentStatus::Failed {
            let mut data = error.cloned().unwrap_or_else(|| json!({}));
            if let Some(data) = data.as_object_mut() {
                data.insert("document_id".to_owned(), json!(self.document));
            }
            return self.writer.ending(EventKind::Error, data);
        }
        let data = json!({
            "document_id": self.document,
            "status": came.status,
            "pages": came.pages,
            "failed_pages": came.failed,
            "textless_pages": came.textless,
            "error": error,
        });
        self.writer.ending(EventKind::Done, data)
    }
}
