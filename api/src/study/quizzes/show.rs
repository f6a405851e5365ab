//! A quiz as it stands.

use axum::{Json, extract::State};
use domain::ids::QuizId;
use study::store::quizzes;

use super::{
    NO_QUIZ,
    view::{QuizView, Sight},
};
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiResult, ErrorBody},
    extract::Path,
};

/// A quiz with its questions. In `tutor` a question that was answered has its answer, in `exam` all have when it is over.
#[utoipa::path(get, path = "/api/study/quizzes/{id}", tag = "study", params(("id" = QuizId, Path)),
    responses((status = OK, body = QuizView), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn show(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<QuizId>,
) -> ApiResult<Json<QuizView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let quiz = quizzes::find(&mut tx, id, false).await?.ok_or(NO_QUIZ)?;
    let questions = quizzes::questions(&mut tx, id, None).await?;
    let sight = Sight::of(&mut tx, quiz, app.clock.now()).await?;
    tx.commit().await?;
    Ok(Json(sight.whole(questions)))
}
