//! Thumbs: whether an answer helped.

use axum::{extract::State, http::StatusCode};
use domain::{
    feedback::{self, votes},
    ids::MessageId,
};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Valid},
};

/// Whether an answer helped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Vote {
    /// It did.
    Up,
    /// It did not.
    Down,
}

impl From<bool> for Vote {
    fn from(helpful: bool) -> Self {
        if helpful { Self::Up } else { Self::Down }
    }
}

/// A vote.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewVote {
    #[garde(skip)]
    vote: Vote,
}

/// Votes about an answer that is finished, or votes otherwise.
#[utoipa::path(put, path = "/api/chat/messages/{id}/vote", tag = "chat", params(("id" = MessageId, Path)),
    request_body = NewVote,
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn vote(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<MessageId>,
    Valid(body): Valid<NewVote>,
) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin_as(student.id).await?;
    let answer = feedback::find_answer(&mut tx, id).await?.ok_or(ApiError::NotFound("answer"))?;
    votes::put(&mut tx, student.id, &answer, body.vote == Vote::Up, app.clock.now()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a vote back.
#[utoipa::path(delete, path = "/api/chat/messages/{id}/vote", tag = "chat", params(("id" = MessageId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn unvote(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<MessageId>,
) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin_as(student.id).await?;
    if !votes::delete(&mut tx, id).await? {
        return Err(ApiError::NotFound("vote"));
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
