//! Folders of conversations: list, create, rename, delete.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use domain::{
    chat::folders::{self, Folder, NAME_ONCE},
    ids::FolderId,
};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    App,
    auth::fields,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Valid},
    page::Page,
};

const NO_FOLDER: ApiError = ApiError::NotFound("folder");

/// A folder.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FolderView {
    id: FolderId,
    name: String,
    created_at: DateTime<Utc>,
}

impl From<Folder> for FolderView {
    fn from(Folder { id, name, created_at }: Folder) -> Self {
        Self { id, name, created_at }
    }
}

/// What a folder is called.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FolderName {
    /// Its name, which no other folder has.
    #[garde(length(chars, min = 1, max = 60), custom(fields::plain))]
    name: String,
}

impl FolderName {
    fn trimmed(&self) -> ApiResult<&str> {
        let name = self.name.trim();
        if name.is_empty() { Err(ApiError::field("name", "must not be blank")) } else { Ok(name) }
    }
}

/// A name that another folder has.
fn taken(error: sqlx::Error) -> ApiError {
    match error.as_database_error().and_then(|error| error.constraint()) {
        Some(NAME_ONCE) => ApiError::field("name", "is the name of another folder"),
        _ => error.into(),
    }
}

/// Lists all folders, by name.
#[utoipa::path(get, path = "/api/chat/folders", tag = "chat", responses((status = OK, body = Page<FolderView>)))]
pub(super) async fn list(State(app): State<App>, student: SignedInUser) -> ApiResult<Json<Page<FolderView>>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let folders = folders::list(&mut tx).await?;
    tx.commit().await?;
    Ok(Json(Page::whole(folders.into_iter().map(Into::into).collect())))
}

/// Makes a folder. There may be a hundred.
#[utoipa::path(post, path = "/api/chat/folders", tag = "chat", request_body = FolderName,
    responses((status = CREATED, body = FolderView), (status = CONFLICT, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn create(
    State(app): State<App>,
    student: SignedInUser,
    Valid(body): Valid<FolderName>,
) -> ApiResult<(StatusCode, Json<FolderView>)> {
    let name = body.trimmed()?;
    let mut tx = app.db.begin_as(student.id).await?;
    let folder = folders::insert(&mut tx, student.id, name).await.map_err(taken)?;
    let folder = folder.ok_or(ApiError::Conflict("You have 100 folders, which is the most there may be."))?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(folder.into())))
}

/// Renames a folder.
#[utoipa::path(patch, path = "/api/chat/folders/{id}", tag = "chat", params(("id" = FolderId, Path)),
    request_body = FolderName,
    responses((status = OK, body = FolderView), (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn rename(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<FolderId>,
    Valid(body): Valid<FolderName>,
) -> ApiResult<Json<FolderView>> {
    let name = body.trimmed()?;
    let mut tx = app.db.begin_as(student.id).await?;
    let folder = folders::rename(&mut tx, id, name).await.map_err(taken)?.ok_or(NO_FOLDER)?;
    tx.commit().await?;
    Ok(Json(folder.into()))
}

/// Deletes a folder. The conversations in it stay, in none.
#[utoipa::path(delete, path = "/api/chat/folders/{id}", tag = "chat", params(("id" = FolderId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<FolderId>,
) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin_as(student.id).await?;
    if !folders::delete(&mut tx, id).await? {
        return Err(NO_FOLDER);
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
