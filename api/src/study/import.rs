//! Takes a file of cards, for a job to import.

use axum::{
    Json,
    extract::{Request, State},
    http::StatusCode,
};
use domain::ids::JobId;
use files::Name;
use jobs::{
    catalogue::ImportDeck,
    queue::{Enqueue, record::JobState},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    App,
    caller::SignedInUser,
    chat::accept::JobRef,
    documents::{receive, scan},
    error::{ApiError, ApiResult, ErrorBody},
    server::request_id,
};

/// The most bytes of a file.
const MOST: usize = 100 << 20;

const BUSY: ApiError =
    ApiError::Conflict("Another file of yours is being imported. Please wait for its end.");

/// A form with a file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; it is read as a stream")]
pub(crate) struct ImportForm {
    /// A package of Anki's, or a table in UTF-8.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
}

/// The receipt of a file of cards.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AcceptedImport {
    /// Who imports it.
    job: JobRef,
    /// Where its progress is told.
    events_url: String,
}

/// Takes a package of Anki's (`.apkg`, `.colpkg`) or a table (`.csv`, `.tsv`) of at most 100 MB, told apart by what they
/// hold, and has it imported; what comes of it is told by the job's events. A student imports one file at a time.
#[utoipa::path(post, path = "/api/study/decks/import", tag = "study",
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = ACCEPTED, body = AcceptedImport), (status = BAD_REQUEST, body = ErrorBody),
        (status = CONFLICT, body = ErrorBody), (status = PAYLOAD_TOO_LARGE, body = ErrorBody),
        (status = UNSUPPORTED_MEDIA_TYPE, body = ErrorBody), (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
        (status = TOO_MANY_REQUESTS, body = ErrorBody)))]
pub(super) async fn import(
    State(app): State<App>,
    student: SignedInUser,
    request: Request,
) -> ApiResult<(StatusCode, Json<AcceptedImport>)> {
    let _place = match app.uploads.take(student.id) {
        Ok(place) => place,
        Err(refusal) => {
            receive::drain(request).await;
            return Err(refusal);
        }
    };
    let job = JobId::generate();
    let name = Name::Import(job);
    receive::stored(&app, request, name, MOST, require_cards).await?;
    let enqueued = async {
        scan::require_clean(&app, name).await?;
        // A file takes a while, and its student may have been put out meanwhile.
        student.still_stands(&app).await?;
        let mut tx = app.db.begin_as(student.id).await?;
        let import = ImportDeck { user: student.id };
        let enqueue = Enqueue::new(&import).with_id(job).on_behalf_of(request_id().as_deref());
        if enqueue.run(&mut tx).await?.existed {
            return Err(BUSY);
        }
        tx.commit().await?;
        Ok(())
    };
    if let Err(error) = enqueued.await {
        if let Err(error) = app.files.remove(name).await {
            tracing::warn!(error = format!("{error:#}"), "a file that nobody needs could not be removed");
        }
        return Err(error);
    }
    let events_url = format!("/api/jobs/{job}/events");
    Ok((StatusCode::ACCEPTED, Json(AcceptedImport { job: JobRef::new(job, JobState::Ready), events_url })))
}

/// A package is a zip file, and a table is text; what they hold is read in a place where it can do no harm.
fn require_cards(head: &[u8]) -> ApiResult<()> {
    if head.is_empty() {
        return Err(ApiError::field("file", "is empty"));
    }
    if head.starts_with(b"PK") || !head.contains(&0) {
        Ok(())
    } else {
        Err(ApiError::WrongType(
            "multipart/form-data with a package of Anki's or a table in UTF-8 as `file`; this file is neither",
        ))
    }
}
