//! `/api/study/quizzes`: attempts at questions. What was answered, the time and the key are the server's.

use domain::ids::QuizId;
use study::store::quizzes::{self, Quiz};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, error::ApiError};

mod answer;
mod cards;
mod create;
mod finish;
mod list;
mod show;
mod view;

pub(super) const NO_QUIZ: ApiError = ApiError::NotFound("quiz");

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(show::show, finish::delete))
        .routes(routes!(answer::answer))
        .routes(routes!(finish::finish))
        .routes(routes!(cards::make))
}

/// Locks a quiz, so that what two tabs send comes one after the other.
async fn locked(tx: &mut domain::db::Tx, id: QuizId) -> Result<Quiz, ApiError> {
    quizzes::find(tx, id, true).await?.ok_or(NO_QUIZ)
}
