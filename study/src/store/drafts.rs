//! Notes that are made of other things a student has.

use sqlx::PgConnection;

use super::notes::{self, NewNote};
use crate::{
    ids::{DeckId, MessageId, NoteId, UserId},
    note_draft::NoteDraft,
    notes::{Fields, NoteOrigin},
};

/// Adds the notes that are not there yet, wherever they are by now. Returns how many were added; `None` where there would
/// be more than [`notes::MOST`].
pub async fn insert(
    conn: &mut PgConnection,
    user: UserId,
    deck: DeckId,
    message: Option<MessageId>,
    drafts: Vec<NoteDraft>,
) -> sqlx::Result<Option<usize>> {
    let had = sqlx::query_scalar!(r#"select count(*) as "count!" from notes where user_id = $1"#, user.0)
        .fetch_one(&mut *conn)
        .await?;
    let new: Vec<NewNote> = drafts.into_iter().map(|draft| new_note(draft, message)).collect();
    let added = notes::insert_all(conn, user, deck, &new).await?.len();
    let fits = i64::try_from(added).is_ok_and(|added| added == 0 || had.saturating_add(added) <= notes::MOST);
    Ok(fits.then_some(added))
}

fn new_note(draft: NoteDraft, message: Option<MessageId>) -> NewNote {
    let (kind, fields) = Fields::of_flashcard(&draft.card);
    NewNote {
        id: NoteId::generate(),
        guid: draft.guid,
        kind,
        fields,
        tags: Vec::new(),
        source: draft.source,
        created_by: NoteOrigin::Command,
        message,
    }
}
