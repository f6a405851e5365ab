//! Answers a question of a quiz.

use axum::{Json, extract::State};
use domain::ids::{QuestionId, QuizId};
use garde::Validate;
use serde::{Deserialize, Deserializer};
use study::{
    quiz::{Given, Over, QuizMode, Wanted, given},
    store::quizzes,
};
use utoipa::ToSchema;

use super::{
    locked,
    view::{QuizQuestionView, Sight},
};
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Valid},
};

/// What is answered. What is absent stays as it is.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent, null and an option are three things")]
pub(crate) struct QuizAnswer {
    /// The option, from 0; null for none.
    #[serde(default, deserialize_with = "present")]
    #[garde(inner(inner(range(max = 3))))]
    #[schema(value_type = Option<u8>, minimum = 0, maximum = 3)]
    option: Option<Option<u8>>,
    /// Whether it is to be looked at again.
    #[serde(default)]
    #[garde(skip)]
    flagged: Option<bool>,
    /// The options that are struck out.
    #[serde(default)]
    #[garde(inner(length(max = 4), inner(range(max = 3))))]
    #[schema(max_items = 4)]
    eliminated: Option<Vec<u8>>,
}

/// A field that is there, even as null.
#[expect(clippy::option_option, reason = "absent, null and an option are three things")]
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u8>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Answers a question, flags it, or strikes options out. In `tutor` the first option stands, whatever is sent after it: the
/// reply says which that is. In `exam` it may be changed until the end.
#[utoipa::path(put, path = "/api/study/quizzes/{id}/answers/{question_id}", tag = "study",
    params(("id" = QuizId, Path), ("question_id" = QuestionId, Path)), request_body = QuizAnswer,
    responses((status = OK, body = QuizQuestionView), (status = NOT_FOUND, body = ErrorBody),
        (status = CONFLICT, body = ErrorBody, description = "the quiz is over, or an exam that is running asks the question"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn answer(
    State(app): State<App>,
    student: SignedInUser,
    Path((id, question_id)): Path<(QuizId, QuestionId)>,
    Valid(body): Valid<QuizAnswer>,
) -> ApiResult<Json<QuizQuestionView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let quiz = locked(&mut tx, id).await?;
    // Read when the lock is had: who waited for it may have waited past the end.
    let now = app.clock.now();
    let question = quizzes::questions(&mut tx, id, Some(question_id)).await?.pop();
    let mut question = question.ok_or(ApiError::NotFound("question"))?;
    let sight = Sight::of(&mut tx, quiz, now).await?;
    if quiz.mode == QuizMode::Tutor && !sight.is_over() && sight.is_locked(question_id) {
        return Err(ApiError::Conflict(
            "This question is part of an exam that is running. Finish that first.",
        ));
    }
    let wanted = Wanted { option: body.option, flagged: body.flagged, eliminated: body.eliminated };
    let after: Given = given(quiz.mode, sight.is_over(), &question.given, wanted, now)
        .map_err(|Over| ApiError::Conflict("This quiz is over."))?;
    if after != question.given {
        quizzes::set_given(&mut tx, id, question_id, &after).await?;
        question.given = after;
    }
    tx.commit().await?;
    Ok(Json(sight.question(question)))
}
