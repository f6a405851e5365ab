//! Many notes, or many cards, at once.

use axum::{Json, extract::State};
use domain::{
    Tx,
    ids::{CardId, DeckId, NoteId},
};
use garde::Validate;
use serde::{Deserialize, Serialize};
use study::store::{cards, decks, notes};
use utoipa::ToSchema;

use super::{cards::CardAction, note_view::tags};
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Valid,
};

/// What is done with notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NotesAction {
    /// Deletes them with their cards.
    Delete,
    /// Moves them to `deck_id`.
    Move,
    /// Adds `tags`.
    Tag,
    /// Takes `tags` away.
    Untag,
    /// Asks their cards no more.
    Suspend,
    /// Asks their cards again.
    Unsuspend,
    /// Makes their cards new.
    Reset,
    /// Does not ask their cards today.
    Bury,
}

/// What to do with which notes. Those that are not there are passed over.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NotesBulk {
    /// At most 500.
    #[garde(length(min = 1, max = 500))]
    ids: Vec<NoteId>,
    #[garde(skip)]
    action: NotesAction,
    /// Where they move to.
    #[garde(skip)]
    deck_id: Option<DeckId>,
    /// Which tags.
    #[garde(inner(length(max = 100)))]
    tags: Option<Vec<String>>,
}

/// What to do with which cards. Those that are not there are passed over.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CardsBulk {
    /// At most 500.
    #[garde(length(min = 1, max = 500))]
    ids: Vec<CardId>,
    #[garde(skip)]
    action: CardAction,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Changed {
    /// How many notes, or cards where cards were suspended, buried or reset, are another than before.
    changed: u64,
}

/// Does something with many notes.
#[utoipa::path(post, path = "/api/study/notes/bulk", tag = "study", request_body = NotesBulk,
    responses((status = OK, body = Changed), (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn notes(
    State(app): State<App>,
    student: SignedInUser,
    Valid(body): Valid<NotesBulk>,
) -> ApiResult<Json<Changed>> {
    let mut tx = app.db.begin_as(student.id).await?;
    // In the order of their ids, so that two at once wait for each other and do not block.
    let ids = notes::existing(&mut tx, student.id, &body.ids).await?;
    let changed = match body.action {
        NotesAction::Delete => notes::delete(&mut tx, student.id, &ids).await?,
        NotesAction::Move => {
            let deck = deck(&mut tx, &student, body.deck_id).await?;
            notes::move_to(&mut tx, student.id, &ids, deck).await?
        }
        NotesAction::Tag => notes::add_tags(&mut tx, student.id, &ids, &named(&body)?).await?,
        NotesAction::Untag => notes::remove_tags(&mut tx, student.id, &ids, &named(&body)?).await?,
        NotesAction::Suspend => of_cards(&app, &mut tx, &student, &ids, CardAction::Suspend).await?,
        NotesAction::Unsuspend => of_cards(&app, &mut tx, &student, &ids, CardAction::Unsuspend).await?,
        NotesAction::Reset => of_cards(&app, &mut tx, &student, &ids, CardAction::Reset).await?,
        NotesAction::Bury => of_cards(&app, &mut tx, &student, &ids, CardAction::Bury).await?,
    };
    tx.commit().await?;
    Ok(Json(Changed { changed }))
}

async fn deck(tx: &mut Tx, student: &SignedInUser, deck: Option<DeckId>) -> ApiResult<DeckId> {
    let deck = deck.ok_or_else(|| ApiError::field("deck_id", "is missing"))?;
    let found = decks::find(&mut *tx, student.id, deck).await?;
    found.map(|deck| deck.id).ok_or_else(|| ApiError::field("deck_id", "names a deck that is not there"))
}

fn named(body: &NotesBulk) -> ApiResult<Vec<String>> {
    let tags = tags(body.tags.as_deref().unwrap_or_default())?;
    if tags.is_empty() { Err(ApiError::field("tags", "is missing")) } else { Ok(tags) }
}

async fn of_cards(
    app: &App,
    tx: &mut Tx,
    student: &SignedInUser,
    notes: &[NoteId],
    action: CardAction,
) -> ApiResult<u64> {
    let cards = cards::of_notes(&mut *tx, student.id, notes).await?;
    let ids: Vec<CardId> = cards.iter().map(|card| card.id).collect();
    action.apply(app, tx, student.id, &ids).await
}

/// Suspends many cards, asks them again, buries them for today, or sets them back to new.
#[utoipa::path(post, path = "/api/study/cards/bulk", tag = "study", request_body = CardsBulk,
    responses((status = OK, body = Changed), (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn cards(
    State(app): State<App>,
    student: SignedInUser,
    Valid(body): Valid<CardsBulk>,
) -> ApiResult<Json<Changed>> {
    let mut tx = app.db.begin_as(student.id).await?;
    cards::lock_all(&mut tx, student.id, &body.ids).await?;
    let changed = body.action.apply(&app, &mut tx, student.id, &body.ids).await?;
    tx.commit().await?;
    Ok(Json(Changed { changed }))
}
