//! What is due now.

use axum::{Json, extract::State};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{CardId, DeckId, NoteId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use study::{
    notes::{Fields, NoteKind},
    scheduling::{self, NextStates, State as CardState, backlog},
    store::queue::{self, Counts, Shown},
};
use utoipa::{IntoParams, ToSchema};

use super::{card_view::IntervalView, decks::NO_DECK, note_view::due};
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Query,
};

/// The most cards of a queue.
const MOST: usize = 200;

/// Which queue.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct QueueQuery {
    /// Of this deck and those below it; of all where it is left out.
    deck: Option<DeckId>,
    /// The most cards to return, 1 to 200; 50 unless given.
    limit: Option<usize>,
}

/// What is due now, and what the day has.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReviewQueueView {
    /// What is asked, in this order.
    items: Vec<QueueCard>,
    counts: QueueCounts,
    /// Which day it is for the student.
    day: NaiveDate,
    day_ends_at: DateTime<Utc>,
    /// Null where nothing is left over of missed days.
    backlog: Option<BacklogView>,
    /// When the next card in steps is due that is not yet in the queue.
    learning_due_at: Option<DateTime<Utc>>,
}

/// How many cards are for today.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueueCounts {
    pub(super) new: u32,
    pub(super) learning: u32,
    pub(super) due: u32,
}

impl From<Counts> for QueueCounts {
    fn from(Counts { new, learning, due }: Counts) -> Self {
        Self { new, learning, due }
    }
}

/// What is left over of missed days. New cards pause meanwhile, and nothing is put off.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BacklogView {
    /// Reviews that are for today, with those that are done.
    cap: u32,
    /// How many are left for other days.
    left: u32,
    /// Days until it is gone, with today; null where that is more than a year.
    days: Option<u32>,
}

impl From<backlog::Backlog> for BacklogView {
    fn from(backlog::Backlog { cap, left, days }: backlog::Backlog) -> Self {
        Self { cap, left, days }
    }
}

/// A card that is asked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueueCard {
    card_id: CardId,
    note_id: NoteId,
    deck_id: DeckId,
    deck_title: String,
    kind: NoteKind,
    /// 0, and 1 for the other direction; the number of a cloze, from 1; the place of a box, from 0.
    ordinal: i16,
    #[schema(value_type = Fields)]
    fields: Value,
    tags: Vec<String>,
    /// The passage that it stands on, where that was checked: `{document_id, title, page, label, quote}`.
    #[schema(value_type = Option<Object>)]
    source: Option<Value>,
    state: CardState,
    due_at: Option<DateTime<Utc>>,
    reps: u32,
    lapses: u32,
    next: NextIntervals,
}

/// When a card comes back, by the rating.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NextIntervals {
    again: IntervalView,
    hard: IntervalView,
    good: IntervalView,
    easy: IntervalView,
}

impl From<NextStates> for NextIntervals {
    fn from(next: NextStates) -> Self {
        let view = |rating| next.of(rating).interval.into();
        Self {
            again: view(scheduling::Rating::Again),
            hard: view(scheduling::Rating::Hard),
            good: view(scheduling::Rating::Good),
            easy: view(scheduling::Rating::Easy),
        }
    }
}

impl From<Shown> for QueueCard {
    fn from(shown: Shown) -> Self {
        let (due_at, _) = due(shown.card.due);
        Self {
            card_id: shown.id,
            note_id: shown.note,
            deck_id: shown.deck,
            deck_title: shown.deck_title,
            kind: shown.kind,
            ordinal: shown.ordinal,
            fields: shown.fields,
            tags: shown.tags,
            source: shown.source,
            state: shown.card.state,
            due_at,
            reps: shown.card.reps,
            lapses: shown.card.lapses,
            next: shown.next.into(),
        }
    }
}

/// What is due now, in order, with what each rating would lead to.
#[utoipa::path(get, path = "/api/study/queue", tag = "study", params(QueueQuery),
    responses((status = OK, body = ReviewQueueView), (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn show(
    State(app): State<App>,
    student: SignedInUser,
    Query(query): Query<QueueQuery>,
) -> ApiResult<Json<ReviewQueueView>> {
    let limit = query.limit.unwrap_or(50);
    if !(1..=MOST).contains(&limit) {
        return Err(ApiError::field("limit", "must be 1 to 200"));
    }
    let now = app.clock.now();
    let mut tx = app.db.begin_as(student.id).await?;
    let plan = queue::plan(&mut tx, student.id, now, query.deck).await?.ok_or(NO_DECK)?;
    let shown = queue::shown(&mut tx, student.id, &plan, limit, now).await?;
    tx.commit().await?;
    Ok(Json(ReviewQueueView {
        items: shown.into_iter().map(Into::into).collect(),
        counts: plan.counts.into(),
        day: plan.day.date(),
        day_ends_at: plan.ends_at,
        backlog: plan.backlog.map(Into::into),
        learning_due_at: plan.learning_due_at,
    }))
}
