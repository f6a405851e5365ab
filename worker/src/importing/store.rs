//! Stores what was read: decks, then notes with their cards and answers, batch by batch.

use std::collections::HashMap;

use anki::{
    Note, Package,
    ours::{number, to_card, to_fields},
};
use chrono_tz::Tz;
use domain::Tx;
use study::{
    deck_title,
    ids::{DeckId, NoteId},
    notes::{self, Fields, LONGEST_TAG, MOST_TAGS, NoteKind, NoteOrigin},
    scheduling::{Day, Model, memory::USUAL_RETENTION},
    store::{
        decks,
        exchange::{self, ImportedCard},
        notes as stored, settings,
    },
};

use super::{
    Counts, ImportRefusal, Run, Stop,
    parcel::Parcel,
    reviews::{OfCard, log},
};

/// How many notes are stored at a time, and how many answers by one statement.
const BATCH: usize = 250;
const ANSWERS: usize = 5_000;

/// What storing needs of a file.
struct Import {
    parcel: Parcel,
    /// Where each deck of the file is kept.
    decks: Vec<Option<DeckId>>,
    /// The places of each note's cards, and of each card's answers.
    cards: Vec<Vec<usize>>,
    answers: Vec<Vec<usize>>,
    model: Model,
    zone: Tz,
    counts: Counts,
}

/// A note that was not there before.
struct New {
    place: usize,
    note: stored::NewNote,
}

impl Run<'_> {
    /// Stores all of it.
    pub(super) async fn store(&mut self, parcel: Parcel) -> Result<Counts, Stop> {
        let mut tx = self.begin().await?;
        let in_use = settings::find(&mut tx, self.user).await?;
        self.require_room(&mut tx, &parcel.package).await?;
        let decks = self.find_decks(&mut tx, &parcel.package).await?;
        self.commit(tx, 15).await?;
        let mut import = Import::new(parcel, decks);
        import.model = Model::new(&in_use.parameters, USUAL_RETENTION);
        import.zone = in_use.zone;
        let all = import.parcel.package.notes.len();
        for from in (0..all).step_by(BATCH) {
            let to = (from + BATCH).min(all);
            let mut tx = self.begin().await?;
            self.store_batch(&mut tx, &mut import, from..to).await?;
            let percent = 15 + 84 * to / all.max(1);
            self.commit(tx, u64::try_from(percent).unwrap_or(99)).await?;
        }
        Ok(import.counts)
    }

    async fn require_room(&self, tx: &mut Tx, package: &Package) -> Result<(), Stop> {
        let guids: Vec<String> = package.notes.iter().map(|note| note.guid.clone()).collect();
        let known = exchange::count_known(tx, self.user, &guids).await?;
        let new = i64::try_from(guids.len()).unwrap_or(i64::MAX).saturating_sub(known);
        if new <= 0 || stored::has_room(tx, self.user, new).await? {
            return Ok(());
        }
        Err(Stop::Refused(ImportRefusal::NoRoom { what: "notes", most: stored::MOST }))
    }

    /// The decks of a file, made where they are missing.
    async fn find_decks(&self, tx: &mut Tx, package: &Package) -> Result<Vec<Option<DeckId>>, Stop> {
        let mut found = Vec::with_capacity(package.decks.len());
        for deck in &package.decks {
            let plain = deck_title::plain(&deck.name);
            let parts = deck_title::parts(&deck.name).unwrap_or_else(|_no_title| vec![plain.as_str()]);
            let id = decks::find_or_insert(tx, self.user, &parts).await?;
            if id.is_none() {
                return Err(Stop::Refused(ImportRefusal::NoRoom { what: "decks", most: decks::MOST }));
            }
            found.push(id);
        }
        Ok(found)
    }

    async fn store_batch(
        &self,
        tx: &mut Tx,
        import: &mut Import,
        range: std::ops::Range<usize>,
    ) -> Result<(), Stop> {
        let notes = import.parcel.package.notes.get(range.clone()).unwrap_or_default();
        let guids: Vec<String> = notes.iter().map(|note| note.guid.clone()).collect();
        let known = exchange::known(tx, self.user, &guids).await?;
        let mut new: HashMap<DeckId, Vec<New>> = HashMap::new();
        for (place, note) in range.zip(notes) {
            let there = known.get(&note.guid);
            let Some((kind, fields)) = import.fields(note, there) else {
                import.counts.notes_left_out += 1;
                continue;
            };
            let tags = tags(note);
            match there {
                Some(there) => {
                    let changed = change(note, there, kind, &fields, &tags);
                    import.counts.other_kind += usize::from(matches!(changed, Change::OtherKind));
                    if matches!(changed, Change::Newer) {
                        stored::update(tx, self.user, there, &fields).await?;
                        stored::set_tags(tx, self.user, there.id, &tags).await?;
                        import.counts.notes_updated += 1;
                    } else {
                        import.counts.notes_unchanged += 1;
                    }
                }
                None => match import.deck_of(place) {
                    Some(deck) => new
                        .entry(deck)
                        .or_default()
                        .push(New { place, note: new_note(note, kind, fields, tags) }),
                    None => import.counts.notes_left_out += 1,
                },
            }
        }
        for (deck, new) in new {
            self.add(tx, import, deck, new).await?;
        }
        Ok(())
    }

    /// Adds notes of one deck with their cards, schedules and answers.
    async fn add(&self, tx: &mut Tx, import: &mut Import, deck: DeckId, new: Vec<New>) -> Result<(), Stop> {
        let (places, new): (Vec<usize>, Vec<stored::NewNote>) =
            new.into_iter().map(|new| (new.place, new.note)).unzip();
        let added = stored::insert_all(tx, self.user, deck, &new).await?;
        import.counts.notes_created += added.len();
        let there: Vec<(usize, NoteId)> = places
            .into_iter()
            .zip(&new)
            .filter(|(_, note)| added.contains(&note.id))
            .map(|(place, note)| (place, note.id))
            .collect();
        let now = self.now();
        let zone = import.zone;
        let day = |at| Day::of(at, zone);
        let (mut cards, mut answered) = (Vec::new(), Vec::new());
        for (place, id) in &there {
            for card in import.cards.get(*place).into_iter().flatten() {
                let Some((note, of_file)) = import.card(*card) else { continue };
                let Some(ordinal) = number(note, of_file.ordinal) else { continue };
                let last = import.answers_of(*card).last().map(|review| review.at);
                let last = last.and_then(chrono::DateTime::from_timestamp_millis);
                let schedule = to_card(&of_file.schedule, last, now, day, &import.model);
                let suspended = of_file.schedule.suspended;
                cards.push(ImportedCard { note: *id, ordinal, card: schedule, suspended });
                answered.push((*card, *id, ordinal));
            }
        }
        let ids = exchange::set_schedules(tx, self.user, &cards).await?;
        import.counts.cards += ids.len();
        let mut logs = Vec::new();
        for (card, note, ordinal) in answered {
            let Some(id) = ids.get(&(note, ordinal)) else { continue };
            let Some((of_file, _)) = import.card(card) else { continue };
            let of = OfCard { card: *id, deck, guid: &of_file.guid, ordinal };
            logs.extend(log(&of, import.answers_of(card), now, day));
        }
        for logs in logs.chunks(ANSWERS) {
            import.counts.reviews += exchange::insert_reviews(tx, self.user, logs).await?;
        }
        Ok(())
    }
}

