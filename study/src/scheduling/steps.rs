//! The way of a card through learning steps, as Anki goes it.

use super::{Rating, Steps};

/// Where an answer leads a card that is in steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// To a step, due after so many seconds.
    Step {
        /// Which, from 0.
        step: u8,
        /// How long it is waited for.
        seconds: u32,
    },
    /// Out of them: days from now on.
    Graduated,
}

/// Where this answer leads a card at this step. Without steps every answer graduates.
pub fn after(steps: &Steps, step: u8, rating: Rating) -> After {
    let Some(first) = steps.seconds(0) else { return After::Graduated };
    match rating {
        Rating::Again => After::Step { step: 0, seconds: first },
        // Steps may have become fewer since.
        Rating::Hard => match steps.seconds(step) {
            Some(seconds) => {
                After::Step { step, seconds: if step == 0 { hard_first(steps, first) } else { seconds } }
            }
            None => After::Graduated,
        },
        Rating::Good => {
            let next = step.saturating_add(1);
            steps.seconds(next).map_or(After::Graduated, |seconds| After::Step { step: next, seconds })
        }
        Rating::Easy => After::Graduated,
    }
}

/// "Hard" at the first step lies between "again" and "good".
fn hard_first(steps: &Steps, first: u32) -> u32 {
    steps.seconds(1).map_or(first + first / 2, |second| u32::midpoint(first, first.max(second)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(minutes: &[u32]) -> Steps {
        Steps::try_from(minutes.to_vec()).unwrap()
    }

    #[test]
    fn one_and_ten_minutes_are_gone_as_in_anki() {
        let usual = Steps::of_learning();
        let at = |step, rating| after(&usual, step, rating);
        assert_eq!(at(0, Rating::Again), After::Step { step: 0, seconds: 60 });
        assert_eq!(at(0, Rating::Hard), After::Step { step: 0, seconds: 330 });
        assert_eq!(at(0, Rating::Good), After::Step { step: 1, seconds: 600 });
        assert_eq!(at(1, Rating::Hard), After::Step { step: 1, seconds: 600 });
        assert_eq!(at(1, Rating::Again), After::Step { step: 0, seconds: 60 });
        assert_eq!(at(1, Rating::Good), After::Graduated);
        assert_eq!(at(0, Rating::Easy), After::Graduated);
    }

    #[test]
    fn one_step_none_and_fewer_than_before_all_lead_somewhere() {
        assert_eq!(after(&steps(&[10]), 0, Rating::Hard), After::Step { step: 0, seconds: 900 });
        assert_eq!(after(&steps(&[]), 0, Rating::Again), After::Graduated);
        assert_eq!(after(&steps(&[10]), 3, Rating::Hard), After::Graduated);
        assert_eq!(after(&steps(&[10]), 255, Rating::Good), After::Graduated);
        assert!(Steps::try_from(vec![0]).is_err() && Steps::try_from(vec![1; 11]).is_err());
    }
}
