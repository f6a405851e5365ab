//! What a student and a deck say about schedules.

use serde::{Deserialize, Serialize};

use super::{
    Parameters,
    interval::LONGEST,
    memory::{Model, USUAL_RETENTION},
};

/// Steps of learning in minutes: at most [`Steps::MOST`], each 1 to [`Steps::LONGEST`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<u32>", into = "Vec<u32>")]
pub struct Steps(Vec<u32>);

/// Steps that no schedule can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSteps {
    /// More than [`Steps::MOST`].
    #[error("there may be at most {} steps", Steps::MOST)]
    TooMany,
    /// One of no minutes, or of more than [`Steps::LONGEST`].
    #[error("a step is 1 to {} minutes", Steps::LONGEST)]
    Length,
}

impl Steps {
    /// How many there may be.
    pub const MOST: usize = 10;
    /// How long one may be: what takes a day or more, FSRS schedules better.
    pub const LONGEST: u32 = 23 * 60;

    /// Of a card that is new: after 1 and 10 minutes.
    pub fn of_learning() -> Self {
        Self(vec![1, 10])
    }

    /// Of a card that was forgotten: after 10 minutes.
    pub fn of_relearning() -> Self {
        Self(vec![10])
    }

    /// Seconds of the step of this number, if there is one.
    pub fn seconds(&self, step: u8) -> Option<u32> {
        self.0.get(usize::from(step)).map(|minutes| minutes * 60)
    }
}

impl TryFrom<Vec<u32>> for Steps {
    type Error = NoSteps;

    fn try_from(minutes: Vec<u32>) -> Result<Self, Self::Error> {
        if minutes.len() > Self::MOST {
            return Err(NoSteps::TooMany);
        }
        if minutes.iter().any(|minutes| !(1..=Self::LONGEST).contains(minutes)) {
            return Err(NoSteps::Length);
        }
        Ok(Self(minutes))
    }
}

impl From<Steps> for Vec<u32> {
    fn from(steps: Steps) -> Self {
        steps.0
    }
}

/// Everything that decides when a card comes back.
#[derive(Debug, Clone)]
pub struct Settings {
    /// FSRS, with the student's parameters and the deck's retention.
    pub model: Model,
    /// The steps of a card that is new.
    pub learning: Steps,
    /// The steps of a card that was forgotten.
    pub relearning: Steps,
    /// No interval is longer, in days.
    pub longest: u32,
}

impl Settings {
    /// With the usual steps and the longest of intervals.
    pub fn new(parameters: &Parameters, retention: f32) -> Self {
        Self {
            model: Model::new(parameters, retention),
            learning: Steps::of_learning(),
            relearning: Steps::of_relearning(),
            longest: LONGEST,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::new(&Parameters::default(), USUAL_RETENTION)
    }
}
