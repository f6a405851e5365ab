//! Has the text of pages recognised that have none.

use axum::{extract::State, response::Response};
use domain::{
    documents::{Document, DocumentStatus, store},
    ids::{DocumentId, JobId},
};
use jobs::{
    catalogue::RecogniseText,
    queue::{Enqueue, record::JobState},
};

use super::{AcceptedDocument, accepted, list::NO_DOCUMENT};
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Path,
    gate,
    server::request_id,
};

/// Recognises the text of the pages that have none (OCR), after everything else that is to be read.
#[utoipa::path(post, path = "/api/documents/{id}/ocr", tag = "documents", params(("id" = DocumentId, Path)),
    responses((status = ACCEPTED, body = AcceptedDocument), (status = NOT_FOUND, body = ErrorBody),
        (status = CONFLICT, body = ErrorBody)))]
pub(super) async fn ocr(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<DocumentId>,
) -> ApiResult<Response> {
    gate::pass(&app, &student, domain::Feature::Pdf)?;
    let mut tx = app.db.begin_as(student.id).await?;
    let document = store::lock(&mut tx, id).await?.ok_or(NO_DOCUMENT)?;
    if matches!(document.status, DocumentStatus::Uploaded | DocumentStatus::Processing) {
        return Err(ApiError::Conflict("This document is still being read."));
    }
    if document.textless_pages.is_empty() {
        return Err(ApiError::Conflict("This document has no page left whose text could be recognised."));
    }
    let job = JobId::generate();
    let recognise = RecogniseText { user: student.id, document: id };
    let enqueued =
        Enqueue::new(&recognise).with_id(job).on_behalf_of(request_id().as_deref()).run(&mut tx).await?;
    if !enqueued.existed {
        store::begin_recognition(&mut tx, id, job).await?;
    }
    tx.commit().await?;
    let status = if document.is_searchable() { document.status } else { DocumentStatus::Processing };
    let again = Document { job_id: enqueued.id, progress: None, status, ..document };
    Ok(accepted(again, JobState::Ready))
}
