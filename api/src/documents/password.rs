//! Takes the password of a protected document.

use axum::{extract::State, response::Response};
use domain::{
    documents::{Document, DocumentStatus, store},
    ids::{DocumentId, JobId},
};
use garde::Validate;
use jobs::{Job as _, catalogue::IngestDocument, queue::record::JobState};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AcceptedDocument, accepted, list::NO_DOCUMENT, upload};
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Valid},
    gate,
};

/// The password of a PDF.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DocumentPassword {
    /// Kept encrypted until the document has been read with it, or its text recognised; then forgotten.
    #[garde(custom(decent))]
    #[schema(value_type = String)]
    password: SecretString,
}

fn decent<C>(password: &SecretString, _: &C) -> garde::Result {
    let length = password.expose_secret().chars().count();
    if (1..=255).contains(&length) { Ok(()) } else { Err(garde::Error::new("must have 1 to 255 characters")) }
}

/// Reads a protected document anew, with its password.
#[utoipa::path(post, path = "/api/documents/{id}/password", tag = "documents", params(("id" = DocumentId, Path)),
    request_body = DocumentPassword,
    responses((status = ACCEPTED, body = AcceptedDocument), (status = NOT_FOUND, body = ErrorBody),
        (status = CONFLICT, body = ErrorBody), (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
        (status = TOO_MANY_REQUESTS, body = ErrorBody)))]
pub(super) async fn password(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<DocumentId>,
    Valid(body): Valid<DocumentPassword>,
) -> ApiResult<Response> {
    let pass = gate::pass(&app, &student, domain::Feature::Pdf)?;
    let mut tx = app.db.begin_as(student.id).await?;
    let document = store::lock(&mut tx, id).await?.ok_or(NO_DOCUMENT)?;
    if !waits_for_a_password(&document) {
        return Err(ApiError::Conflict("This document does not wait for a password."));
    }
    let sealed = app.vault.seal_text(id.0, body.password.expose_secret());
    let sealed = sealed.map_err(|error| ApiError::Internal(error.into()))?;
    let job = JobId::generate();
    store::restart(&mut tx, id, job).await?;
    store::set_password(&mut tx, id, Some(&sealed)).await?;
    upload::hold_and_enqueue(&app, &mut tx, &student, &pass, id, job).await?;
    tx.commit().await?;
    app.notifier.ring(IngestDocument::QUEUE);
    let again = Document { job_id: job, status: DocumentStatus::Uploaded, error: None, ..document };
    Ok(accepted(again, JobState::Ready))
}

fn waits_for_a_password(document: &Document) -> bool {
    let code = document.error.as_ref().and_then(|error| error.get("code")?.as_str());
    document.status == DocumentStatus::Failed
        && matches!(code, Some("PDF_NEEDS_PASSWORD" | "PDF_WRONG_PASSWORD"))
}
