//! A note as it is told, and what a student says of one.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    Tx, documents,
    ids::{CardId, DeckId, NoteId},
    images,
};
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use study::{
    notes::{Fields, NoteKind, NoteOrigin, Problem},
    scheduling::{Day, Due, State},
    store::{cards::StoredCard, notes::Note},
};
use utoipa::ToSchema;

use crate::error::{ApiError, ApiResult, FieldProblem};

/// A note with its cards.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoteView {
    id: NoteId,
    deck_id: DeckId,
    kind: NoteKind,
    #[schema(value_type = Fields)]
    fields: Value,
    tags: Vec<String>,
    /// The passage that it stands on, where that was checked: `{document_id, title, page, label, quote}`.
    #[schema(value_type = Option<Object>)]
    source: Option<Value>,
    created_by: NoteOrigin,
    cards: Vec<NoteCard>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// A card of a note.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoteCard {
    id: CardId,
    /// 0, and 1 for the other direction; the number of a cloze, from 1; the place of a box, from 0.
    ordinal: i16,
    state: State,
    /// When it is due, of a card in steps.
    due_at: Option<DateTime<Utc>>,
    /// The day on which it is due, of a card in review.
    due_day: Option<NaiveDate>,
    /// In days.
    interval: u32,
    suspended: bool,
    /// Whether it is not asked today.
    buried: bool,
    lapses: u32,
    reps: u32,
}

impl NoteView {
    /// A note with those of these cards that are its own.
    pub(super) fn new(note: Note, cards: &[StoredCard], today: Day) -> Self {
        let of_note = cards.iter().filter(|card| card.note == note.id);
        Self {
            id: note.id,
            deck_id: note.deck,
            kind: note.kind,
            fields: note.fields,
            tags: note.tags,
            source: note.source,
            created_by: note.created_by,
            cards: of_note.map(|card| NoteCard::new(card, today)).collect(),
            created_at: note.created_at,
            updated_at: note.updated_at,
        }
    }
}

impl NoteCard {
    fn new(stored: &StoredCard, today: Day) -> Self {
        let card = stored.schedule();
        let (due_at, due_day) = due(card.due);
        Self {
            id: stored.id,
            ordinal: stored.ordinal,
            state: card.state,
            due_at,
            due_day,
            interval: card.interval,
            suspended: stored.suspended,
            buried: stored.buried_on == Some(today.0),
            lapses: card.lapses,
            reps: card.reps,
        }
    }
}

/// When a card is due: at a moment, on a day, or neither.
pub(super) fn due(due: Due) -> (Option<DateTime<Utc>>, Option<NaiveDate>) {
    match due {
        Due::InTurn => (None, None),
        Due::At(at) => (Some(at), None),
        Due::On(day) => (None, Some(day.date())),
    }
}

/// A new note.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewNote {
    #[garde(skip)]
    pub(super) kind: NoteKind,
    #[garde(skip)]
    #[schema(value_type = Fields)]
    pub(super) fields: Value,
    /// At most a hundred words of at most a hundred characters.
    #[serde(default)]
    #[garde(length(max = 100))]
    pub(super) tags: Vec<String>,
}

/// What to change about a note; what is left out stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteChange {
    /// All of its fields. Cards follow them, and those that stay keep their schedule.
    #[garde(skip)]
    #[schema(value_type = Option<Fields>)]
    pub(super) fields: Option<Value>,
    /// All of its tags.
    #[garde(inner(length(max = 100)))]
    pub(super) tags: Option<Vec<String>>,
    /// The deck that it moves to.
    #[garde(skip)]
    pub(super) deck_id: Option<DeckId>,
}

/// What a student said of a note, checked; its picture is one of theirs.
pub(super) async fn checked(tx: &mut Tx, kind: NoteKind, fields: Value) -> ApiResult<Fields> {
    let fields = Fields::read(kind, fields).map_err(invalid)?;
    let named = fields.images();
    if images::existing(&mut *tx, &named).await?.len() < named.len() {
        return Err(ApiError::field("fields.image_id", "names an image that is not there"));
    }
    if let Fields::Occlusion(picture) = &fields
        && let (Some(document), Some(page)) = (picture.document_id, picture.page)
    {
        let found = documents::store::find(&mut *tx, document).await?;
        let found = found
            .ok_or_else(|| ApiError::field("fields.document_id", "names a document that is not there"))?;
        if found.pages.is_some_and(|pages| page > pages) {
            return Err(ApiError::field("fields.page", "is no page of the document"));
        }
    }
    Ok(fields)
}

/// Tags as they are kept.
pub(super) fn tags(given: &[String]) -> ApiResult<Vec<String>> {
    study::notes::tags(given.iter().map(String::as_str)).map_err(|problem| invalid(vec![problem]))
}

fn invalid(problems: Vec<Problem>) -> ApiError {
    let problems =
        problems.into_iter().map(|Problem { field, problem }| FieldProblem { field, problem }).collect();
    ApiError::Invalid(problems)
}
