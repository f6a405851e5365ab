//! The queue of a day: loads what may be asked, and lets `study::scheduling::queue` order it.

mod candidates;
mod shown;

pub use shown::{Shown, shown};

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{
    decks::{self, Deck},
    limits::{self, Done},
    load::{self, DueByDay},
    settings::{self, StudySettings},
};
use crate::{
    ids::{CardId, DeckId, UserId},
    scheduling::{
        Day, Due,
        backlog::{Backlog, Workload, backlog},
        queue::{Allowance, Today, Waiting, order},
    },
};

/// Habits are told from so many days.
const PAST: u32 = 28;

/// How many cards are for today, by what they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// New ones.
    pub new: u32,
    /// In steps that end today.
    pub learning: u32,
    /// Reviews.
    pub due: u32,
}

/// A day as it is for a student at a moment.
#[derive(Debug)]
pub struct DayPlan {
    /// What the student says about studying.
    pub settings: StudySettings,
    /// Which day it is.
    pub day: Day,
    /// When the next begins.
    pub ends_at: DateTime<Utc>,
    /// What is asked now, in this order.
    pub now: Vec<Waiting>,
    /// When the first of those in steps is due that are not asked now.
    pub learning_due_at: Option<DateTime<Utc>>,
    /// What is for today.
    pub counts: Counts,
    /// The same by deck, without the decks below.
    pub by_deck: HashMap<DeckId, Counts>,
    /// What is left over of missed days.
    pub backlog: Option<Backlog>,
    /// What was answered today.
    pub done: Vec<Done>,
    /// All decks.
    pub decks: Vec<Deck>,
    /// What is due by day.
    pub due: DueByDay,
}

/// Plans the day, of one deck with those below it or of all; `None` where there is no such deck.
pub async fn plan(
    conn: &mut PgConnection,
    user: UserId,
    now: DateTime<Utc>,
    deck: Option<DeckId>,
) -> sqlx::Result<Option<DayPlan>> {
    let settings = settings::find(&mut *conn, user).await?;
    let day = settings.day(now);
    let ends_at = day.plus(1).begins(settings.zone);
    let decks = decks::list(&mut *conn, user).await?;
    let within = match deck.map(|id| decks.iter().find(|deck| deck.id == id)) {
        Some(None) => return Ok(None),
        Some(Some(root)) => limits::below(root, &decks),
        None => decks.iter().map(|deck| deck.id).collect(),
    };
    let done = limits::done(&mut *conn, user, day).await?;
    let left = limits::allowances(&decks, &done);
    let due = load::due_by_day(&mut *conn, user, day).await?;
    let backlog = find_backlog(&mut *conn, user, day, &due, &done).await?;
    let answered = limits::answered(&done);
    let scope = candidates::Scope { user, day, decks: &within, left: &left, answered: &answered };
    let mut cards = candidates::in_steps(&mut *conn, &scope).await?;
    cards.extend(candidates::due(&mut *conn, &scope).await?);
    if backlog.is_none() {
        cards.extend(candidates::new(&mut *conn, &scope).await?);
    }
    let left_of_backlog = backlog.map(|backlog| backlog.left_today(limits::reviews(&done)));
    let today = Today { now, day, decks: &left, answered: &answered, backlog: left_of_backlog };
    let queue = order(&cards, &today);
    let mut by_id: HashMap<CardId, Waiting> = cards.into_iter().map(|card| (card.card, card)).collect();
    let asked: Vec<Waiting> = queue.now.iter().filter_map(|card| by_id.remove(card)).collect();
    let in_steps = |card: &Waiting| if let Due::At(at) = card.due { Some(at) } else { None };
    let later: Vec<(DeckId, DateTime<Utc>)> =
        by_id.values().filter_map(|card| Some((card.deck, in_steps(card)?))).collect();
    let by_deck = count(&asked, &later, ends_at);
    let counts = by_deck.values().fold(Counts::default(), |sum, counts| sum.and(*counts));
    Ok(Some(DayPlan {
        settings,
        day,
        ends_at,
        learning_due_at: later.iter().map(|(_, at)| *at).min(),
        now: asked,
        counts,
        by_deck,
        backlog,
        done,
        decks,
        due,
    }))
}

impl DayPlan {
    /// What is for today in each deck with those below it.
    pub fn counts_with_below(&self) -> HashMap<DeckId, Counts> {
        let parents = limits::parents(&self.decks);
        let mut all: HashMap<DeckId, Counts> = HashMap::new();
        for (deck, counts) in &self.by_deck {
            for above in limits::chain(*deck, &parents) {
                let sum = all.entry(above).or_default();
                *sum = sum.and(*counts);
            }
        }
        all
    }
}

impl Counts {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            new: self.new + other.new,
            learning: self.learning + other.learning,
            due: self.due + other.due,
        }
    }
}

fn count(
    asked: &[Waiting],
    later: &[(DeckId, DateTime<Utc>)],
    ends_at: DateTime<Utc>,
) -> HashMap<DeckId, Counts> {
    let mut by_deck: HashMap<DeckId, Counts> = HashMap::new();
    for card in asked {
        let counts = by_deck.entry(card.deck).or_default();
        match card.due {
            Due::InTurn => counts.new += 1,
            Due::At(_) => counts.learning += 1,
            Due::On(_) => counts.due += 1,
        }
    }
    for (deck, _) in later.iter().filter(|(_, at)| *at < ends_at) {
        by_deck.entry(*deck).or_default().learning += 1;
    }
    by_deck
}

/// What is left over of missed days, over all decks: a habit is the student's.
async fn find_backlog(
    conn: &mut PgConnection,
    user: UserId,
    day: Day,
    due: &DueByDay,
    done: &[Done],
) -> sqlx::Result<Option<Backlog>> {
    let mut work = Workload {
        due: due.overdue.saturating_add(due.today),
        overdue: due.overdue,
        done_today: limits::reviews(done),
        coming: due.coming.clone(),
        ..Workload::default()
    };
    // With the least habit there is none either: the log need not be read.
    if backlog(&work).is_none() {
        return Ok(None);
    }
    let rows = sqlx::query!(
        r#"select count(*) as "reviews!", count(*) filter (where rating = 1) as "again!" from reviews
           where user_id = $1 and day between $2 and $3 and was = 'review' and rating is not null
           group by day"#,
        user.0,
        day.0.saturating_sub_unsigned(PAST),
        day.0 - 1,
    )
    .fetch_all(conn)
    .await?;
    let number = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    work.past = rows.iter().map(|row| number(row.reviews)).collect();
    let (reviews, again) = rows.iter().fold((0, 0), |sum, row| (sum.0 + row.reviews, sum.1 + row.again));
    work.forgotten_percent = number(again * 100 / reviews.max(1));
    Ok(backlog(&work))
}

/// What of a deck's limits is left under those of the decks above it.
fn least(deck: DeckId, left: &HashMap<DeckId, Allowance>, of: fn(&Allowance) -> u32) -> u32 {
    let chain = std::iter::successors(left.get(&deck), |allowance| left.get(&allowance.parent?));
    chain.map(of).min().unwrap_or(0)
}
