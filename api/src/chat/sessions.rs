//! Conversations: create, list, show, change, throw away and restore, delete.

use axum::{Json, extract::State, http::StatusCode};
use domain::{
    chat::{
        folders,
        sessions::{self, After, Change, FOLDER},
    },
    ids::{FolderId, SessionId},
};
use garde::Validate;
use jobs::{
    catalogue::{EmptyTrash, kinds},
    queue::{Enqueue, control},
};
use serde::{Deserialize, Deserializer};
use utoipa::{IntoParams, ToSchema};

use super::{SessionView, search::LONGEST};
use crate::{
    App,
    auth::fields,
    caller::SignedInUser,
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
    student: SignedInUser,
    Valid(new): Valid<NewSession>,
) -> ApiResult<(StatusCode, Json<SessionView>)> {
    let title = new.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    let mut tx = app.db.begin_as(student.id).await?;
    let session = sessions::insert(&mut tx, student.id, title).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(session.into())))
}

/// Which conversations.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SessionsQuery {
    /// Those that are archived, and no others.
    #[serde(default)]
    archived: bool,
    /// Those in this folder.
    folder: Option<FolderId>,
    /// Those in no folder, and pinned ones wherever they are.
    #[serde(default)]
    loose: bool,
    /// Those whose titles have all of these words, up to 200 characters: wherever they are, archived ones too.
    q: Option<String>,
}

/// Lists conversations, pinned ones first, and then the last used. With `q` the last used are first. Of `q`, `folder`,
/// and `archived` with `loose`, the first that is there counts.
#[utoipa::path(get, path = "/api/chat/sessions", tag = "chat", params(SessionsQuery, PageQuery),
    responses((status = OK, body = Page<SessionView>), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn list(
    State(app): State<App>,
    student: SignedInUser,
    Query(query): Query<SessionsQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<SessionView>>> {
    let (limit, after) = (page.limit()?, page.cursor::<After>()?);
    if after.is_some_and(|(_, at, _)| at.timestamp() < 0) {
        // Made up: the database knows fewer years than a cursor can name.
        return Err(ApiError::field("cursor", "is not one of ours"));
    }
    let words = query.q.as_deref().map(str::trim).filter(|words| !words.is_empty());
    if words.is_some_and(|words| words.chars().count() > LONGEST || words.contains('\0')) {
        return Err(ApiError::field("q", "must be up to 200 characters"));
    }
    let mut tx = app.db.begin_as(student.id).await?;
    let rows = match (words, query.folder) {
        (Some(words), _) => sessions::titled(&mut tx, words, after, limit + 1).await?,
        (None, Some(folder)) => {
            if !folders::exists(&mut tx, folder).await? {
                return Err(ApiError::NotFound("folder"));
            }
            sessions::in_folder(&mut tx, folder, after, limit + 1).await?
        }
        (None, None) => sessions::list(&mut tx, query.archived, query.loose, after, limit + 1).await?,
    };
    tx.commit().await?;
    Ok(Json(Page::new(rows, limit, |row| (row.pinned, row.updated_at, row.id), Into::into)))
}

/// One conversation.
#[utoipa::path(get, path = "/api/chat/sessions/{id}", tag = "chat", params(("id" = SessionId, Path)),
    responses((status = OK, body = SessionView), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn show(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<SessionId>,
) -> ApiResult<Json<SessionView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let session = sessions::find(&mut tx, id).await?.ok_or(NO_SESSION)?;
    tx.commit().await?;
    Ok(Json(session.into()))
}

/// What to change about a conversation; what is left out stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[expect(clippy::option_option, reason = "absent, null and a folder are three things")]
#[serde(deny_unknown_fields)]
pub(crate) struct SessionChange {
    /// The title.
    #[garde(inner(length(chars, min = 1, max = 200), custom(fields::plain)))]
    title: Option<String>,
    /// Whether it stands first in the list.
    #[garde(skip)]
    pinned: Option<bool>,
    /// Whether it is out of the list, to be found in the archive and by searches.
    #[garde(skip)]
    archived: Option<bool>,
    /// The folder that it goes into; null takes it out of one.
    #[garde(skip)]
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<FolderId>)]
    folder_id: Option<Option<FolderId>>,
}

/// A field that is there, be it null.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Renames a conversation, pins it, archives it, or puts it into a folder. When it was last used stays.
#[utoipa::path(patch, path = "/api/chat/sessions/{id}", tag = "chat", params(("id" = SessionId, Path)),
    request_body = SessionChange,
    responses((status = OK, body = SessionView), (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn change(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<SessionId>,
    Valid(body): Valid<SessionChange>,
) -> ApiResult<Json<SessionView>> {
    let title = body.title.as_deref().map(str::trim);
    if title.is_some_and(str::is_empty) {
        return Err(ApiError::field("title", "must not be blank"));
    }
    let change = Change { title, pinned: body.pinned, archived: body.archived, folder: body.folder_id };
    let mut tx = app.db.begin_as(student.id).await?;
    let session = sessions::change(&mut tx, id, &change).await.map_err(no_folder)?.ok_or(NO_SESSION)?;
    tx.commit().await?;
    Ok(Json(session.into()))
}

/// A folder that is not there, or is another's.
fn no_folder(error: sqlx::Error) -> ApiError {
    match error.as_database_error().and_then(|error| error.constraint()) {
        Some(FOLDER) => ApiError::field("folder_id", "names a folder that is not there"),
        _ => error.into(),
    }
}

/// Deletes a conversation with its messages. An answer that is being written is given up.
#[utoipa::path(delete, path = "/api/chat/sessions/{id}", tag = "chat", params(("id" = SessionId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    student: SignedInUser,
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
    student: SignedInUser,
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
    student: SignedInUser,
    Path(id): Path<SessionId>,
) -> ApiResult<Json<SessionView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let session = sessions::restore(&mut tx, id).await?.ok_or(NO_SESSION)?;
    tx.commit().await?;
    Ok(Json(session.into()))
}
