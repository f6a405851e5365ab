//! Ends a quiz, or deletes it.

use axum::{Json, extract::State, http::StatusCode};
use domain::ids::QuizId;
use study::store::quizzes;

use super::{
    NO_QUIZ, locked,
    view::{QuizView, Sight},
};
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiResult, ErrorBody},
    extract::Path,
};

/// Finishes a quiz with what was answered. Of one that is over it says what came of it.
#[utoipa::path(post, path = "/api/study/quizzes/{id}/finish", tag = "study", params(("id" = QuizId, Path)),
    responses((status = OK, body = QuizView), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn finish(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<QuizId>,
) -> ApiResult<Json<QuizView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let mut quiz = locked(&mut tx, id).await?;
    let now = app.clock.now();
    if quiz.timing.over_at(now).is_none() {
        quizzes::finish(&mut tx, id, now).await?;
        quiz = quizzes::find(&mut tx, id, false).await?.ok_or(NO_QUIZ)?;
    }
    let questions = quizzes::questions(&mut tx, id, None).await?;
    let sight = Sight::of(&mut tx, quiz, now).await?;
    tx.commit().await?;
    Ok(Json(sight.whole(questions)))
}

/// Deletes a quiz with what was answered in it. Its questions stay in their sets.
#[utoipa::path(delete, path = "/api/study/quizzes/{id}", tag = "study", params(("id" = QuizId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<QuizId>,
) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin_as(student.id).await?;
    if !quizzes::delete(&mut tx, id).await? {
        return Err(NO_QUIZ);
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
