//! Taking back an answer: a row that names it, and the card made anew from what is left.

use chrono::{DateTime, SubsecRound as _, Utc};
use sqlx::PgConnection;

use super::{answer::LEECH, cards, cards::StoredCard, notes, reviews, reviews::NewReview, settings};
use crate::{
    ids::{CardId, ReviewId, UserId},
    scheduling::{Card, LogEntry, rebuild},
};

/// A card after its last answer was taken back.
#[derive(Debug, Clone)]
pub struct Undone {
    /// Which card.
    pub card: CardId,
    /// What it is now.
    pub after: Card,
    /// Whether it is suspended.
    pub suspended: bool,
}

/// Takes back the answer that this student gave last, of those of this day; `None` where there is none. A key that came
/// before takes nothing back.
pub async fn undo(
    conn: &mut PgConnection,
    user: UserId,
    key: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Undone>> {
    let settings = settings::find(&mut *conn, user).await?;
    while let Some((review, card)) = reviews::last(&mut *conn, user, settings.day(now)).await? {
        let Some(card) = cards::lock(&mut *conn, user, card).await? else { continue };
        if let Some(earlier) = reviews::find_by_key(&mut *conn, user, key).await? {
            return again(conn, user, earlier).await;
        }
        let mut log = reviews::log(&mut *conn, user, card.id).await?;
        match log.iter_mut().find(|row| row.id == review) {
            Some(row) if !row.undone => row.undone = true,
            // Another tab took it back while this one waited for the card.
            _ => continue,
        }
        let schedule = settings::of_deck(&mut *conn, user, card.deck, &settings.parameters).await?;
        let after = rebuild(&card.start(), &reviews::standing(&log), &schedule.model);
        let (at, day) = (now.trunc_subsecs(6), settings.day(now));
        insert(
            &mut *conn,
            user,
            &card,
            &after,
            &LogEntry { at, day, ..LogEntry::reset(at, day) },
            (review, key),
        )
        .await?;
        let was_leech = card.schedule().became_leech(&after);
        let suspended = card.suspended && !was_leech;
        cards::set_schedule(&mut *conn, user, card.id, &after, suspended).await?;
        if was_leech {
            notes::remove_tag(conn, user, card.note, LEECH).await?;
        }
        return Ok(Some(Undone { card: card.id, after, suspended }));
    }
    match reviews::find_by_key(&mut *conn, user, key).await? {
        Some(earlier) => again(conn, user, earlier).await,
        None => Ok(None),
    }
}

async fn insert(
    conn: &mut PgConnection,
    user: UserId,
    card: &StoredCard,
    after: &Card,
    entry: &LogEntry,
    (undoes, key): (ReviewId, &str),
) -> sqlx::Result<()> {
    let entry = LogEntry { state: after.state, step: after.step, ..*entry };
    let undoes = Some(undoes);
    let id = ReviewId::generate();
    let new = NewReview { id, before: card, entry: &entry, after, undoes, recall: None, duration_ms: 0, key };
    reviews::insert(conn, user, &new).await?;
    Ok(())
}

/// What the same key took back before; `None` where it came with an answer.
async fn again(
    conn: &mut PgConnection,
    user: UserId,
    earlier: reviews::Earlier,
) -> sqlx::Result<Option<Undone>> {
    if earlier.undoes.is_none() {
        return Ok(None);
    }
    let card = cards::lock(conn, user, earlier.card).await?;
    Ok(card.map(|card| Undone { card: card.id, after: card.schedule(), suspended: card.suspended }))
}
