//! Sends a message.

use axum::{extract::State, http::HeaderMap, response::Response};
use domain::{
    Tx,
    chat::{
        MessageRole, MessageStatus,
        idempotency::Earlier,
        messages::{self, Exchange},
        sessions,
    },
    feature::Feature,
    ids::{ImageId, JobId, MessageId, SessionId},
    images::MOST_OF_A_MESSAGE,
};
use garde::Validate;
use jobs::queue::record::{self, JobState};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::accept::{self, Accepted};
use crate::{
    App,
    auth::fields,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Valid},
    gate,
    places::Place,
};

/// A message to the tutor.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMessage {
    /// What is asked; a command where it starts with `/`.
    #[garde(length(chars, min = 1, max = 10_000), custom(not_blank), custom(fields::storable))]
    pub(super) content: String,
    /// Images to look at, by their ids from `POST /api/images`.
    #[serde(default)]
    #[garde(length(max = MOST_OF_A_MESSAGE))]
    pub(super) attachments: Vec<ImageId>,
    /// The answer that it follows, where that is not the newest message: a branch goes on from there.
    #[serde(default)]
    #[garde(skip)]
    parent_id: Option<MessageId>,
}

fn not_blank<C>(content: &str, _: &C) -> garde::Result {
    if content.trim().is_empty() { Err(garde::Error::new("must not be blank")) } else { Ok(()) }
}

/// Queues the answer and replies at once; the answer itself arrives as the job's events. With
/// `Accept: text/event-stream` the reply is the events.
#[utoipa::path(post, path = "/api/chat/sessions/{id}/messages", tag = "chat",
    params(("id" = SessionId, Path), ("Idempotency-Key" = Option<String>, Header, description = "a repeat returns the first answer")),
    request_body = NewMessage,
    responses((status = ACCEPTED, body = Accepted),
        (status = OK, content_type = "text/event-stream", description = "the events of the job"),
        (status = NOT_FOUND, body = ErrorBody), (status = CONFLICT, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody), (status = TOO_MANY_REQUESTS, body = ErrorBody)))]
pub(super) async fn send(
    State(app): State<App>,
    student: SignedInUser,
    Path(session): Path<SessionId>,
    headers: HeaderMap,
    Valid(body): Valid<NewMessage>,
) -> ApiResult<Response> {
    let feature = accept::feature_of(&body.content)?;
    let pass = gate::pass(&app, &student, feature)?;
    if !body.attachments.is_empty() {
        gate::pass(&app, &student, Feature::Image)?;
    }
    let key = accept::idempotency_key(&headers)?;
    let reader = accept::reader(&app, &student, &headers)?;
    let (job, id) = (JobId::generate(), MessageId::generate());
    let this = Earlier { fingerprint: fingerprint(session, &body), message: id, job };
    let mut tx = app.db.begin_as(student.id).await?;
    if let Some(earlier) = accept::earlier(&mut tx, student.id, key, &this).await? {
        tx.commit().await?;
        return again(app, &student, reader, earlier).await;
    }
    let place =
        sessions::enter(&mut tx, session, &body.content).await?.ok_or(ApiError::NotFound("session"))?;
    let parent = match body.parent_id {
        Some(parent) => Some(answer_in(&mut tx, session, parent).await?),
        None => place.leaf,
    };
    let exchange = Exchange { id, user: student.id, session, parent, feature, content: &body.content, job };
    let asked = accept::ask(&app, &mut tx, &student, &pass, &exchange, &place, &body.attachments).await?;
    tx.commit().await?;
    Ok(accept::reply(app, &student, reader, asked).await)
}

/// The answer of this conversation that a message shall follow.
async fn answer_in(tx: &mut Tx, session: SessionId, id: MessageId) -> ApiResult<MessageId> {
    let found = messages::find(tx, id).await?;
    let fits = found.is_some_and(|found| {
        found.session == session
            && found.role == MessageRole::Assistant
            && found.status != MessageStatus::Pending
    });
    if fits { Ok(id) } else { Err(ApiError::field("parent_id", "is no answer of this conversation")) }
}

/// What makes two requests the same.
fn fingerprint(session: SessionId, body: &NewMessage) -> Vec<u8> {
    let parent = body.parent_id.map(|parent| parent.0.into_bytes()).unwrap_or_default();
    let mut hash =
        Sha256::new().chain_update(session.0.as_bytes()).chain_update(parent).chain_update(&body.content);
    for image in &body.attachments {
        hash.update(image.0.as_bytes());
    }
    hash.finalize().to_vec()
}

/// The first answer again.
async fn again(
    app: App,
    student: &SignedInUser,
    reader: Option<Place>,
    earlier: Earlier,
) -> ApiResult<Response> {
    const GONE: ApiError = ApiError::NotFound("message");
    let mut tx = app.db.begin_as(student.id).await?;
    let message = messages::find(&mut tx, earlier.message).await?.ok_or(GONE)?;
    let answer = messages::answer_of(&mut tx, &message, earlier.job).await?.ok_or(GONE)?;
    let state = record::find(&mut tx, earlier.job).await?.map_or(JobState::Done, |record| record.state);
    tx.commit().await?;
    accept::reply_again(app, student, reader, (message, answer), earlier.job, state).await
}
