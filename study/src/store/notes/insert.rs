//! Adding notes with their cards.

use serde_json::Value;
use sqlx::PgConnection;

use crate::{
    ids::{CardId, DeckId, MessageId, NoteId, UserId},
    notes::{Fields, NoteKind, NoteOrigin},
};

/// The most notes of a student.
pub const MOST: i64 = 100_000;

/// A note that is to be added.
#[derive(Debug, Clone)]
pub struct NewNote {
    /// Its id.
    pub id: NoteId,
    /// What it is called in Anki, for good.
    pub guid: String,
    /// How it makes cards.
    pub kind: NoteKind,
    /// What it holds.
    pub fields: Fields,
    /// Its tags, as `study::notes::tags` keeps them.
    pub tags: Vec<String>,
    /// The passage that it stands on, where that was checked.
    pub source: Option<Value>,
    /// Who made it.
    pub created_by: NoteOrigin,
    /// The answer that made it.
    pub message: Option<MessageId>,
}

/// Adds notes to a deck, with the cards that their fields make, behind all cards that wait for their turn. Those whose guid
/// is known are left out. Returns the ids of those that were added.
pub async fn insert_all(
    conn: &mut PgConnection,
    user: UserId,
    deck: DeckId,
    notes: &[NewNote],
) -> sqlx::Result<Vec<NoteId>> {
    let mut added = Vec::with_capacity(notes.len());
    // Few enough for one statement, whatever their fields hold.
    for batch in notes.chunks(500) {
        let ids = insert_batch(&mut *conn, user, deck, batch).await?;
        insert_cards_of(&mut *conn, user, deck, batch.iter().filter(|note| ids.contains(&note.id))).await?;
        added.extend(ids);
    }
    Ok(added)
}

async fn insert_batch(
    conn: &mut PgConnection,
    user: UserId,
    deck: DeckId,
    notes: &[NewNote],
) -> sqlx::Result<Vec<NoteId>> {
    let ids: Vec<_> = notes.iter().map(|note| note.id.0).collect();
    let guids: Vec<_> = notes.iter().map(|note| note.guid.clone()).collect();
    let kinds: Vec<_> = notes.iter().map(|note| <&str>::from(note.kind).to_owned()).collect();
    let fields: Vec<_> = notes.iter().map(|note| note.fields.value()).collect();
    // Arrays of arrays must be even in SQL; lists in JSON need not be.
    let tags: Vec<_> = notes.iter().map(|note| serde_json::json!(note.tags)).collect();
    let images: Vec<_> = notes.iter().map(|note| serde_json::json!(note.fields.images())).collect();
    let sources: Vec<_> = notes.iter().map(|note| note.source.clone()).collect();
    let origins: Vec<_> = notes.iter().map(|note| origin(note.created_by).to_owned()).collect();
    let messages: Vec<_> = notes.iter().map(|note| note.message.map(|message| message.0)).collect();
    sqlx::query_scalar!(
        r#"insert into notes (id, user_id, deck_id, guid, kind, fields, tags, images, source, created_by, message_id)
           select n.id, $1, $2, n.guid, n.kind::note_kind, n.fields,
                  array(select jsonb_array_elements_text(n.tags)), array(select jsonb_array_elements_text(n.images)::uuid),
                  n.source, n.created_by::note_origin, n.message_id
           from unnest($3::uuid[], $4::text[], $5::text[], $6::jsonb[], $7::jsonb[], $8::jsonb[], $9::jsonb[], $10::text[], $11::uuid[])
                as n(id, guid, kind, fields, tags, images, source, created_by, message_id)
           on conflict (user_id, guid) do nothing
           returning id as "id: NoteId""#,
        user.0,
        deck.0,
        &ids,
        &guids,
        &kinds,
        &fields,
        &tags,
        &images,
        &sources as &[Option<Value>],
        &origins,
        &messages as &[Option<uuid::Uuid>],
    )
    .fetch_all(conn)
    .await
}

fn origin(origin: NoteOrigin) -> &'static str {
    match origin {
        NoteOrigin::Student => "student",
        NoteOrigin::Command => "command",
        NoteOrigin::Import => "import",
    }
}

async fn insert_cards_of<'a>(
    conn: &mut PgConnection,
    user: UserId,
    deck: DeckId,
    notes: impl Iterator<Item = &'a NewNote>,
) -> sqlx::Result<()> {
    let (mut ids, mut of_notes, mut ordinals) = (Vec::new(), Vec::new(), Vec::new());
    for note in notes {
        for ordinal in note.fields.ordinals(note.kind) {
            ids.push(CardId::generate());
            of_notes.push(note.id);
            ordinals.push(ordinal);
        }
    }
    add_cards(conn, user, deck, &ids, &of_notes, &ordinals).await
}

/// Adds new cards of these notes, in this order.
pub(super) async fn add_cards(
    conn: &mut PgConnection,
    user: UserId,
    deck: DeckId,
    ids: &[CardId],
    notes: &[NoteId],
    ordinals: &[i16],
) -> sqlx::Result<()> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let notes: Vec<_> = notes.iter().map(|id| id.0).collect();
    sqlx::query!(
        r#"insert into cards (id, user_id, note_id, deck_id, ordinal, position)
           select c.id, $1, c.note_id, $2, c.ordinal,
                  c.place + coalesce((select max(position) from cards
                                      where user_id = $1 and state = 'new' and not suspended), 0)
           from unnest($3::uuid[], $4::uuid[], $5::smallint[]) with ordinality as c(id, note_id, ordinal, place)"#,
        user.0,
        deck.0,
        &ids,
        &notes,
        ordinals,
    )
    .execute(conn)
    .await?;
    Ok(())
}
