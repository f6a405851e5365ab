//! Quota: what a plan allows a day, and the hold-then-settle accounting that enforces it.
//!
//! A hold is taken in the transaction that enqueues a job, so a hundred requests at once at a limit
//! of twenty let exactly twenty through. The job settles it once, with the real figures.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{feature::Feature, users::Plan};

pub mod costs;
mod days;
mod exceeded;
pub mod rollup;
pub mod store;

/// Tokens that an answer is expected to take, for the limits of keys.
pub const EXPECTED_ANSWER_TOKENS: i64 = 300;

/// What a plan allows a day. `None` is without limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Tokens of prompts and answers.
    pub tokens: Option<i64>,
    /// Messages, commands and uploads.
    pub requests: Option<i64>,
    pdf: Option<i64>,
    mcq: Option<i64>,
    image: Option<i64>,
    flashcard: Option<i64>,
    /// What an admin set in place of these, by the feature's place in its enum.
    set: [Option<i64>; Feature::COUNT],
}

impl Limits {
    /// Those of a plan (the guide's `PLAN_LIMITS`). What is in force is the snapshot's to say, see
    /// [`crate::platform_status::Snapshot::limits`]: admins may have set others in their place.
    pub(crate) const fn of(plan: Plan) -> Self {
        match plan {
            Plan::Free => Self::new(10_000, 20, 0, 5, 0, 10),
            Plan::Student => Self::new(50_000, 100, 5, 50, 10, 100),
            Plan::Pro => Self::new(200_000, 500, 50, 200, 50, 500),
            Plan::Admin => Self {
                tokens: None,
                requests: None,
                pdf: None,
                mcq: None,
                image: None,
                flashcard: None,
                set: [None; Feature::COUNT],
            },
        }
    }

    const fn new(tokens: i64, requests: i64, pdf: i64, mcq: i64, image: i64, flashcard: i64) -> Self {
        Self {
            tokens: Some(tokens),
            requests: Some(requests),
            pdf: Some(pdf),
            mcq: Some(mcq),
            image: Some(image),
            flashcard: Some(flashcard),
            set: [None; Feature::COUNT],
        }
    }

    /// The same, but with what an admin set for a feature.
    #[must_use]
    pub(crate) fn with(mut self, feature: Feature, limit: i64) -> Self {
        if let Some(set) = self.set.get_mut(feature as usize) {
            *set = Some(limit);
        }
        self
    }

    /// How often a feature may be used.
    pub fn feature(&self, feature: Feature) -> Option<i64> {
        let of_plan = match feature {
            Feature::Pdf => self.pdf,
            Feature::Mcq => self.mcq,
            Feature::Image => self.image,
            Feature::Flashcard => self.flashcard,
            _ => None,
        };
        self.set.get(feature as usize).copied().flatten().or(of_plan)
    }
}

/// Who pays for a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "payer", rename_all = "snake_case")]
pub enum Payer {
    /// The student's plan.
    Plan,
    /// Nobody: admins pass all limits and are counted apart.
    Admin,
    /// The student's own provider key.
    OwnKey,
}

/// Which of the three levels is exhausted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Tokens a day.
    Tokens,
    /// Uses of a feature a day.
    Feature(Feature),
    /// Requests a day.
    Requests,
}

/// A refusal: the request would go beyond a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exceeded {
    /// Which.
    pub level: Level,
    /// The limit.
    pub limit: i64,
    /// What is used or promised already.
    pub used: i64,
    /// What this would have needed.
    pub needed: i64,
    /// When the count begins anew.
    pub reset_at: DateTime<Utc>,
}

/// What is used and promised of one thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// By jobs that ended.
    pub used: i64,
    /// By jobs that have not.
    pub held: i64,
}

impl Count {
    /// Both together.
    pub const fn taken(self) -> i64 {
        self.used.saturating_add(self.held)
    }
}

/// The counts that decide about one request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Tokens.
    pub tokens: Count,
    /// Requests.
    pub requests: Count,
    /// Uses of the feature.
    pub feature: Count,
}

/// When the day that contains `day` ends.
pub fn reset_at(day: NaiveDate) -> DateTime<Utc> {
    day.checked_add_days(Days::new(1)).unwrap_or(day).and_time(NaiveTime::MIN).and_utc()
}

/// The first level that a request would exceed, in the guide's order: tokens, feature, requests.
/// The SQL of [`store::hold`] enforces the same rule; this says which level it was.
pub fn first_exceeded(
    limits: &Limits,
    feature: Feature,
    estimate: i64,
    taken: Taken,
    day: NaiveDate,
) -> Option<Exceeded> {
    let reset_at = reset_at(day);
    let checks = [
        (Level::Tokens, limits.tokens, taken.tokens.taken(), estimate),
        (Level::Feature(feature), limits.feature(feature), taken.feature.taken(), 1),
        (Level::Requests, limits.requests, taken.requests.taken(), 1),
    ];
    checks.into_iter().find_map(|(level, limit, used, more)| {
        let limit = limit?;
        (used.saturating_add(more) > limit).then_some(Exceeded { level, limit, used, needed: more, reset_at })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 12, 31).unwrap()
    }

    fn taken(tokens: i64, requests: i64, feature: i64) -> Taken {
        let count = |used| Count { used, held: 0 };
        Taken { tokens: count(tokens), requests: count(requests), feature: count(feature) }
    }

    #[test]
    fn tokens_are_checked_before_features_before_requests() {
        let limits = Limits::of(Plan::Free);
        let level =
            |taken| first_exceeded(&limits, Feature::Mcq, 300, taken, day()).map(|exceeded| exceeded.level);
        assert_eq!(level(taken(10_000, 20, 5)), Some(Level::Tokens));
        assert_eq!(level(taken(0, 20, 5)), Some(Level::Feature(Feature::Mcq)));
        assert_eq!(level(taken(0, 20, 4)), Some(Level::Requests));
        assert_eq!(level(taken(9_700, 19, 4)), None);
    }

    #[test]
    fn a_day_ends_at_midnight_utc() {
        assert_eq!(reset_at(day()).to_rfc3339(), "2027-01-01T00:00:00+00:00");
    }

    proptest::proptest! {
        #[test]
        fn who_is_let_through_stays_within_all_limits(t in 0_i64..20_000, r in 0_i64..40, f in 0_i64..12, estimate in 0_i64..12_000) {
            let limits = Limits::of(Plan::Free);
            let refused = first_exceeded(&limits, Feature::Mcq, estimate, taken(t, r, f), day());
            let fits = t + estimate <= 10_000 && r < 20 && f < 5;
            proptest::prop_assert_eq!(refused.is_none(), fits);
            let unlimited = first_exceeded(&Limits::of(Plan::Admin), Feature::Mcq, estimate, taken(t, r, f), day());
            proptest::prop_assert_eq!(unlimited, None);
        }
    }
}
