//! Makes notes of what was missed.

use axum::{Json, extract::State};
use domain::ids::{DeckId, QuestionId, QuizId};
use garde::Validate;
use serde::Deserialize;
use study::{
    note_draft::NoteDraft,
    quiz,
    store::quizzes::{self, QuizQuestion},
};
use utoipa::ToSchema;

use super::{NO_QUIZ, view::Sight};
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Valid},
    study::target_deck::{CardsMade, TargetDeck},
};

/// The deck that notes of questions go into, unless another is given.
const DECK: &str = "Missed questions";

/// Which questions become notes.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuizCards {
    /// These; unless given, all that were answered wrong.
    #[serde(default)]
    #[garde(inner(length(min = 1, max = 200)))]
    #[schema(min_items = 1, max_items = 200)]
    question_ids: Option<Vec<QuestionId>>,
    /// The deck; unless given, "Missed questions", which is made where it is missing.
    #[serde(default)]
    #[garde(skip)]
    deck_id: Option<DeckId>,
}

/// Makes a note of each question that was answered wrong, or of these. A question has one note, however often it is made.
#[utoipa::path(post, path = "/api/study/quizzes/{id}/cards", tag = "study", params(("id" = QuizId, Path)),
    request_body = QuizCards,
    responses((status = OK, body = CardsMade), (status = NOT_FOUND, body = ErrorBody),
        (status = CONFLICT, body = ErrorBody), (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn make(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<QuizId>,
    Valid(body): Valid<QuizCards>,
) -> ApiResult<Json<CardsMade>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let quiz = quizzes::find(&mut tx, id, false).await?.ok_or(NO_QUIZ)?;
    let questions = quizzes::questions(&mut tx, id, None).await?;
    let sight = Sight::of(&mut tx, quiz, app.clock.now()).await?;
    let notes = match &body.question_ids {
        Some(ids) => named(&sight, &questions, ids)?,
        None => wrong(&sight, &questions),
    };
    let made = TargetDeck::new(body.deck_id).take(&mut tx, student.id, DECK, None, notes).await?;
    tx.commit().await?;
    Ok(Json(made))
}

/// Those whose answer is wrong, as far as that may be known.
fn wrong(sight: &Sight, questions: &[QuizQuestion]) -> Vec<NoteDraft> {
    let wrong = questions
        .iter()
        .filter(|question| question.given.option.is_some_and(|option| !question.asked.is_right(option)));
    wrong.filter_map(|question| quiz::draft(question.question, &sight.shown(question))).collect()
}

fn named(sight: &Sight, questions: &[QuizQuestion], ids: &[QuestionId]) -> ApiResult<Vec<NoteDraft>> {
    let mut notes = Vec::with_capacity(ids.len());
    for id in ids {
        let question = questions.iter().find(|question| question.question == *id);
        let question = question
            .ok_or_else(|| ApiError::field("question_ids", "names a question that this quiz does not ask"))?;
        let note = quiz::draft(*id, &sight.shown(question));
        notes.push(note.ok_or(ApiError::Conflict("The answer of this question may not be seen yet."))?);
    }
    Ok(notes)
}
