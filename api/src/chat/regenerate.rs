//! Asks for another answer to a question.

use axum::{extract::State, http::HeaderMap, response::Response};
use domain::{
    chat::{Message, MessageRole, messages, sessions},
    ids::{JobId, MessageId},
};

use super::accept::{self, Accepted, Asked, Queued};
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Path,
    gate,
};

const NO_MESSAGE: ApiError = ApiError::NotFound("message");

/// Queues another answer to the same question: a new branch under it. The id may be the answer's or
/// the question's.
#[utoipa::path(post, path = "/api/chat/messages/{id}/regenerate", tag = "chat", params(("id" = MessageId, Path)),
    responses((status = ACCEPTED, body = Accepted),
        (status = OK, content_type = "text/event-stream", description = "the events of the job"),
        (status = NOT_FOUND, body = ErrorBody), (status = CONFLICT, body = ErrorBody),
        (status = TOO_MANY_REQUESTS, body = ErrorBody)))]
pub(super) async fn regenerate(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<MessageId>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let reader = accept::reader(&app, &student, &headers)?;
    let mut tx = app.db.begin_as(student.id).await?;
    let message = messages::find(&mut tx, id).await?.ok_or(NO_MESSAGE)?;
    let question = question_of(&mut tx, message).await?;
    let pass = gate::pass(&app, &student, question.feature)?;
    let place = sessions::enter(&mut tx, question.session, &question.content).await?.ok_or(NO_MESSAGE)?;
    let job = JobId::generate();
    let answer = messages::insert_answer(&mut tx, student.id, &question, job).await;
    let answer = answer.map_err(accept::conflict_if_pending)?;
    let asked = Asked {
        student: &student,
        pass: &pass,
        content: &question.content,
        history_chars: place.history_chars,
        grounded: place.grounded,
        job,
        question: question.id,
        answer,
    };
    let queue = accept::hold_and_enqueue(&app, &mut tx, &asked).await?;
    tx.commit().await?;
    Ok(accept::reply(app, &student, reader, Queued { message: question, answer, job, queue }).await)
}

async fn question_of(tx: &mut domain::Tx, message: Message) -> ApiResult<Message> {
    match (message.role, message.parent_id) {
        (MessageRole::User, _) => Ok(message),
        (MessageRole::Assistant, Some(parent)) => messages::find(tx, parent).await?.ok_or(NO_MESSAGE),
        (MessageRole::Assistant, None) => Err(NO_MESSAGE),
    }
}
