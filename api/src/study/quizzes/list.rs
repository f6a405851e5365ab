//! Lists quizzes.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::ids::QuizId;
use serde::Serialize;
use study::{
    quiz::QuizMode,
    store::quizzes::{self, Listed},
};
use utoipa::ToSchema;

use super::view::{QuizState, state};
use crate::{
    App,
    caller::SignedInUser,
    error::ApiResult,
    extract::Query,
    page::{Page, PageQuery},
};

/// A quiz as it is listed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedQuiz {
    id: QuizId,
    mode: QuizMode,
    state: QuizState,
    started_at: DateTime<Utc>,
    /// When its time is over; null without a limit.
    ends_at: Option<DateTime<Utc>>,
    /// When it ended; null while it runs.
    finished_at: Option<DateTime<Utc>>,
    /// How many questions it has.
    total: i64,
    /// How many are answered.
    answered: i64,
    /// How many of these are right; null while it runs.
    right: Option<i64>,
}

impl ListedQuiz {
    fn at(now: DateTime<Utc>, listed: &Listed) -> Self {
        let timing = listed.quiz.timing;
        let over_at = timing.over_at(now);
        Self {
            id: listed.quiz.id,
            mode: listed.quiz.mode,
            state: state(over_at),
            started_at: timing.started_at,
            ends_at: timing.ends_at,
            finished_at: over_at,
            total: listed.total,
            answered: listed.answered,
            right: over_at.map(|_| listed.right),
        }
    }
}

/// Lists quizzes, the newest first.
#[utoipa::path(get, path = "/api/study/quizzes", tag = "study", params(PageQuery),
    responses((status = OK, body = Page<ListedQuiz>)))]
pub(super) async fn list(
    State(app): State<App>,
    student: SignedInUser,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<ListedQuiz>>> {
    let (limit, now) = (page.limit()?, app.clock.now());
    let mut tx = app.db.begin_as(student.id).await?;
    let listed = quizzes::list(&mut tx, page.cursor()?, limit + 1).await?;
    tx.commit().await?;
    Ok(Json(Page::new(listed, limit, |row| row.quiz.id, |row| ListedQuiz::at(now, &row))))
}
