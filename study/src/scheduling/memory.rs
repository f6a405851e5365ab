//! What FSRS knows of a card, and the only place that calls the crate's scheduler.

use fsrs::{DEFAULT_PARAMETERS, FSRS, MemoryState, current_retrievability};
use serde::{Deserialize, Serialize};

use super::{Rating, interval::as_f32};

/// The least and the greatest retention that may be wanted. The crate does not check: 0 gives an infinite interval, 2 a
/// negative one.
pub const RETENTION: (f32, f32) = (0.70, 0.97);

/// The retention of those who chose none.
pub const USUAL_RETENTION: f32 = 0.90;

/// The memory of one card in the model of FSRS.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// Days until recall has fallen to 90 %, 0.001 to 36,500.
    pub stability: f32,
    /// How little a success adds, 1 to 10.
    pub difficulty: f32,
}

impl Memory {
    /// A memory within the bounds of the model; none where it is made of no numbers, as a foreign file's may be.
    pub fn new(stability: f32, difficulty: f32) -> Option<Self> {
        let numbers = stability.is_finite() && difficulty.is_finite();
        numbers.then(|| Self {
            stability: stability.clamp(0.001, 36_500.0),
            difficulty: difficulty.clamp(1.0, 10.0),
        })
    }
}

/// The 21 parameters of FSRS-6: the defaults, or fitted to one student.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<f32>", into = "Vec<f32>")]
pub struct Parameters([f32; 21]);

impl Default for Parameters {
    fn default() -> Self {
        Self(DEFAULT_PARAMETERS)
    }
}

/// These numbers are no parameters of FSRS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("parameters are 21 numbers (or 17 or 19 of an earlier FSRS)")]
pub struct NoParameters;

impl TryFrom<Vec<f32>> for Parameters {
    type Error = NoParameters;

    fn try_from(numbers: Vec<f32>) -> Result<Self, Self::Error> {
        let filled = (!numbers.is_empty()).then(|| fsrs::check_and_fill_parameters(&numbers).ok()).flatten();
        filled.and_then(|filled| filled.try_into().ok()).map(Self).ok_or(NoParameters)
    }
}

impl From<Parameters> for Vec<f32> {
    fn from(parameters: Parameters) -> Self {
        parameters.0.to_vec()
    }
}

/// FSRS with the parameters of one student and the retention of one deck.
#[derive(Debug, Clone)]
pub struct Model {
    fsrs: FSRS,
    decay: f32,
    retention: f32,
}

impl Parameters {
    /// How fast recall falls.
    pub fn decay(&self) -> f32 {
        self.0.get(20).copied().unwrap_or(fsrs::FSRS6_DEFAULT_DECAY)
    }
}

impl Model {
    /// A retention beyond [`RETENTION`] is clamped, one that is no number is [`USUAL_RETENTION`].
    pub fn new(parameters: &Parameters, retention: f32) -> Self {
        let retention = if retention.is_nan() { USUAL_RETENTION } else { retention };
        Self {
            // What `Parameters` holds was accepted by the crate before.
            fsrs: FSRS::new(&parameters.0).unwrap_or_default(),
            decay: parameters.decay(),
            retention: retention.clamp(RETENTION.0, RETENTION.1),
        }
    }

    /// The memory after an answer, `days` whole days after the one before (0: on the same day), and the days until recall
    /// falls to the wanted retention.
    pub fn answered(&self, memory: Option<Memory>, days: u32, rating: Rating) -> (Memory, f32) {
        let known = memory.and_then(|memory| Memory::new(memory.stability, memory.difficulty));
        let days = if known.is_some() { days } else { 0 };
        let before = known.map(|Memory { stability, difficulty }| MemoryState { stability, difficulty });
        // It fails only for a state that is no number, and `known` is one.
        let after = self.fsrs.next_states(before, self.retention, days).ok().and_then(|states| {
            let next = match rating {
                Rating::Again => states.again,
                Rating::Hard => states.hard,
                Rating::Good => states.good,
                Rating::Easy => states.easy,
            };
            Some((Memory::new(next.memory.stability, next.memory.difficulty)?, next.interval))
        });
        after
            .or(known.map(|memory| (memory, 1.0)))
            .unwrap_or((Memory { stability: 1.0, difficulty: 5.0 }, 1.0))
    }

    /// The memory that SM-2's ease and interval in days come to, of a card that FSRS knows nothing of.
    pub fn of_sm2(&self, ease: f32, interval: u32) -> Option<Memory> {
        let state = self.fsrs.memory_state_from_sm2(ease, as_f32(interval), USUAL_RETENTION).ok()?;
        Memory::new(state.stability, state.difficulty)
    }

