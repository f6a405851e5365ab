//! Changing notes: their cards follow their fields, and those that stay keep their schedule.

use std::collections::BTreeSet;

use sqlx::PgConnection;

use super::{Note, insert::add_cards};
use crate::{
    ids::{CardId, DeckId, NoteId, UserId},
    notes::{Fields, moved},
};

/// Gives a note other fields. Cards of numbers that are gone go, those of new ones come.
pub async fn update(conn: &mut PgConnection, user: UserId, note: &Note, fields: &Fields) -> sqlx::Result<()> {
    let images: Vec<_> = fields.images().iter().map(|image| image.0).collect();
    sqlx::query!(
        "update notes set fields = $3, images = $4, updated_at = now() where user_id = $1 and id = $2",
        user.0,
        note.id.0,
        fields.value(),
        &images,
    )
    .execute(&mut *conn)
    .await?;
    if let Fields::Occlusion(after) = fields
        && let Ok(Fields::Occlusion(before)) = Fields::read(note.kind, note.fields.clone())
    {
        follow_boxes(&mut *conn, user, note.id, &moved(&before.boxes, &after.boxes)).await?;
    }
    let wanted = fields.ordinals(note.kind);
    let there = ordinals(&mut *conn, user, note.id).await?;
    let gone: Vec<i16> = there.difference(&wanted).copied().collect();
    sqlx::query!(
        "delete from cards where user_id = $1 and note_id = $2 and ordinal = any($3)",
        user.0,
        note.id.0,
        &gone,
    )
    .execute(&mut *conn)
    .await?;
    let new: Vec<i16> = wanted.difference(&there).copied().collect();
    let ids: Vec<CardId> = new.iter().map(|_| CardId::generate()).collect();
    let notes: Vec<NoteId> = new.iter().map(|_| note.id).collect();
    add_cards(conn, user, note.deck, &ids, &notes, &new).await
}

async fn ordinals(conn: &mut PgConnection, user: UserId, note: NoteId) -> sqlx::Result<BTreeSet<i16>> {
    let ordinals = sqlx::query_scalar!(
        "select ordinal from cards where user_id = $1 and note_id = $2 for update",
        user.0,
        note.0,
    );
    Ok(ordinals.fetch_all(conn).await?.into_iter().collect())
}

/// Cards go with their boxes, wherever these stand in the list now. Cards of boxes that are gone get numbers that no box
/// has, and go with these. In two steps, since on the way no two may have the same number.
async fn follow_boxes(
    conn: &mut PgConnection,
    user: UserId,
    note: NoteId,
    pairs: &[(usize, usize)],
) -> sqlx::Result<()> {
    let number = |place: usize| i16::try_from(place).unwrap_or(i16::MAX);
    let from: Vec<i16> = pairs.iter().map(|(from, _)| number(*from)).collect();
    let to: Vec<i16> = pairs.iter().map(|(_, to)| number(*to)).collect();
    sqlx::query!(
        "update cards set ordinal = -1 - ordinal where user_id = $1 and note_id = $2",
        user.0,
        note.0,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        r#"update cards c set ordinal = p.to_place, updated_at = now()
           from unnest($3::smallint[], $4::smallint[]) as p(from_place, to_place)
           where c.user_id = $1 and c.note_id = $2 and c.ordinal = -1 - p.from_place"#,
        user.0,
        note.0,
        &from,
        &to,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves notes with all of their cards to another deck. Returns how many that changed.
pub async fn move_to(
    conn: &mut PgConnection,
    user: UserId,
    ids: &[NoteId],
    deck: DeckId,
) -> sqlx::Result<u64> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    sqlx::query!(
        "update cards set deck_id = $3, updated_at = now() where user_id = $1 and note_id = any($2) and deck_id <> $3",
        user.0,
        &ids,
        deck.0,
    )
    .execute(&mut *conn)
    .await?;
    let done = sqlx::query!(
        "update notes set deck_id = $3, updated_at = now() where user_id = $1 and id = any($2) and deck_id <> $3",
        user.0,
        &ids,
        deck.0,
    );
    Ok(done.execute(conn).await?.rows_affected())
}

/// Gives a note these tags and no others.
pub async fn set_tags(
    conn: &mut PgConnection,
    user: UserId,
    id: NoteId,
    tags: &[String],
) -> sqlx::Result<()> {
    sqlx::query!(
        "update notes set tags = $3, updated_at = now() where user_id = $1 and id = $2",
        user.0,
        id.0,
        tags,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes notes with their cards. Returns how many there were.
pub async fn delete(conn: &mut PgConnection, user: UserId, ids: &[NoteId]) -> sqlx::Result<u64> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let done = sqlx::query!("delete from notes where user_id = $1 and id = any($2)", user.0, &ids);
    Ok(done.execute(conn).await?.rows_affected())
}
