//! Question sets: list, show, rename, delete. What an exam that is running asks is shown without its answers.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use domain::ids::{MessageId, QuestionId, QuestionSetId, QuizId};
use serde::Serialize;
use study::store::{
    question_sets::{self, QuestionSet},
    questions, quizzes,
};
use utoipa::ToSchema;

use super::{question_view::QuestionBody, title::NewTitle};
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Query, Valid},
    page::{Page, PageQuery},
};

pub(super) const NO_SET: ApiError = ApiError::NotFound("question set");

/// A question set as it is listed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuestionSetView {
    id: QuestionSetId,
    title: String,
    /// How many questions it has.
    count: i64,
    /// How many of them were reported.
    reported: i64,
    /// What they are about.
    topics: Vec<String>,
    /// The answer that made it; null where that is gone.
    message_id: Option<MessageId>,
    created_at: DateTime<Utc>,
}

/// A question of a set.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuestionView {
    id: QuestionId,
    #[serde(flatten)]
    body: QuestionBody,
    /// Whether it was reported, and so is in no new quiz.
    reported: bool,
    /// The exam that asks it and is still running: until its end the answer is not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    exam_id: Option<QuizId>,
}

/// A question set with its questions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WholeQuestionSet {
    #[serde(flatten)]
    set: QuestionSetView,
    questions: Vec<QuestionView>,
}

impl From<QuestionSet> for QuestionSetView {
    fn from(set: QuestionSet) -> Self {
        let QuestionSet { id, title, count, reported, topics, message, created_at } = set;
        Self { id, title, count, reported, topics, message_id: message, created_at }
    }
}

/// Lists question sets, the newest first.
#[utoipa::path(get, path = "/api/study/question-sets", tag = "study", params(PageQuery),
    responses((status = OK, body = Page<QuestionSetView>)))]
pub(super) async fn list(
    State(app): State<App>,
    student: SignedInUser,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<QuestionSetView>>> {
    let limit = page.limit()?;
    let mut tx = app.db.begin_as(student.id).await?;
    let sets = question_sets::list(&mut tx, page.cursor()?, limit + 1).await?;
    tx.commit().await?;
    Ok(Json(Page::new(sets, limit, |set| set.id, Into::into)))
}

/// A question set with its questions. What an exam asks that is still running has no answer until it ends.
#[utoipa::path(get, path = "/api/study/question-sets/{id}", tag = "study", params(("id" = QuestionSetId, Path)),
    responses((status = OK, body = WholeQuestionSet), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn show(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<QuestionSetId>,
) -> ApiResult<Json<WholeQuestionSet>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let set = question_sets::find(&mut tx, id).await?.ok_or(NO_SET)?;
    let asked = questions::of_set(&mut tx, id).await?;
    let locked = quizzes::in_running_exams(&mut tx, app.clock.now()).await?;
    tx.commit().await?;
    let questions = asked.into_iter().map(|question| {
        let exam_id = locked.get(&question.id).copied();
        QuestionView {
            id: question.id,
            body: question.asked.shown(exam_id.is_none()).into(),
            reported: question.reported,
            exam_id,
        }
    });
    Ok(Json(WholeQuestionSet { questions: questions.collect(), set: set.into() }))
}

/// Renames a question set.
#[utoipa::path(patch, path = "/api/study/question-sets/{id}", tag = "study", params(("id" = QuestionSetId, Path)),
    request_body = NewTitle,
    responses((status = OK, body = QuestionSetView), (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn rename(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<QuestionSetId>,
    Valid(body): Valid<NewTitle>,
) -> ApiResult<Json<QuestionSetView>> {
    let title = body.trimmed()?;
    let mut tx = app.db.begin_as(student.id).await?;
    question_sets::rename(&mut tx, id, title).await?;
    let set = question_sets::find(&mut tx, id).await?.ok_or(NO_SET)?;
    tx.commit().await?;
    Ok(Json(set.into()))
}

/// Deletes a question set, unless an exam asks of it that is still running. Quizzes keep the questions that they ask.
#[utoipa::path(delete, path = "/api/study/question-sets/{id}", tag = "study", params(("id" = QuestionSetId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ErrorBody), (status = CONFLICT, body = ErrorBody)))]
pub(super) async fn delete(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<QuestionSetId>,
) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin_as(student.id).await?;
    // It leads to the answer that made it, which is hidden as long as an exam asks its questions.
    let locked = quizzes::in_running_exams(&mut tx, app.clock.now()).await?;
    if questions::of_set(&mut tx, id).await?.iter().any(|question| locked.contains_key(&question.id)) {
        return Err(ApiError::Conflict(
            "An exam that is still running asks these questions. Finish it first.",
        ));
    }
    if !question_sets::delete(&mut tx, id).await? {
        return Err(NO_SET);
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
