//! A schedule as Anki keeps it in the columns of a card.

use serde_json::{Map, Value};
use study::scheduling::{Due, State};

use crate::{Card, ReviewKind, Schedule, WriteOptions, read::DAY};

/// The retention of those who chose none.
const USUAL_RETENTION: f32 = 0.9;

/// The ease of SM-2 of a card that was never given one, in thousandths.
const USUAL_FACTOR: i64 = 2_500;

/// The columns of a card.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) kind: u8,
    pub(super) queue: i8,
    pub(super) due: i64,
    pub(super) interval: u32,
    pub(super) factor: i64,
    pub(super) reps: u32,
    pub(super) lapses: u32,
    pub(super) left: u16,
    pub(super) data: String,
}

pub(super) fn card(
    card: &Card,
    at: usize,
    options: &WriteOptions,
    first_day: i64,
    retention: Option<f32>,
) -> Row {
    let schedule = &card.schedule;
    let turn = i64::try_from(at).unwrap_or(0) + 1;
    if !options.scheduling {
        return Row { due: turn, data: "{}".to_owned(), ..Row::default() };
    }
    let (kind, queue, due) = match schedule.state {
        State::New => (0, 0, if schedule.position == 0 { turn } else { schedule.position.into() }),
        State::Review => (2, 2, day(schedule.due, options) - first_day),
        State::Learning | State::Relearning => {
            let kind = if schedule.state == State::Learning { 1 } else { 3 };
            match schedule.due {
                Due::On(_) => (kind, 3, day(schedule.due, options) - first_day),
                Due::At(at) => (kind, 1, at.timestamp()),
                Due::InTurn => (kind, 1, options.now),
            }
        }
    };
    let queue = if schedule.suspended {
        -1
    } else if schedule.buried {
        -2
    } else {
        queue
    };
    let is_new = schedule.state == State::New;
    let usual = if matches!(schedule.state, State::Review | State::Relearning) { USUAL_FACTOR } else { 0 };
    Row {
        kind,
        queue,
        due,
        interval: if is_new { 0 } else { schedule.interval },
        factor: if is_new { 0 } else { schedule.ease.map_or(usual, thousandths) },
        reps: if is_new { 0 } else { schedule.reps },
        lapses: if is_new { 0 } else { schedule.lapses },
        left: if matches!(schedule.state, State::Learning | State::Relearning) {
            schedule.steps_left
        } else {
            0
        },
        data: data(schedule, options, retention),
    }
}

/// What Anki keeps of FSRS, in as many digits as it does.
fn data(schedule: &Schedule, options: &WriteOptions, retention: Option<f32>) -> String {
    let mut data = Map::new();
    let mut add = |name: &str, number: f32, digits: i32| {
        let scale = 10_f64.powi(digits);
        data.insert(name.to_owned(), Value::from((f64::from(number) * scale).round() / scale));
    };
    if let (Some(memory), true) = (schedule.memory, schedule.state != State::New) {
        add("s", memory.stability, 4);
        add("d", memory.difficulty, 3);
        add("dr", retention.unwrap_or(USUAL_RETENTION), 3);
        add("decay", options.decay, 3);
    }
    if let Some(last) = schedule.last_review.filter(|_| schedule.state != State::New) {
        data.insert("lrt".to_owned(), last.into());
    }
    Value::Object(data).to_string()
}

/// Days since 1970.
fn day(due: Due, options: &WriteOptions) -> i64 {
    match due {
        Due::On(day) => day.0.into(),
        Due::At(at) => (at.timestamp() - 4 * 3_600).div_euclid(DAY),
        Due::InTurn => options.now.div_euclid(DAY),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a cast from a float ends at the bounds of the number")]
fn thousandths(ease: f32) -> i64 {
    (ease.clamp(1.3, 10.0) * 1_000.0).round() as i64
}

/// An interval of the log: days, or seconds below zero.
pub(super) fn interval(seconds: u64) -> i64 {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX).min(2 * 36_500 * DAY);
    if seconds >= DAY { seconds / DAY } else { -seconds }
}

/// An answer in a filtered deck without this did not change a schedule.
pub(super) fn review_factor(kind: ReviewKind) -> i64 {
    if kind == ReviewKind::Filtered { 0 } else { USUAL_FACTOR }
}
