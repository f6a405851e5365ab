//! The messages of a conversation.

use axum::{Json, extract::State};
use domain::{
    chat::{messages, sessions},
    documents::citations,
    feedback,
    ids::{MessageId, SessionId},
    images,
};
use study::store::quizzes;

use super::MessageView;
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Query},
    page::{Page, PageQuery},
    study::IN_AN_EXAM,
};

/// Lists the messages of a conversation, all branches, oldest first.
#[utoipa::path(get, path = "/api/chat/sessions/{id}/messages", tag = "chat",
    params(("id" = SessionId, Path), PageQuery),
    responses((status = OK, body = Page<MessageView>), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn list(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<SessionId>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<MessageView>>> {
    let (limit, after) = (page.limit()?, page.cursor::<MessageId>()?);
    let mut tx = app.db.begin_as(student.id).await?;
    sessions::find(&mut tx, id).await?.ok_or(ApiError::NotFound("session"))?;
    let rows = messages::list(&mut tx, id, after, limit + 1).await?;
    let mut page: Page<MessageView> = Page::new(rows, limit, |row| row.id, Into::into);
    let views = page.items_mut();
    citations::resolve(&mut tx, views.iter_mut().flat_map(|view| view.citations.iter_mut())).await?;
    let ids: Vec<MessageId> = views.iter().map(|view| view.id).collect();
    for (message, image) in images::of_messages(&mut tx, &ids).await? {
        if let Some(view) = views.iter_mut().find(|view| view.id == message) {
            view.attachments.push(image.into());
        }
    }
    for said in feedback::of_messages(&mut tx, &ids).await? {
        if let Some(view) = views.iter_mut().find(|view| view.id == said.message) {
            view.vote = said.helpful.map(Into::into);
            view.reported = said.reported;
        }
    }
    let hidden = quizzes::answers_in_running_exams(&mut tx, app.clock.now()).await?;
    for view in views.iter_mut().filter(|view| hidden.contains(&view.id)) {
        IN_AN_EXAM.clone_into(&mut view.content);
        view.items = None;
        view.citations.clear();
    }
    tx.commit().await?;
    Ok(Json(page))
}
