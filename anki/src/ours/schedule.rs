//! When a card is asked, here and in a package.

use chrono::{DateTime, Utc};
use study::scheduling::{self, Day, Due, Model, State, interval::LONGEST};

use crate::Schedule;

/// How many steps a card is learnt in that comes from elsewhere, and how many lead back.
const STEPS: u16 = 2;
const STEPS_BACK: u16 = 1;

/// The ease of those that SM-2 gave none.
const USUAL_EASE: f32 = 2.5;

/// The schedule of a card, of a deck with so many learning steps.
pub fn to_schedule(
    card: &scheduling::Card,
    steps: usize,
    suspended: bool,
    last_review: Option<DateTime<Utc>>,
) -> Schedule {
    let all = match card.state {
        State::Learning => u16::try_from(steps).unwrap_or(u16::MAX),
        State::Relearning => STEPS_BACK,
        State::New | State::Review => 0,
    };
    Schedule {
        state: card.state,
        due: card.due,
        position: 0,
        interval: card.interval,
        steps_left: all.saturating_sub(u16::from(card.step)),
        reps: card.reps,
        lapses: card.lapses,
        suspended,
        buried: false,
        memory: card.memory,
        ease: None,
        last_review: last_review.map(|at| at.timestamp()),
    }
}

/// The card that a schedule comes to; `day` is the student's day of a moment. Where FSRS knows nothing of it, its memory is
/// made of what SM-2 knows.
pub fn to_card(
    schedule: &Schedule,
    answered: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    day: impl Fn(DateTime<Utc>) -> Day,
    model: &Model,
) -> scheduling::Card {
    if schedule.state == State::New {
        return scheduling::Card::default();
    }
    let in_review = schedule.state == State::Review;
    let interval = schedule.interval.clamp(1, LONGEST);
    let due = match schedule.due {
        Due::InTurn if in_review => Due::On(day(now)),
        Due::InTurn => Due::At(now),
        Due::At(at) if in_review => Due::On(day(at)),
        due => due,
    };
    let answered = schedule.last_review.and_then(|at| DateTime::from_timestamp(at, 0)).or(answered);
    let last = answered.map_or_else(
        || match due {
            Due::On(Day(due)) if in_review => Day(due.saturating_sub_unsigned(interval)),
            _ => day(now),
        },
        |at| day(at.min(now)),
    );
    let sm2 = || model.of_sm2(schedule.ease.unwrap_or(USUAL_EASE), interval);
    let steps = if schedule.state == State::Learning { STEPS } else { STEPS_BACK };
    let step = if in_review { 0 } else { steps.saturating_sub(schedule.steps_left).min(steps - 1) };
    scheduling::Card {
        state: schedule.state,
        step: u8::try_from(step).unwrap_or(0),
        memory: schedule.memory.or_else(|| (schedule.state != State::Learning).then(sm2).flatten()),
        due,
        interval: if in_review { interval } else { 0 },
        last_day: Some(last.min(day(now))),
        reps: schedule.reps.max(1),
        lapses: schedule.lapses,
    }
}

#[cfg(test)]
mod tests {
    use study::scheduling::Parameters;

    use super::*;

    #[test]
    fn a_card_of_sm2_gets_a_memory() {
        let now: DateTime<Utc> = "2026-12-01T12:00:00Z".parse().unwrap();
        let day = |at: DateTime<Utc>| Day(i32::try_from(at.timestamp() / 86_400).unwrap());
        let model = Model::new(&Parameters::default(), 0.9);
        let due = Due::On(Day(day(now).0 + 3));
        let schedule = Schedule {
            state: State::Review,
            due,
            interval: 10,
            reps: 4,
            ease: Some(2.3),
            ..Schedule::default()
        };
        let card = to_card(&schedule, None, now, day, &model);
        assert_eq!((card.due, card.interval, card.last_day), (due, 10, Some(Day(day(now).0 - 7))));
        assert!(card.memory.is_some_and(|memory| (9.0..11.0).contains(&memory.stability)));
        assert_eq!(to_card(&Schedule::default(), None, now, day, &model), scheduling::Card::default());
        let back = to_schedule(&card, 2, true, Some(now));
        assert_eq!(
            to_card(&back, None, now, day, &model),
            scheduling::Card { last_day: Some(day(now)), ..card }
        );
    }
}
