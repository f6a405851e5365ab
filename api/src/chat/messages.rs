//! The messages of a conversation.

use axum::{Json, extract::State};
use domain::{
    chat::{messages, sessions},
    ids::{MessageId, SessionId},
};

use super::MessageView;
use crate::{
    App,
    caller::Student,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Query},
    page::{Page, PageQuery},
};

/// Lists the messages of a conversation, all branches, oldest first.
#[utoipa::path(get, path = "/api/chat/sessions/{id}/messages", tag = "chat",
    params(("id" = SessionId, Path), PageQuery),
    responses((status = OK, body = Page<MessageView>), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn list(
    State(app): State<App>,
    student: Student,
    Path(id): Path<SessionId>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<MessageView>>> {
    let (limit, after) = (page.limit()?, page.cursor::<MessageId>()?);
    let mut tx = app.db.begin_as(student.id).await?;
    sessions::find(&mut tx, id).await?.ok_or(ApiError::NotFound("session"))?;
    let rows = messages::list(&mut tx, id, after, limit + 1).await?;
    tx.commit().await?;
    Ok(Json(Page::new(rows, limit, |row| row.id, Into::into)))
}
