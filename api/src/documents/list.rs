//! Lists and shows documents.

use axum::{Json, extract::State};
use domain::{documents::store, ids::DocumentId};

use super::DocumentView;
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Query},
    page::{Page, PageQuery},
};

pub(super) const NO_DOCUMENT: ApiError = ApiError::NotFound("document");

/// Lists documents, the latest first.
#[utoipa::path(get, path = "/api/documents", tag = "documents", params(PageQuery),
    responses((status = OK, body = Page<DocumentView>)))]
pub(super) async fn list(
    State(app): State<App>,
    student: SignedInUser,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<DocumentView>>> {
    let (limit, before) = (page.limit()?, page.cursor::<DocumentId>()?);
    let mut tx = app.db.begin_as(student.id).await?;
    let rows = store::list(&mut tx, before, limit + 1).await?;
    tx.commit().await?;
    Ok(Json(Page::new(rows, limit, |row| row.id, Into::into)))
}

/// One document, with its status and progress.
#[utoipa::path(get, path = "/api/documents/{id}", tag = "documents", params(("id" = DocumentId, Path)),
    responses((status = OK, body = DocumentView), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn show(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<DocumentId>,
) -> ApiResult<Json<DocumentView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let document = store::find(&mut tx, id).await?.ok_or(NO_DOCUMENT)?;
    tx.commit().await?;
    Ok(Json(document.into()))
}
