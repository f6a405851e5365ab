//! Takes a document.

use axum::{
    extract::{Request, State},
    response::Response,
};
use domain::{
    Tx,
    documents::{
        Document, DocumentStatus,
        store::{self, NewDocument},
    },
    feature::Feature,
    ids::{DocumentId, JobId},
    platform_status::Pass,
    quota::{self, Payer, store::Hold},
};
use files::Name;
use jobs::{
    Job as _,
    catalogue::IngestDocument,
    queue::{
        Enqueue,
        record::{self, JobState},
    },
};
use utoipa::ToSchema;

use super::{
    AcceptedDocument, accepted,
    receive::{self, Received},
    scan,
};
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    gate,
    places::Place,
    server::request_id,
};

/// A form with a file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; it is read as a stream")]
pub(crate) struct DocumentForm {
    /// The PDF.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
}

/// Takes a PDF, and has it read; progress arrives as the job's events. The same file again is the same document.
#[utoipa::path(post, path = "/api/documents", tag = "documents",
    request_body(content = DocumentForm, content_type = "multipart/form-data"),
    responses((status = ACCEPTED, body = AcceptedDocument), (status = BAD_REQUEST, body = ErrorBody),
        (status = PAYLOAD_TOO_LARGE, body = ErrorBody), (status = UNSUPPORTED_MEDIA_TYPE, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody), (status = TOO_MANY_REQUESTS, body = ErrorBody)))]
pub(super) async fn upload(
    State(app): State<App>,
    student: SignedInUser,
    request: Request,
) -> ApiResult<Response> {
    let (pass, _place) = match may_upload(&app, &student).await {
        Ok(admitted) => admitted,
        Err(refusal) => {
            receive::drain(request).await;
            return Err(refusal);
        }
    };
    let id = DocumentId::generate();
    let name = Name::Document(id);
    let received = receive::pdf(&app, request, name).await?;
    let kept = async {
        scan::require_clean(&app, name).await?;
        // A file takes a while, and its student may have been put out meanwhile.
        student.still_stands(&app).await?;
        keep(&app, &student, &pass, id, &received).await
    };
    match kept.await {
        Ok(Kept::New(document)) => {
            app.notifier.ring(IngestDocument::QUEUE);
            Ok(accepted(document, JobState::Ready))
        }
        Ok(Kept::Earlier(document, state)) => {
            discard(&app, name).await;
            app.notifier.ring(IngestDocument::QUEUE);
            Ok(accepted(document, state))
        }
        Err(error) => {
            discard(&app, name).await;
            Err(error)
        }
    }
}

/// Refuses before the file is read who would be refused after it.
async fn may_upload(app: &App, student: &SignedInUser) -> ApiResult<(Pass, Place)> {
    let place = app.uploads.take(student.id)?;
    let pass = gate::pass(app, student, Feature::Pdf)?;
    let hold = hold_for(app, student, JobId::generate());
    let mut tx = app.db.begin_as(student.id).await?;
    if let Some(exceeded) = quota::store::would_refuse(&mut tx, &hold, &pass).await? {
        return Err(ApiError::Exceeded(exceeded));
    }
    require_few_failures(app, &mut tx, &hold).await?;
    Ok((pass, place))
}

/// Refuses whoever had many uploads fail today: they cost the student nothing, and the platform its time.
async fn require_few_failures(app: &App, tx: &mut Tx, hold: &Hold) -> ApiResult<()> {
    let limit = app.settings.failed_uploads_per_day;
    let failed = quota::store::failures(tx, hold.user, hold.day, Feature::Pdf).await?;
    if hold.payer == Payer::Plan && failed >= limit {
        return Err(ApiError::failed_uploads(limit, app.clock.now(), quota::reset_at(hold.day)));
    }
    Ok(())
}

pub(super) fn hold_for(app: &App, student: &SignedInUser, job: JobId) -> Hold {
    let payer = student.payer();
    Hold { user: student.id, job, payer, items: 1, tokens: 0, at_most: 0, day: app.clock.today() }
}

/// What became of a file.
enum Kept {
    New(Document),
    Earlier(Document, JobState),
}

async fn keep(
    app: &App,
    student: &SignedInUser,
    pass: &Pass,
    id: DocumentId,
    received: &Received,
) -> ApiResult<Kept> {
    let job = JobId::generate();
    let mut tx = app.db.begin_as(student.id).await?;
    let new = NewDocument {
        id,
        user: student.id,
        title: &received.title,
        sha256: &received.sha256,
        bytes: received.bytes,
        job,
    };
    if let Some(document) = store::insert(&mut tx, &new).await? {
        hold_and_enqueue(app, &mut tx, student, pass, id, job).await?;
        tx.commit().await?;
        return Ok(Kept::New(document));
    }
    let earlier = store::find_by_file(&mut tx, student.id, &received.sha256).await?;
    let earlier = earlier.ok_or(ApiError::Conflict("This document is being deleted. Please try again."))?;
    if worth_another_try(&earlier) {
        store::restart(&mut tx, earlier.id, job).await?;
        hold_and_enqueue(app, &mut tx, student, pass, earlier.id, job).await?;
        tx.commit().await?;
        let again = Document { job_id: job, status: DocumentStatus::Uploaded, error: None, ..earlier };
        return Ok(Kept::Earlier(again, JobState::Ready));
    }
    let state = record::find(&mut tx, earlier.job_id).await?.map_or(JobState::Done, |record| record.state);
    tx.commit().await?;
    Ok(Kept::Earlier(earlier, state))
}

/// A file that failed for a reason that may be gone. What is wrong with the file itself stays wrong.
fn worth_another_try(document: &Document) -> bool {
    let code = document.error.as_ref().and_then(|error| error.get("code")?.as_str());
    document.status == DocumentStatus::Failed
        && matches!(code, Some("INTERNAL_ERROR" | "PDF_CANCELLED" | "PDF_TOOK_TOO_LONG") | None)
}

/// Takes the hold and enqueues the reading. After an error the transaction must be rolled back.
pub(super) async fn hold_and_enqueue(
    app: &App,
    tx: &mut Tx,
    student: &SignedInUser,
    pass: &Pass,
    document: DocumentId,
    job: JobId,
) -> ApiResult<()> {
    let hold = hold_for(app, student, job);
    quota::store::hold(tx, &hold, pass).await?.map_err(ApiError::Exceeded)?;
    require_few_failures(app, tx, &hold).await?;
    let ingest = IngestDocument { user: student.id, document };
    let enqueue = Enqueue::new(&ingest).with_id(job).on_behalf_of(request_id().as_deref());
    if enqueue.silently().run(tx).await?.existed {
        return Err(ApiError::Conflict("This document is still being read."));
    }
    Ok(())
}

/// Removes a file that no row names.
async fn discard(app: &App, name: Name) {
    if let Err(error) = app.files.remove(name).await {
        tracing::warn!(error = format!("{error:#}"), "a file that nobody needs could not be removed");
    }
}
