//! A card as its schedule sees it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Day, Memory};

/// At so many lapses a card is a leech: it is suspended and tagged, for it is the card that wants a change.
pub const LEECH_AT: u32 = 8;

/// How well a card was known. The numbers are those of Anki and of the log.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::EnumIter,
    strum::FromRepr,
)]
#[serde(into = "u8", try_from = "u8")]
#[repr(u8)]
pub enum Rating {
    /// Forgotten.
    Again = 1,
    /// Recalled with difficulty.
    Hard = 2,
    /// Recalled.
    Good = 3,
    /// Recalled at once.
    Easy = 4,
}

impl From<Rating> for u8 {
    fn from(rating: Rating) -> Self {
        rating as Self
    }
}

/// A rating is a number from 1 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a rating is 1, 2, 3 or 4")]
pub struct NoRating;

impl TryFrom<u8> for Rating {
    type Error = NoRating;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        Self::from_repr(number).ok_or(NoRating)
    }
}

/// Where a card is on its way.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    sqlx::Type,
    strum::EnumString,
    strum::IntoStaticStr,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "card_state", rename_all = "snake_case")]
#[schema(as = CardState)]
pub enum State {
    /// Never answered.
    #[default]
    New,
    /// In its first steps, minutes apart.
    Learning,
    /// Asked every so many days.
    Review,
    /// Forgotten in review, and in its steps back.
    Relearning,
}

/// When a card is asked next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// When its turn among the new ones comes.
    #[default]
    InTurn,
    /// At a moment: cards in steps.
    At(DateTime<Utc>),
    /// At any time of a day, or later: cards in review.
    On(Day),
}

/// A card as its schedule sees it. The default is a new one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Where it is on its way.
    pub state: State,
    /// Which of the steps it waits for, from 0; 0 outside of learning and relearning.
    pub step: u8,
    /// What FSRS knows of it; none for a new card.
    pub memory: Option<Memory>,
    /// When it is asked next.
    pub due: Due,
    /// Days of the interval that ends when it is due; 0 before the first review.
    pub interval: u32,
    /// The day of the last answer.
    pub last_day: Option<Day>,
    /// How often it was answered.
    pub reps: u32,
    /// How often it was forgotten in review.
    pub lapses: u32,
}

impl Card {
    /// Whether the answer that led here makes it a leech: at [`LEECH_AT`] lapses, and at every fourth after, as in Anki.
    pub fn became_leech(&self, before: &Self) -> bool {
        self.lapses > before.lapses
            && self.lapses >= LEECH_AT
            && (self.lapses - LEECH_AT).is_multiple_of((LEECH_AT / 2).max(1))
    }

    /// Whole days since the last answer; 0 for a new card.
    pub fn elapsed(&self, today: Day) -> u32 {
        self.last_day.map_or(0, |last| today.since(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_becomes_a_leech_at_eight_lapses_and_again_at_each_fourth_after() {
        let became = |lapses: u32| {
            let before = Card { lapses: lapses - 1, ..Card::default() };
            Card { lapses, ..before }.became_leech(&before)
        };
        let at: Vec<u32> = (1..20).filter(|lapses| became(*lapses)).collect();
        assert_eq!(at, [8, 12, 16]);
        let leech = Card { lapses: 8, ..Card::default() };
        assert!(!leech.became_leech(&leech), "only the answer that forgot it does");
    }

    #[test]
    fn a_rating_is_a_number_from_one_to_four() {
        let read: Vec<bool> =
            (0..6).map(|number| serde_json::from_str::<Rating>(&number.to_string()).is_ok()).collect();
        assert_eq!(read, [false, true, true, true, true, false]);
        assert_eq!(serde_json::to_string(&Rating::Easy).unwrap(), "4");
    }
}
