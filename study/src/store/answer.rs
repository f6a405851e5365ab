//! An answer to a card: one transaction, of whoever calls.

use chrono::{DateTime, Duration, SubsecRound as _, Utc};
use sqlx::PgConnection;

use super::{
    cards::{self, StoredCard},
    load, notes, reviews,
    reviews::{LONGEST, Logged, NewReview},
    settings,
};
use crate::{
    ids::{CardId, ReviewId, UserId},
    scheduling::{
        Asked, Card, CardSeed, Day, Due, Interval, Model, Rating, State, queue::LOOK_AHEAD, rebuild, review,
    },
};

/// The tag of a note with a card that is forgotten again and again.
pub const LEECH: &str = "leech";

/// What a student answered.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// To which card.
    pub card: CardId,
    /// How well it was known.
    pub rating: Rating,
    /// How long it took.
    pub duration_ms: i64,
    /// When, where that was before now: while there was no line.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// How often the card had been answered when it was shown.
    pub reps: Option<u32>,
    /// The same for the same answer.
    pub key: &'a str,
    /// The moment.
    pub now: DateTime<Utc>,
}

/// What an answer made of a card.
#[derive(Debug, Clone)]
pub struct Reviewed {
    /// The row of the log.
    pub review: ReviewId,
    /// Which card.
    pub card: CardId,
    /// What it is after it.
    pub after: Card,
    /// When it comes back.
    pub interval: Interval,
    /// Whether it is suspended.
    pub suspended: bool,
    /// Whether this answer made it a leech.
    pub leech: bool,
}

/// What became of an answer.
#[derive(Debug)]
pub enum Answered {
    /// It is stored, by this call or by an earlier one with its key.
    Reviewed(Reviewed),
    /// There is no such card.
    NoCard,
    /// The key came with another answer.
    KeyTaken,
    /// The card is not asked now: it was answered elsewhere, or is suspended.
    NotDue(StoredCard),
}

/// Stores an answer and what it makes of its card.
pub async fn answer(conn: &mut PgConnection, user: UserId, answer: &Answer<'_>) -> sqlx::Result<Answered> {
    let Some(card) = cards::lock(&mut *conn, user, answer.card).await? else { return Ok(Answered::NoCard) };
    let settings = settings::find(&mut *conn, user).await?;
    let log = reviews::log(&mut *conn, user, card.id).await?;
    let schedule = settings::of_deck(&mut *conn, user, card.deck, &settings.parameters).await?;
    // After the lock: of two at once with one key the second sees what the first stored.
    if let Some(earlier) = reviews::find_by_key(&mut *conn, user, answer.key).await? {
        let same = earlier.card == card.id && earlier.rating == Some(i16::from(u8::from(answer.rating)));
        let again = if same { repeated(&card, &log, earlier.id, &schedule.model) } else { None };
        return Ok(again.map_or(Answered::KeyTaken, Answered::Reviewed));
    }
    let (before, at) = (card.schedule(), moment(&card, &log, answer));
    let today = Day::of(at, settings.zone);
    let shown = answer.reps.is_none_or(|reps| reps == before.reps);
    if card.suspended || !shown || !is_due(&before, at, today) {
        return Ok(Answered::NotDue(card));
    }
    let due = load::due_by_day(&mut *conn, user, today).await?;
    let siblings = load::of_siblings(&mut *conn, user, &[card.note]).await?;
    let load = load::load(&due, siblings.get(&card.note), card.ordinal);
    let seed = CardSeed::new(card.id.0, before.reps);
    let asked = Asked { seed, at, zone: settings.zone, load: &load };
    let (after, entry) = review(&before, answer.rating, &schedule, &asked);
    let recalled = before.memory.filter(|_| before.state == State::Review);
    let new = NewReview {
        id: ReviewId::generate(),
        before: &card,
        entry: &entry,
        after: &after,
        undoes: None,
        recall: recalled.map(|memory| schedule.model.retrievability(memory, before.elapsed(today))),
        duration_ms: i32::try_from(answer.duration_ms.clamp(0, LONGEST)).unwrap_or(0),
        key: answer.key,
    };
    // Taken by another card's answer in the meantime.
    if !reviews::insert(&mut *conn, user, &new).await? {
        return Ok(Answered::KeyTaken);
    }
    let leech = after.became_leech(&before);
    cards::set_schedule(&mut *conn, user, card.id, &after, leech).await?;
    if leech {
        notes::add_tag(conn, user, card.note, LEECH).await?;
    }
    let (review, interval) = (new.id, entry.interval);
    Ok(Answered::Reviewed(Reviewed { review, card: card.id, after, interval, suspended: leech, leech }))
}

/// When an answer was given: not in the future, and after whatever the card has been through.
fn moment(card: &StoredCard, log: &[Logged], answer: &Answer<'_>) -> DateTime<Utc> {
    let last = log.last().map(|row| row.entry.at + Duration::microseconds(1));
    let said = answer.reviewed_at.unwrap_or(answer.now).min(answer.now);
    // As exact as the database keeps it, so that a card made anew from its log is the same.
    said.max(card.created_at.min(answer.now)).max(last.unwrap_or(said)).trunc_subsecs(6)
}

/// Whether a card may be asked at this moment.
pub(super) fn is_due(card: &Card, at: DateTime<Utc>, today: Day) -> bool {
    match card.due {
        Due::InTurn => true,
        Due::At(due) => due <= at + LOOK_AHEAD,
        Due::On(day) => day <= today,
    }
}

/// What an answer made of its card, told again.
fn repeated(card: &StoredCard, log: &[Logged], id: ReviewId, model: &Model) -> Option<Reviewed> {
    let until = log.iter().position(|row| row.id == id)?;
    let row = log.get(until)?;
    let before: Vec<_> = reviews::standing(log.get(..until)?);
    let mut through = before.clone();
    through.push(row.entry);
    let (before, after) = (rebuild(&card.start(), &before, model), rebuild(&card.start(), &through, model));
    let leech = after.became_leech(&before);
    let interval = row.entry.interval;
    Some(Reviewed { review: id, card: card.id, after, interval, suspended: leech, leech })
}
