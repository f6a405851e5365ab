//! Adding what a model made.

use serde_json::Value;
use sqlx::PgConnection;

use super::{NewNote, insert_all};
use crate::{
    ids::{DeckId, MessageId, NoteId, UserId},
    items::Flashcard,
    notes::{Fields, NoteOrigin},
    store::decks,
};

/// A flashcard that is to be kept.
#[derive(Debug, Clone)]
pub struct MadeNote<'a> {
    /// The id of its note, which is its guid, too.
    pub id: NoteId,
    /// What it asks.
    pub card: &'a Flashcard,
    /// The passage that it stands on as `{document_id, title, page, label, quote}`, where that was checked.
    pub source: Option<Value>,
    /// Its tags, as `study::notes::tags` keeps them.
    pub tags: Vec<String>,
}

/// Adds a deck of this title, or of this title and a number where that is taken, with notes and cards of what a model made.
/// It is to be called in the transaction that ends its job.
///
/// # Errors
/// The database's.
pub async fn insert_made(
    conn: &mut PgConnection,
    user: UserId,
    title: &str,
    message: Option<MessageId>,
    notes: &[MadeNote<'_>],
) -> sqlx::Result<DeckId> {
    let deck = decks::insert_numbered(&mut *conn, user, title).await?;
    insert_cards(conn, user, deck, message, notes).await?;
    Ok(deck)
}

/// Adds notes and cards of what a model made to a deck. Those that are there already by their ids are left out, so that
/// doing it again adds nothing. Returns how many were added.
///
/// # Errors
/// The database's.
pub async fn insert_cards(
    conn: &mut PgConnection,
    user: UserId,
    deck: DeckId,
    message: Option<MessageId>,
    notes: &[MadeNote<'_>],
) -> sqlx::Result<usize> {
    let new: Vec<NewNote> = notes.iter().map(|made| new_note(made, message)).collect();
    Ok(insert_all(conn, user, deck, &new).await?.len())
}

fn new_note(made: &MadeNote<'_>, message: Option<MessageId>) -> NewNote {
    let (kind, fields) = Fields::of_flashcard(made.card);
    NewNote {
        id: made.id,
        guid: made.id.to_string(),
        kind,
        fields,
        tags: made.tags.clone(),
        source: made.source.clone(),
        created_by: NoteOrigin::Command,
        message,
    }
}
