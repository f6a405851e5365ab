//! Begins a quiz.

use std::collections::HashMap;

use axum::{Json, extract::State, http::StatusCode};
use domain::ids::{QuestionSetId, QuizId};
use garde::Validate;
use serde::Deserialize;
use study::{
    quiz::{QuizMode, Timing, choose},
    store::{
        question_sets,
        questions::{self, Filter},
        quizzes::{self, Quiz},
    },
};
use utoipa::ToSchema;

use super::{
    NO_QUIZ,
    view::{QuizView, Sight},
};
use crate::{
    App,
    auth::fields,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Valid,
    study::question_sets::NO_SET,
};

/// What is to be asked. Sets, topics and `wrong_only` each narrow it; without any of them all questions may be asked.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewQuiz {
    /// Only questions of these sets.
    #[serde(default)]
    #[garde(inner(length(min = 1, max = 50)))]
    #[schema(min_items = 1, max_items = 50)]
    question_set_ids: Option<Vec<QuestionSetId>>,
    /// Only questions on these topics.
    #[serde(default)]
    #[garde(inner(length(min = 1, max = 50), inner(length(chars, max = 300), custom(fields::storable))))]
    #[schema(min_items = 1, max_items = 50)]
    topics: Option<Vec<String>>,
    /// Only questions whose last answer was wrong.
    #[serde(default)]
    #[garde(skip)]
    wrong_only: bool,
    /// How many, at most.
    #[garde(range(min = 1, max = 200))]
    #[schema(minimum = 1, maximum = 200)]
    count: u16,
    #[garde(skip)]
    mode: QuizMode,
    /// How much time there is for each question; only in `exam`. No limit unless given.
    #[serde(default)]
    #[garde(inner(range(min = 10, max = 600)))]
    #[schema(minimum = 10, maximum = 600)]
    seconds_per_question: Option<u32>,
}

/// Begins a quiz. Questions that were reported are left out, and those of an exam that is still running. Of each set come as
/// many as of the others.
#[utoipa::path(post, path = "/api/study/quizzes", tag = "study", request_body = NewQuiz,
    responses((status = CREATED, body = QuizView), (status = NOT_FOUND, body = ErrorBody),
        (status = CONFLICT, body = ErrorBody), (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn create(
    State(app): State<App>,
    student: SignedInUser,
    Valid(body): Valid<NewQuiz>,
) -> ApiResult<(StatusCode, Json<QuizView>)> {
    if body.mode == QuizMode::Tutor && body.seconds_per_question.is_some() {
        return Err(ApiError::field("seconds_per_question", "is for exams: a tutor has no time limit"));
    }
    let (id, now) = (QuizId::generate(), app.clock.now());
    let mut tx = app.db.begin_as(student.id).await?;
    if let Some(sets) = &body.question_set_ids
        && !question_sets::all_exist(&mut tx, sets).await?
    {
        return Err(NO_SET);
    }
    let filter = Filter { sets: body.question_set_ids, topics: body.topics, wrong_only: body.wrong_only };
    let candidates = questions::candidates(&mut tx, &filter, now).await?;
    let chosen = choose(&candidates, usize::from(body.count), id);
    let mut asked: HashMap<_, _> = questions::snapshots(&mut tx, &chosen).await?.into_iter().collect();
    let asked: Vec<_> = chosen.into_iter().filter_map(|id| Some((id, asked.remove(&id)?))).collect();
    if asked.is_empty() {
        return Err(ApiError::Conflict(
            "There is no question to ask. Those that you reported, and those of an exam that is running, are not asked.",
        ));
    }
    let timing = Timing::beginning(now, body.seconds_per_question, asked.len());
    let quiz = Quiz { id, mode: body.mode, timing };
    if !quizzes::insert(&mut tx, student.id, &quiz, &asked).await? {
        return Err(ApiError::Conflict(
            "You have 5,000 quizzes, which is the most there may be. Delete some.",
        ));
    }
    // As it is stored, where a time has no nanoseconds.
    let quiz = quizzes::find(&mut tx, id, false).await?.ok_or(NO_QUIZ)?;
    let questions = quizzes::questions(&mut tx, id, None).await?;
    let sight = Sight::of(&mut tx, quiz, now).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(sight.whole(questions))))
}
