//! Conversations: create, list, show, rename, throw away and restore, delete.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use domain::{chat::sessions, ids::SessionId};
use garde::Validate;
use jobs::{
    catalogue::{EmptyTrash, kinds},
    queue::{Enqueue, control},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::SessionView;
use crate::{
    App,
    auth::fields,
    caller::Student,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Query, Valid},
    page::{Page, PageQuery},
};

const NO_SESSION: ApiError = ApiError::NotFound("session");

/// A new conversation.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSession {
    /// Its title; without one, the first message makes it.
    #[serde(default)]
    #[garde(inner(length(chars, min = 1, max = 200), custom(fields::plain)))]
    title: Option<String>,
}

/// Begins a conversation.
#[utoipa::path(post, path = "/api/chat/sessions", tag = "chat", request_body = NewSession,
    responses((status = CREATED, body = SessionView), (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn create(
    State(app): State<App>,
    student: Student,
    Valid(new): Valid<NewSession>,
) -> ApiResult<(StatusCode, Json<SessionView>)> {
    let title = new.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    let mut tx = app.db.begin_as(student.id).await?;
    let session = sessions::insert(&mut tx, student.id, title).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(session.into())))
}

/// Lists conversations, the last used first.
#[utoipa::path(get, path = "/api/chat/sessions", tag = "chat", params(PageQuery),
    responses((status = OK, body = Page<SessionView>)))]
pub(super) async fn list(
    State(app): State<App>,
    student: Student,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<SessionView>>> {
    let (limit, before) = (page.limit()?, page.cursor::<(DateTime<Utc>, SessionId)>()?);
    if before.is_some_and(|(at, _)| at.timestamp() < 0) {
        // Made up: the database knows fewer years than a cursor can name.
        return Err(ApiError::field("cursor", "is not one of ours"));
    }
    let mut tx = app.db.begin_as(student.id).await?;
    let rows = sessions::list(&mut tx, before, limit + 1).await?;
    tx.commit().await?;
    Ok(Json(Page::new(rows, limit, |row| (row.updated_at, row.id), Into::into)))
}

/// One conversation.
#[utoipa::path(get, path = "/api/chat/sessions/{id}", tag = "chat", params(("id" = SessionId, Path)),
    responses((status = OK, body = SessionView), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn show(
    State(app): State<App>,
    student: Student,
    Path(id): Path<SessionId>,
) -> ApiResult<Json<SessionView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let session = sessions::find(&mut tx, id).await?.ok_or(NO_SESSION)?;
    tx.commit().await?;
    Ok(Json(session.into()))
}

/// A conversation's new title.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rename {
    /// The title.
    #[garde(length(chars, min = 1, max = 200), custom(fields::plain))]
    title: String,
}

/// Renames a conversation.
#[utoipa::path(patch, path = "/api/chat/sessions/{id}", tag = "chat", params(("id" = SessionId, Path)), request_body = Rename,
    responses((status = OK, body = SessionView), (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn rename(
    State(app): State<App>,
    student: Student,
    Path(id): Path<SessionId>,
    Valid(rename): Valid<Rename>,
) -> ApiResult<Json<SessionView>> {
    let title = rename.title.trim();
    if title.is_empty() {
        return Err(ApiError::field("title", "must not be blank"));
    }
    let mut tx = app.db.begin_as(student.id).await?;
    let session = sessions::rename(&mut tx, id, title).await?.ok_or(NO_SESSION)?;
    tx.commit().await?;
    Ok(Json(session.into()))
}

/// Deletes a conversation with its messages. An answer that is being written is given up.
#[utoipa::path(delete, path = "/api/chat/sessions/{id}", tag = "chat", params(("id" = SessionId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    student: Student,
    Path(id): Path<SessionId>,
) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin_as(student.id).await?;
    let writing = domain::chat::messages::pending_job(&mut tx, id).await?;
    if !sessions::delete(&mut tx, id).await? {
        return Err(NO_SESSION);
    }
    tx.commit().await?;
    if let Some(job) = writing {
        control::cancel(&app.db, &app.bus, kinds(), job).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Throws a conversation away: it is out of sight at once, and is deleted after ten minutes unless it is restored. An
/// answer that is being written is given up.
#[utoipa::path(post, path = "/api/chat/sessions/{id}/trash", tag = "chat", params(("id" = SessionId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn trash(
    State(app): State<App>,
    student: Student,
    Path(id): Path<SessionId>,
) -> ApiResult<StatusCode> {
    let now = app.clock.now();
    let mut tx = app.db.begin_as(student.id).await?;
    let writing = domain::chat::messages::pending_job(&mut tx, id).await?;
    if !sessions::trash(&mut tx, id, now).await? {
        return Err(NO_SESSION);
    }
    let empty = EmptyTrash { user: student.id, session: id };
    Enqueue::new(&empty).at(now + EmptyTrash::AFTER).run(&mut tx).await?;
    tx.commit().await?;
    if let Some(job) = writing {
        control::cancel(&app.db, &app.bus, kinds(), job).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Brings back a conversation that was thrown away.
#[utoipa::path(post, path = "/api/chat/sessions/{id}/restore", tag = "chat", params(("id" = SessionId, Path)),
    responses((status = OK, body = SessionView), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn restore(
    State(app): State<App>,
    student: Student,
    Path(id): Path<SessionId>,
) -> ApiResult<Json<SessionView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let session = sessions::restore(&mut tx, id).await?.ok_or(NO_SESSION)?;
    tx.commit().await?;
    Ok(Json(session.into()))
}
