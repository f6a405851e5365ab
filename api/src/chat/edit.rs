//! Sends a question anew, in other words.

use axum::{extract::State, http::HeaderMap, response::Response};
use domain::{
    chat::{
        MessageRole,
        messages::{self, Exchange},
        sessions,
    },
    feature::Feature,
    ids::{JobId, MessageId},
};

use super::{
    accept::{self, Accepted},
    send::NewMessage,
};
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Valid},
    gate,
};

/// Queues an answer to other words: a new branch beside the question that was edited.
#[utoipa::path(post, path = "/api/chat/messages/{id}/edit", tag = "chat", params(("id" = MessageId, Path)),
    request_body = NewMessage,
    responses((status = ACCEPTED, body = Accepted),
        (status = OK, content_type = "text/event-stream", description = "the events of the job"),
        (status = NOT_FOUND, body = ErrorBody), (status = CONFLICT, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody), (status = TOO_MANY_REQUESTS, body = ErrorBody)))]
pub(super) async fn edit(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<MessageId>,
    headers: HeaderMap,
    Valid(body): Valid<NewMessage>,
) -> ApiResult<Response> {
    let feature = accept::feature_of(&body.content)?;
    let pass = gate::pass(&app, &student, feature)?;
    if !body.attachments.is_empty() {
        gate::pass(&app, &student, Feature::Image)?;
    }
    let reader = accept::reader(&app, &student, &headers)?;
    let mut tx = app.db.begin_as(student.id).await?;
    let edited = messages::find(&mut tx, id).await?.ok_or(ApiError::NotFound("message"))?;
    if edited.role != MessageRole::User {
        return Err(ApiError::Conflict("Only your own messages can be edited."));
    }
    let place = sessions::enter(&mut tx, edited.session, &body.content).await?;
    let place = place.ok_or(ApiError::NotFound("message"))?;
    let job = JobId::generate();
    let exchange = Exchange {
        id: MessageId::generate(),
        user: student.id,
        session: edited.session,
        parent: edited.parent_id,
        feature,
        content: &body.content,
        job,
    };
    let asked = accept::ask(&app, &mut tx, &student, &pass, &exchange, &place, &body.attachments).await?;
    tx.commit().await?;
    Ok(accept::reply(app, &student, reader, asked).await)
}
