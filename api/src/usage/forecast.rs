//! Where a day leads, and whether another plan would fit better.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use domain::{
    quota::{Limits, reset_at},
    users::Plan,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Counter, PastDay};

/// So much of the day must have passed before it says anything.
const TOO_EARLY: TimeDelta = TimeDelta::hours(1);

/// A day that used this much of a limit, in percent, was a tight one.
const TIGHT: i64 = 80;

/// So many tight days of the last seven make a plan too small.
const TIGHT_DAYS: usize = 2;

/// What the day will come to if it goes on as it began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Projection {
    /// Tokens by the end of the day, if nothing stopped them.
    tokens: i64,
    /// Requests by the end of the day, if nothing stopped them.
    requests: i64,
    /// When the first of the two limits will be reached; null if neither will be today.
    exhausted_at: Option<DateTime<Utc>>,
}

/// The plan that would fit better.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Advice {
    plan: Plan,
    message: &'static str,
    upgrade_url: &'static str,
}

/// What the day will come to; `None` while it is too early to say.
pub(super) fn project(now: DateTime<Utc>, tokens: Counter, requests: Counter) -> Option<Projection> {
    let passed = now.time() - NaiveTime::MIN;
    if passed < TOO_EARLY {
        return None;
    }
    let ends_at = reset_at(now.date_naive());
    let passed = passed.num_seconds().max(1);
    let by_midnight = |counter: Counter| scaled(counter.used, TimeDelta::days(1).num_seconds(), passed);
    let exhausted = |counter: Counter| {
        let left = counter.limit?.saturating_sub(counter.used.saturating_add(counter.held)).max(0);
        let seconds = if left == 0 { 0 } else { scaled(left, passed, counter.used) };
        let at = now.checked_add_signed(TimeDelta::try_seconds(seconds)?)?;
        (at < ends_at).then_some(at)
    };
    let exhausted_at = [exhausted(tokens), exhausted(requests)].into_iter().flatten().min();
    Some(Projection { tokens: by_midnight(tokens), requests: by_midnight(requests), exhausted_at })
}

/// `number · by / per`, as large as can be where that is too large or divides by nothing.
fn scaled(number: i64, by: i64, per: i64) -> i64 {
    let product = i128::from(number) * i128::from(by);
    product.checked_div(i128::from(per)).and_then(|number| i64::try_from(number).ok()).unwrap_or(i64::MAX)
}

/// The next plan, where today or the last days show that the limits of this one are tight.
pub(super) fn advise(
    plan: Plan,
    limits: &Limits,
    history: &[PastDay],
    projection: Option<&Projection>,
) -> Option<Advice> {
    let (next, message) = match plan {
        Plan::Free => {
            (Plan::Student, "You often come near your daily limits. The Student plan has five times as much.")
        }
        Plan::Student => {
            (Plan::Pro, "You often come near your daily limits. The Pro plan has four times as much.")
        }
        Plan::Pro | Plan::Admin => return None,
    };
    let tight = |used: i64, limit: Option<i64>| {
        limit.is_some_and(|limit| used.saturating_mul(100) >= limit.saturating_mul(TIGHT))
    };
    let tight_days =
        history.iter().filter(|day| tight(day.tokens, limits.tokens) || tight(day.requests, limits.requests));
    let runs_out = projection.is_some_and(|projection| projection.exhausted_at.is_some());
    (runs_out || tight_days.count() >= TIGHT_DAYS).then_some(Advice {
        plan: next,
        message,
        upgrade_url: "/pricing",
    })
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeZone as _};

    use domain::platform_status::Snapshot;

    use super::*;

    fn at(hour: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 3, 1, hour, 0, 0).unwrap()
    }

    fn counter(used: i64, limit: Option<i64>) -> Counter {
        Counter { used, held: 0, limit }
    }

    #[test]
    fn a_day_goes_on_as_it_began() {
        let (tokens, requests) = (counter(4_000, Some(10_000)), counter(2, Some(20)));
        assert_eq!(project(at(0), tokens, requests), None, "too early");
        let morning = project(at(6), tokens, requests).unwrap();
        assert_eq!((morning.tokens, morning.requests), (16_000, 8));
        assert_eq!(morning.exhausted_at, Some(at(15)));
        assert_eq!(project(at(12), tokens, requests).unwrap().exhausted_at, None);
    }

    #[test]
    fn what_is_exhausted_or_endless_is_so() {
        let full = project(at(12), counter(10_000, Some(10_000)), counter(0, Some(20))).unwrap();
        assert_eq!(full.exhausted_at, Some(at(12)));
        let idle = project(at(12), counter(0, Some(10_000)), counter(0, Some(20))).unwrap();
        assert_eq!((idle.tokens, idle.exhausted_at), (0, None));
        let endless = project(at(1), counter(i64::MAX, None), counter(5, None)).unwrap();
        assert_eq!((endless.tokens, endless.requests, endless.exhausted_at), (i64::MAX, 120, None));
    }

    #[test]
    fn the_next_plan_is_advised_when_this_one_is_tight() {
        let day = |tokens| PastDay { date: NaiveDate::MIN, tokens, requests: 1 };
        let advise = |plan, history: &[PastDay]| {
            advise(plan, &Snapshot::default().limits(plan), history, None).map(|advice| advice.plan)
        };
        assert_eq!(advise(Plan::Free, &[day(8_000), day(9_999), day(0)]), Some(Plan::Student));
        assert_eq!(advise(Plan::Free, &[day(7_999), day(9_999), day(0)]), None);
        assert_eq!(advise(Plan::Student, &[day(50_000), day(50_000)]), Some(Plan::Pro));
        assert_eq!(advise(Plan::Pro, &[day(200_000), day(200_000)]), None);
    }
}
