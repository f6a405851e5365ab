//! What becomes of an answer, with two tabs open and with a line that was cut: there is one truth.

use chrono::{DateTime, Utc};

use super::QuizMode;

/// What was answered to a question of a quiz.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// The option that was chosen.
    pub option: Option<u8>,
    /// Whether it is to be looked at again.
    pub flagged: bool,
    /// The options that were struck out, in their order.
    pub eliminated: Vec<u8>,
    /// When the option was chosen.
    pub answered_at: Option<DateTime<Utc>>,
}

/// What is to be so; `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The option, or that none is chosen.
    pub option: Option<Option<u8>>,
    /// Whether it is flagged.
    pub flagged: Option<bool>,
    /// What is struck out.
    pub eliminated: Option<Vec<u8>>,
}

/// The quiz is over, and what was wanted is not what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Over;

/// What stands there afterwards. In `tutor` the first option stands, since the key was seen. After the end nothing changes:
/// who says again what was said in time is told that it is so.
pub fn given(
    mode: QuizMode,
    over: bool,
    before: &Given,
    wanted: Wanted,
    now: DateTime<Utc>,
) -> Result<Given, Over> {
    let stands = mode == QuizMode::Tutor && before.option.is_some();
    let option = if stands { before.option } else { wanted.option.unwrap_or(before.option) };
    let mut eliminated = wanted.eliminated.unwrap_or_else(|| before.eliminated.clone());
    eliminated.sort_unstable();
    eliminated.dedup();
    let answered_at = if option == before.option { before.answered_at } else { option.map(|_| now) };
    let after = Given { option, flagged: wanted.flagged.unwrap_or(before.flagged), eliminated, answered_at };
    let same_said = wanted.option.is_none_or(|said| said == before.option);
    if over && (after != *before || !same_said) { Err(Over) } else { Ok(after) }
}
