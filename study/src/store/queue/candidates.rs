//! The cards that may be asked today, and no others: what is due, what is in steps, and of the new ones only those whose
//! turn can come.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::least;
use crate::{
    ids::{CardId, DeckId, NoteId, UserId},
    scheduling::{
        Day,
        queue::{Allowance, Waiting},
    },
    store::cards,
};

/// More cards are never in steps at a time, and more reviews never asked on a day: limits end at 9,999.
const MOST: i64 = 10_000;

/// Of what there is to choose.
pub(super) struct Scope<'a> {
    pub(super) user: UserId,
    pub(super) day: Day,
    pub(super) decks: &'a [DeckId],
    pub(super) left: &'a HashMap<DeckId, Allowance>,
    pub(super) answered: &'a HashSet<NoteId>,
}

struct Row {
    id: CardId,
    note: NoteId,
    deck: DeckId,
    due_at: Option<DateTime<Utc>>,
    due_day: Option<i32>,
    turn: i64,
}

impl Row {
    fn waiting(self) -> Waiting {
        let Self { id, note, deck, due_at, due_day, turn } = self;
        Waiting { card: id, note, deck, due: cards::due(due_at, due_day), turn }
    }
}

/// Cards in steps, those that are due first. They are found by when they are due, before decks are looked at: few are, and
/// a database without statistics would otherwise go through whole decks.
pub(super) async fn in_steps(conn: &mut PgConnection, scope: &Scope<'_>) -> sqlx::Result<Vec<Waiting>> {
    let decks: Vec<_> = scope.decks.iter().map(|deck| deck.0).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"with waiting as materialized (
             select id, note_id, deck_id, due_at, due_day, position from cards
             where user_id = $1 and due_at is not null and not suspended and buried_on is distinct from $2)
           select id as "id: CardId", note_id as "note: NoteId", deck_id as "deck: DeckId", due_at, due_day, position as turn
           from waiting where deck_id = any($3)
           order by due_at, id limit $4"#,
        scope.user.0,
        scope.day.0,
        &decks,
        MOST,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Row::waiting).collect())
}

/// Reviews that are due, the longest first, of decks that have some left today.
pub(super) async fn due(conn: &mut PgConnection, scope: &Scope<'_>) -> sqlx::Result<Vec<Waiting>> {
    let open = |deck: &&DeckId| least(**deck, scope.left, |left| left.reviews) > 0;
    let decks: Vec<_> = scope.decks.iter().filter(open).map(|deck| deck.0).collect();
    if decks.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query_as!(
        Row,
        r#"with waiting as materialized (
             select id, note_id, deck_id, due_at, due_day, position from cards
             where user_id = $1 and due_day <= $2 and due_day is not null and not suspended
               and buried_on is distinct from $2)
           select id as "id: CardId", note_id as "note: NoteId", deck_id as "deck: DeckId", due_at, due_day, position as turn
           from waiting where deck_id = any($3)
           order by due_day, id limit $4"#,
        scope.user.0,
        scope.day.0,
        &decks,
        MOST,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Row::waiting).collect())
}

/// New cards by their turn: of each deck as many as its limits leave, and one of a note.
pub(super) async fn new(conn: &mut PgConnection, scope: &Scope<'_>) -> sqlx::Result<Vec<Waiting>> {
    let room = |deck: &DeckId| (*deck, least(*deck, scope.left, |left| left.new));
    let open: Vec<(DeckId, u32)> = scope.decks.iter().map(room).filter(|(_, room)| *room > 0).collect();
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let decks: Vec<_> = open.iter().map(|(deck, _)| deck.0).collect();
    let rooms: Vec<_> = open.iter().map(|(_, room)| i64::from(*room)).collect();
    let answered: Vec<_> = scope.answered.iter().map(|note| note.0).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"select c.id as "id: CardId", c.note_id as "note: NoteId", c.deck_id as "deck: DeckId", c.due_at, c.due_day,
                  c.position as turn
           from unnest($3::uuid[], $4::bigint[]) as d(id, room)
           cross join lateral (
             select n.id, n.note_id, n.deck_id, n.due_at, n.due_day, n.position from cards n
             where n.user_id = $1 and n.deck_id = d.id and n.state = 'new' and not n.suspended
               and n.buried_on is distinct from $2 and n.note_id <> all($5)
               and not exists (
                 select from cards s
                 where s.user_id = $1 and s.note_id = n.note_id and s.id <> n.id and not s.suspended
                   and s.buried_on is distinct from $2
                   and (s.due_day <= $2 or s.due_at is not null
                        or (s.state = 'new' and s.deck_id = n.deck_id and (s.position, s.id) < (n.position, n.id))))
             order by n.position, n.id limit d.room) c"#,
        scope.user.0,
        scope.day.0,
        &decks,
        &rooms,
        &answered,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Row::waiting).collect())
}
