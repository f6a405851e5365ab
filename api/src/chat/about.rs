//! Says which documents a conversation is about.

use axum::{Json, extract::State};
use domain::{
    chat::sessions,
    documents::store,
    ids::{DocumentId, SessionId},
};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::SessionView;
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Valid},
};

/// What a conversation is about.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SessionDocuments {
    /// Documents that answers may be from; null is all, an empty list is none.
    #[garde(inner(length(max = 100)))]
    documents: Option<Vec<DocumentId>>,
}

/// Picks the documents that a conversation is about. Unless picked, they are all that the student has.
#[utoipa::path(put, path = "/api/chat/sessions/{id}/documents", tag = "chat", params(("id" = SessionId, Path)),
    request_body = SessionDocuments,
    responses((status = OK, body = SessionView), (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn set(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<SessionId>,
    Valid(body): Valid<SessionDocuments>,
) -> ApiResult<Json<SessionView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    sessions::find(&mut tx, id).await?.ok_or(ApiError::NotFound("session"))?;
    if let Some(documents) = &body.documents {
        let existing = store::existing(&mut tx, documents).await?;
        if documents.iter().any(|document| !existing.contains(document)) {
            return Err(ApiError::field("documents", "names a document that is not there"));
        }
    }
    let session = sessions::set_documents(&mut tx, id, body.documents.as_deref()).await?;
    let session = session.ok_or(ApiError::NotFound("session"))?;
    tx.commit().await?;
    Ok(Json(session.into()))
}
