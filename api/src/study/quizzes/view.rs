//! A quiz as its student sees it: what of each question may be seen is decided here, for all that shows one.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{
    db::Tx,
    ids::{QuestionId, QuizId},
};
use serde::Serialize;
use study::{
    quiz::{self, QuizMode, Score, Shown},
    store::quizzes::{self, Quiz, QuizQuestion},
};
use utoipa::ToSchema;

use crate::{error::ApiResult, study::question_view::QuestionBody};

/// Where a quiz stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum QuizState {
    /// It can be answered.
    Running,
    /// Its student finished it, or its time is over.
    Finished,
}

/// A quiz.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuizView {
    id: QuizId,
    mode: QuizMode,
    state: QuizState,
    started_at: DateTime<Utc>,
    /// When its time is over; null without a limit.
    ends_at: Option<DateTime<Utc>>,
    /// When it ended; null while it runs.
    finished_at: Option<DateTime<Utc>>,
    /// The server's time: what is left is from this to `ends_at`.
    now: DateTime<Utc>,
    questions: Vec<QuizQuestionView>,
    /// What came of it, when it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<Score>,
}

/// A question of a quiz.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuizQuestionView {
    /// Its place, from 0.
    position: i32,
    question_id: QuestionId,
    #[serde(flatten)]
    body: QuestionBody,
    /// The option that was chosen, from 0.
    option: Option<u8>,
    /// Whether it is to be looked at again.
    flagged: bool,
    /// The options that were struck out.
    eliminated: Vec<u8>,
}

/// What decides over what may be seen, at one time.
pub(super) struct Sight {
    quiz: Quiz,
    over_at: Option<DateTime<Utc>>,
    locked: HashMap<QuestionId, QuizId>,
    now: DateTime<Utc>,
}

impl Sight {
    pub(super) async fn of(tx: &mut Tx, quiz: Quiz, now: DateTime<Utc>) -> ApiResult<Self> {
        let locked = quizzes::in_running_exams(tx, now).await?;
        Ok(Self { quiz, over_at: quiz.timing.over_at(now), locked, now })
    }

    /// Whether the quiz has ended.
    pub(super) const fn is_over(&self) -> bool {
        self.over_at.is_some()
    }

    /// Whether an exam asks this question that is still running.
    pub(super) fn is_locked(&self, question: QuestionId) -> bool {
        self.locked.contains_key(&question)
    }

    /// What may be seen of a question now.
    pub(super) fn shown(&self, question: &QuizQuestion) -> Shown {
        let answered = question.given.option.is_some();
        let locked = self.is_locked(question.question);
        question.asked.shown(quiz::may_see_key(self.quiz.mode, self.is_over(), answered, locked))
    }

    pub(super) fn question(&self, question: QuizQuestion) -> QuizQuestionView {
        QuizQuestionView {
            position: question.position,
            question_id: question.question,
            body: self.shown(&question).into(),
            option: question.given.option,
            flagged: question.given.flagged,
            eliminated: question.given.eliminated,
        }
    }

    pub(super) fn whole(&self, questions: Vec<QuizQuestion>) -> QuizView {
        let Quiz { id, mode, timing } = self.quiz;
        let score = self.over_at.map(|over_at| {
            let answers: Vec<_> =
                questions.iter().map(|question| (&question.asked, &question.given)).collect();
            quiz::score(&answers, &timing, over_at)
        });
        QuizView {
            id,
            mode,
            state: state(self.over_at),
            started_at: timing.started_at,
            ends_at: timing.ends_at,
            finished_at: self.over_at,
            now: self.now,
            questions: questions.into_iter().map(|question| self.question(question)).collect(),
            score,
        }
    }
}

pub(super) const fn state(over_at: Option<DateTime<Utc>>) -> QuizState {
    if over_at.is_some() { QuizState::Finished } else { QuizState::Running }
}
