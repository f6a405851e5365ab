//! Deletes a document.

use axum::{extract::State, http::StatusCode};
use domain::{documents::store, ids::DocumentId};
use jobs::{
    catalogue::{RemoveFiles, kinds},
    queue::{control, enqueue},
};

use super::list::NO_DOCUMENT;
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiResult, ErrorBody},
    extract::Path,
};

/// Deletes a document with all that was made of it, and its file. A job that works on it is stopped. Answers that
/// cite it keep its title and page.
#[utoipa::path(delete, path = "/api/documents/{id}", tag = "documents", params(("id" = DocumentId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<DocumentId>,
) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin_as(student.id).await?;
    let job = store::delete(&mut tx, id).await?.ok_or(NO_DOCUMENT)?;
    let file = RemoveFiles { user: Some(student.id), documents: vec![id], ..RemoveFiles::default() };
    enqueue(&mut tx, &file).await?;
    tx.commit().await?;
    control::cancel(&app.db, &app.bus, kinds(), job).await?;
    Ok(StatusCode::NO_CONTENT)
}