    /// The probability of recall after so many days, 0 to 1.
    pub fn retrievability(&self, memory: Memory, days: u32) -> f32 {
        let known = Memory::new(memory.stability, memory.difficulty);
        known.map_or(0.0, |Memory { stability, difficulty }| {
            current_retrievability(MemoryState { stability, difficulty }, as_f32(days), self.decay)
                .clamp(0.0, 1.0)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use strum::IntoEnumIterator as _;

    use super::*;

    fn after(reviews: &[(u32, u8)]) -> Vec<(f32, f32)> {
        let model = Model::new(&Parameters::default(), 0.9);
        let mut memory = None;
        let states = reviews.iter().map(|&(days, rating)| {
            let next = model.answered(memory, days, Rating::try_from(rating).unwrap()).0;
            memory = Some(next);
            (next.stability, next.difficulty)
        });
        states.collect()
    }

    /// What `compute_memory_state` of Anki 26.9.3 made of the same reviews, at defaults.
    #[test]
    fn memory_is_what_anki_makes_of_the_same_reviews_to_three_digits() {
        let with_lapses =
            [(0, 3), (3, 3), (10, 1), (0, 3), (3, 3), (10, 4), (54, 2), (40, 1), (0, 2), (2, 3), (18, 3)];
        let anki = [
            (2.3065, 2.1181),
            (13.82691, 2.11121),
            (1.66614, 7.39224),
            (1.69282, 7.38007),
            (6.12022, 7.36792),
            (29.20286, 6.47363),
            (65.8835, 7.64426),
            (2.96445, 9.21091),
            (2.96445, 9.4614),
            (4.49305, 9.44716),
            (11.18683, 9.43295),
        ];
        close(&after(&with_lapses), &anki);
        let slow_start = [(0, 1), (0, 3), (0, 3), (1, 3), (9, 3), (40, 3), (150, 3)];
        let anki = [
            (0.212, 6.4133),
            (0.24669, 6.40211),
            (0.28421, 6.39094),
            (2.15208, 6.37978),
            (13.15934, 6.36863),
            (55.71825, 6.35749),
            (188.82208, 6.34636),
        ];
        close(&after(&slow_start), &anki);
        let easy_then_lost = [(0, 4), (20, 4), (60, 1), (0, 1), (0, 3), (1, 2)];
        let anki = [
            (8.2956, 1.0),
            (111.58629, 1.0),
            (4.0535, 7.02699),
            (1.31254, 9.00802),
            (1.35465, 8.99424),
            (2.02339, 9.31756),
        ];
        close(&after(&easy_then_lost), &anki);
        let hard = [(0, 2), (0, 3), (2, 2), (5, 2), (8, 2)];
        let anki = [
            (1.2931, 5.11217),
            (1.3359, 5.10229),
            (4.53736, 6.7339),
            (9.75856, 7.81704),
            (15.71344, 8.53608),
        ];
        close(&after(&hard), &anki);
    }

    fn close(ours: &[(f32, f32)], anki: &[(f32, f32)]) {
        for (ours, anki) in ours.iter().zip(anki) {
            let same = |a: f32, b: f32| (a - b).abs() <= 0.0005_f32.max(b.abs() * 0.0005);
            assert!(same(ours.0, anki.0) && same(ours.1, anki.1), "{ours:?} is not {anki:?}");
        }
        assert_eq!(ours.len(), anki.len());
    }

    #[test]
    fn parameters_are_those_of_fsrs_or_none() {
        assert!(Parameters::try_from(vec![]).is_err());
        assert!(Parameters::try_from(vec![1.0; 20]).is_err());
        assert!(Parameters::try_from(vec![f32::NAN; 21]).is_err());
        assert!(Parameters::try_from(DEFAULT_PARAMETERS[..19].to_vec()).is_ok());
    }

    proptest! {
        #[test]
        fn whatever_is_stored_there_is_a_memory_and_a_number_of_days(
            stability in any::<f32>(), difficulty in any::<f32>(), retention in any::<f32>(), days in any::<u32>(),
        ) {
            let model = Model::new(&Parameters::default(), retention);
            let memory = Memory { stability, difficulty };
            for rating in Rating::iter() {
                let (next, interval) = model.answered(Some(memory), days, rating);
                prop_assert_eq!(Some(next), Memory::new(next.stability, next.difficulty));
                prop_assert!(!interval.is_nan() && interval > 0.0);
            }
            prop_assert!((0.0..=1.0).contains(&model.retrievability(memory, days)));
        }
    }
}
