//! What is in a deck and those below it, as a package.

use std::collections::HashMap;

use anki::{
    Card, Deck, Package, Review, ReviewKind,
    ours::{OurNote, ordinal, to_note, to_schedule},
};
use domain::ids::{CardId, DeckId, NoteId, UserId};
use sqlx::PgConnection;
use study::{
    notes::Fields,
    scheduling::{Rating, State},
    store::{
        cards::{self, StoredCard},
        decks,
        exchange::{self, Answered, Known},
        settings,
    },
};

use super::pictures::Pictures;
use crate::error::ApiResult;

/// How many notes are read at a time.
const BATCH: i64 = 500;

/// What is to be written.
pub(super) struct Gathered {
    pub(super) package: Package,
    pub(super) pictures: Pictures,
    /// Of the deck.
    pub(super) title: String,
    /// Of the student's parameters.
    pub(super) decay: f32,
}

/// Gathers a deck; none where there is no such deck.
pub(super) async fn deck(
    conn: &mut PgConnection,
    user: UserId,
    id: DeckId,
    scheduling: bool,
) -> ApiResult<Option<Gathered>> {
    let ids = decks::subtree(&mut *conn, user, id).await?;
    let decks: Vec<decks::Deck> =
        decks::list(&mut *conn, user).await?.into_iter().filter(|deck| ids.contains(&deck.id)).collect();
    let Some(root) = decks.iter().find(|deck| deck.id == id) else { return Ok(None) };
    let title = root.title.clone();
    let decay = settings::find(&mut *conn, user).await?.parameters.decay();
    let mut gathering = Gathering::new(&decks);
    let mut after = None;
    loop {
        let notes = exchange::notes_after(&mut *conn, user, &ids, after, BATCH).await?;
        let Some(last) = notes.last() else { break };
        after = Some(last.note.id);
        gathering.add(&mut *conn, user, &notes, scheduling).await?;
    }
    gathering.package.reviews.sort_by_key(|review| review.at);
    let Gathering { package, pictures, .. } = gathering;
    Ok(Some(Gathered { package, pictures, title, decay }))
}

struct Gathering {
    package: Package,
    pictures: Pictures,
    /// The place of each deck, and how many learning steps it has.
    decks: HashMap<DeckId, (usize, usize)>,
}

impl Gathering {
    fn new(decks: &[decks::Deck]) -> Self {
        let written = decks.iter().map(|deck| Deck {
            id: Some(anki::deck_id(deck.id.0.as_bytes())),
            name: deck.title.clone(),
            desired_retention: Some(deck.desired_retention),
        });
        let package = Package { decks: written.collect(), ..Package::default() };
        let places = decks.iter().enumerate().map(|(at, deck)| (deck.id, (at, deck.learning_steps.len())));
        Self { package, pictures: Pictures::default(), decks: places.collect() }
    }

    async fn add(
        &mut self,
        conn: &mut PgConnection,
        user: UserId,
        notes: &[Known],
        scheduling: bool,
    ) -> ApiResult<()> {
        let read: Vec<(&Known, Fields)> =
            notes.iter().filter_map(|known| Some((known, fields(known)?))).collect();
        let images: Vec<_> = read.iter().flat_map(|(_, fields)| fields.images()).collect();
        self.pictures.find(&mut *conn, &images).await?;
        let mut places = HashMap::new();
        for (known, fields) in &read {
            if let Some(note) = to_note(&ours(known, fields), |id| self.pictures.name(id)) {
                places.insert(known.note.id, (self.package.notes.len(), *known));
                self.package.notes.push(note);
            }
        }
        let ids: Vec<NoteId> = places.keys().copied().collect();
        let cards = cards::of_notes(&mut *conn, user, &ids).await?;
        let asked: Vec<CardId> = cards.iter().filter(|_| scheduling).map(|card| card.id).collect();
        let answers = exchange::answers(conn, user, &asked).await?;
        let mut logs: HashMap<CardId, Vec<Answered>> = HashMap::new();
        for answer in answers {
            let log = logs.entry(answer.card).or_default();
            match answer.rating {
                Some(_) => log.push(answer),
                // It was set back to new: what was before does not count.
                None => log.clear(),
            }
        }
        for card in &cards {
            if let Some((place, known)) = places.get(&card.note) {
                self.add_card(card, *place, known, logs.get(&card.id).map_or(&[], Vec::as_slice));
            }
        }
        Ok(())
    }

    fn add_card(&mut self, card: &StoredCard, note: usize, known: &Known, log: &[Answered]) {
        let Some(ordinal) = ordinal(known.note.kind, card.ordinal) else { return };
        let home = self.decks.get(&card.deck).or_else(|| self.decks.get(&known.note.deck));
        let Some(&(deck, steps)) = home else { return };
        let last = log.last().map(|answer| answer.at);
        let schedule = to_schedule(&card.schedule(), steps, card.suspended, last);
        let place = self.package.cards.len();
        self.package.reviews.extend(log.iter().filter_map(|answer| review(place, answer)));
        self.package.cards.push(Card { note, ordinal, deck, schedule });
    }
}

/// What does not fit any more is of another release, and left out.
fn fields(known: &Known) -> Option<Fields> {
    Fields::read(known.note.kind, known.note.fields.clone()).ok()
}

fn ours<'a>(known: &'a Known, fields: &'a Fields) -> OurNote<'a> {
    OurNote {
        guid: &known.guid,
        kind: known.note.kind,
        fields,
        tags: &known.note.tags,
        source: known.note.source.as_ref(),
        created: known.note.created_at.timestamp_millis(),
        modified: known.note.updated_at.timestamp(),
    }
}

fn review(card: usize, answer: &Answered) -> Option<Review> {
    let rating = Rating::try_from(u8::try_from(answer.rating?).ok()?).ok()?;
    let length = u64::from(answer.interval.unsigned_abs());
    Some(Review {
        card,
        at: answer.at.timestamp_millis(),
        rating,
        interval: if answer.interval < 0 { length } else { length * 86_400 },
        kind: match answer.was {
            State::New | State::Learning => ReviewKind::Learning,
            State::Review => ReviewKind::Review,
            State::Relearning => ReviewKind::Relearning,
        },
        duration: answer.duration_ms.unsigned_abs(),
    })
}
