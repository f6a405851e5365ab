//! The cards of a queue as they are shown: with the fields of their notes, and what each rating would lead to.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use super::DayPlan;
use crate::{
    ids::{CardId, DeckId, NoteId, UserId},
    notes::NoteKind,
    scheduling::{Asked, Card, CardSeed, Day, Memory, NextStates, Settings, State, next_states},
    store::{cards, load, settings},
};

/// A card that is asked.
#[derive(Debug)]
pub struct Shown {
    /// Which.
    pub id: CardId,
    /// Whose side it is.
    pub note: NoteId,
    /// Where it is kept.
    pub deck: DeckId,
    /// What that is called.
    pub deck_title: String,
    /// How its note makes cards.
    pub kind: NoteKind,
    /// Which of them it is.
    pub ordinal: i16,
    /// What its note holds.
    pub fields: Value,
    /// The tags of its note.
    pub tags: Vec<String>,
    /// What its note stands on.
    pub source: Option<Value>,
    /// The card as its schedule sees it.
    pub card: Card,
    /// What each rating leads to.
    pub next: NextStates,
}

struct Row {
    id: CardId,
    note: NoteId,
    deck: DeckId,
    ordinal: i16,
    kind: NoteKind,
    fields: Value,
    tags: Vec<String>,
    source: Option<Value>,
    state: State,
    step: i16,
    stability: Option<f32>,
    difficulty: Option<f32>,
    due_at: Option<DateTime<Utc>>,
    due_day: Option<i32>,
    interval: i32,
    last_day: Option<i32>,
    reps: i32,
    lapses: i32,
}

impl Row {
    fn card(&self) -> Card {
        Card {
            state: self.state,
            step: u8::try_from(self.step).unwrap_or(0),
            memory: self.stability.zip(self.difficulty).and_then(|(one, other)| Memory::new(one, other)),
            due: cards::due(self.due_at, self.due_day),
            interval: u32::try_from(self.interval).unwrap_or(0),
            last_day: self.last_day.map(Day),
            reps: u32::try_from(self.reps).unwrap_or(0),
            lapses: u32::try_from(self.lapses).unwrap_or(0),
        }
    }
}

/// The first cards of a plan, at most so many, in their order.
pub async fn shown(
    conn: &mut PgConnection,
    user: UserId,
    plan: &DayPlan,
    limit: usize,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Shown>> {
    let ids: Vec<_> = plan.now.iter().take(limit).map(|card| card.card.0).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"select c.id as "id: CardId", c.note_id as "note: NoteId", c.deck_id as "deck: DeckId", c.ordinal,
                  n.kind as "kind: NoteKind", n.fields, n.tags, n.source, c.state as "state: State", c.step, c.stability,
                  c.difficulty, c.due_at, c.due_day, c.interval, c.last_day, c.reps, c.lapses
           from unnest($2::uuid[]) with ordinality as asked(id, place)
           join cards c on c.id = asked.id and c.user_id = $1
           join notes n on n.id = c.note_id and n.user_id = $1
           order by asked.place"#,
        user.0,
        &ids,
    )
    .fetch_all(&mut *conn)
    .await?;
    let notes: Vec<NoteId> = rows.iter().map(|row| row.note).collect();
    let siblings = load::of_siblings(conn, user, &notes).await?;
    let decks: HashMap<DeckId, (String, Settings)> = plan
        .decks
        .iter()
        .filter(|deck| rows.iter().any(|row| row.deck == deck.id))
        .map(|deck| {
            let parameters = &plan.settings.parameters;
            let schedule = settings::schedule(parameters, deck.desired_retention, &deck.learning_steps);
            (deck.id, (deck.title.clone(), schedule))
        })
        .collect();
    let shown = rows.into_iter().filter_map(|row| {
        let (title, schedule) = decks.get(&row.deck)?;
        let load = load::load(&plan.due, siblings.get(&row.note), row.ordinal);
        let card = row.card();
        let seed = CardSeed::new(row.id.0, card.reps);
        let asked = Asked { seed, at: now, zone: plan.settings.zone, load: &load };
        let next = next_states(&card, schedule, &asked);
        let Row { id, note, deck, ordinal, kind, fields, tags, source, .. } = row;
        Some(Shown {
            id,
            note,
            deck,
            deck_title: title.clone(),
            kind,
            ordinal,
            fields,
            tags,
            source,
            card,
            next,
        })
    });
    Ok(shown.collect())
}