impl Import {
    fn new(mut parcel: Parcel, decks: Vec<Option<DeckId>>) -> Self {
        let package = &parcel.package;
        let mut cards = vec![Vec::new(); package.notes.len()];
        for (at, card) in package.cards.iter().enumerate() {
            if let Some(cards) = cards.get_mut(card.note) {
                cards.push(at);
            }
        }
        let mut answers = vec![Vec::new(); package.cards.len()];
        for (at, review) in package.reviews.iter().enumerate() {
            if let Some(answers) = answers.get_mut(review.card) {
                answers.push(at);
            }
        }
        let counts = Counts {
            decks: decks.len(),
            images_left_out: parcel.images_left_out,
            bad_lines: parcel.bad_lines,
            report: std::mem::take(&mut parcel.package.report),
            ..Counts::default()
        };
        let model = Model::new(&study::scheduling::Parameters::default(), USUAL_RETENTION);
        Self { parcel, decks, cards, answers, model, zone: Tz::UTC, counts }
    }

    fn card(&self, at: usize) -> Option<(&Note, &anki::Card)> {
        let card = self.parcel.package.cards.get(at)?;
        Some((self.parcel.package.notes.get(card.note)?, card))
    }

    fn answers_of(&self, card: usize) -> impl DoubleEndedIterator<Item = &anki::Review> {
        let places = self.answers.get(card).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|at| self.parcel.package.reviews.get(*at))
    }

    /// Where a note is kept: where its first card is.
    fn deck_of(&self, note: usize) -> Option<DeckId> {
        let card = self.parcel.package.cards.get(*self.cards.get(note)?.first()?)?;
        self.decks.get(card.deck).copied().flatten()
    }

    fn fields(&self, note: &Note, there: Option<&stored::Note>) -> Option<(NoteKind, Fields)> {
        let image = |name: &str| self.parcel.images.get(name).copied();
        to_fields(note, image, there.is_some_and(|there| there.source.is_some())).ok()
    }
}

/// What a note of a file is to one that is there.
enum Change {
    /// It says something else, and later.
    Newer,
    /// It is the same, or older.
    Nothing,
    /// Its fields are those of another kind.
    OtherKind,
}

fn change(note: &Note, there: &stored::Note, kind: NoteKind, fields: &Fields, tags: &[String]) -> Change {
    let sides = |kind: NoteKind| matches!(kind, NoteKind::Basic | NoteKind::BasicReversed);
    if note.modified <= there.updated_at.timestamp() {
        Change::Nothing
    } else if kind != there.kind && !(sides(kind) && sides(there.kind)) {
        Change::OtherKind
    } else if fields.value() == there.fields && tags == there.tags {
        Change::Nothing
    } else {
        Change::Newer
    }
}

fn tags(note: &Note) -> Vec<String> {
    let tags: Vec<String> =
        note.tags.iter().take(MOST_TAGS).map(|tag| tag.chars().take(LONGEST_TAG).collect()).collect();
    notes::tags(tags.iter().map(String::as_str)).unwrap_or_default()
}

fn new_note(note: &Note, kind: NoteKind, fields: Fields, tags: Vec<String>) -> stored::NewNote {
    stored::NewNote {
        id: NoteId::generate(),
        guid: note.guid.clone(),
        kind,
        fields,
        tags,
        source: None,
        created_by: NoteOrigin::Import,
        message: None,
    }
}
