//! The clock of a quiz, which is the server's. A quiz whose time is over is finished, whether anybody looked or not.

use chrono::{DateTime, TimeDelta, Utc};

/// When a quiz began, and when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When its time is over; `None` without a limit.
    pub ends_at: Option<DateTime<Utc>>,
    /// When its student finished it.
    pub finished_at: Option<DateTime<Utc>>,
}

impl Timing {
    /// Of a quiz that begins now, with so many seconds for each of its questions.
    pub fn beginning(now: DateTime<Utc>, seconds_per_question: Option<u32>, questions: usize) -> Self {
        let limit = |seconds: u32| {
            let all = i64::from(seconds).saturating_mul(i64::try_from(questions).unwrap_or(i64::MAX));
            TimeDelta::try_seconds(all).and_then(|limit| now.checked_add_signed(limit))
        };
        Self { started_at: now, ends_at: seconds_per_question.and_then(limit), finished_at: None }
    }

    /// When it ended, where it has.
    pub fn over_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match (self.finished_at, self.ends_at) {
            (Some(finished), Some(end)) => Some(finished.min(end)),
            (Some(finished), None) => Some(finished),
            (None, Some(end)) if now >= end => Some(end),
            (None, _) => None,
        }
    }
}
