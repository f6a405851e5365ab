//! The text of a page.

use axum::{Json, extract::State};
use domain::{
    documents::{PageOutcome, pages},
    ids::DocumentId,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Path,
};

/// A page as it was read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageView {
    /// Its number, from 1.
    page: i32,
    /// As it is printed, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    outcome: PageOutcome,
    /// Whether its numbers, units or signs may not be as they are in the original, which is to be checked.
    check_original: bool,
    /// Whether its text was recognised in an image.
    recognised: bool,
    text: String,
}

/// The text of a page, in which a citation's `start` and `end` count characters.
#[utoipa::path(get, path = "/api/documents/{id}/pages/{n}", tag = "documents",
    params(("id" = DocumentId, Path), ("n" = i32, Path, description = "from 1")),
    responses((status = OK, body = PageView), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn page(
    State(app): State<App>,
    student: SignedInUser,
    Path((id, n)): Path<(DocumentId, i32)>,
) -> ApiResult<Json<PageView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let page = pages::find(&mut tx, id, n).await?.ok_or(ApiError::NotFound("page"))?;
    tx.commit().await?;
    let pages::StoredPage { page, label, outcome, body, recognised, check_original } = page;
    Ok(Json(PageView { page, label, outcome, check_original, recognised, text: body }))
}
