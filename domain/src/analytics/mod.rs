//! What the platform's usage comes to: arithmetic over figures that others have counted. The SQL that fetches
//! them is in [`store`], which reads roll-ups, and of days that are not rolled up the counters of those days.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::feature::Feature;

pub mod store;

/// Days that a projection takes its pace from.
const PACE_DAYS: u64 = 7;

/// What came of one feature on one plan on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Which day, in UTC.
    pub day: NaiveDate,
    /// The plan of those who asked; `deleted` where the account is gone.
    pub plan: String,
    /// For what.
    pub feature: Feature,
    /// What it came to.
    pub sums: Sums,
}

/// What some requests came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Requests that were answered.
    pub requests: i64,
    /// Requests that failed, and were given back.
    pub failed: i64,
    /// Tokens of prompts.
    pub prompt_tokens: i64,
    /// Tokens of answers.
    pub completion_tokens: i64,
}

impl Sums {
    /// Tokens of both kinds.
    pub const fn tokens(&self) -> i64 {
        self.prompt_tokens + self.completion_tokens
    }

    /// Both together.
    pub const fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.failed += other.failed;
        self.prompt_tokens += other.prompt_tokens;
        self.completion_tokens += other.completion_tokens;
    }
}

/// Adds up cells by what `key` says of them.
pub fn by<K: Ord>(cells: &[Cell], key: impl Fn(&Cell) -> K) -> BTreeMap<K, Sums> {
    let mut sums = BTreeMap::<K, Sums>::new();
    for cell in cells {
        sums.entry(key(cell)).or_default().add(cell.sums);
    }
    sums
}

/// All of it.
pub fn total(cells: &[Cell]) -> Sums {
    let mut total = Sums::default();
    for cell in cells {
        total.add(cell.sums);
    }
    total
}

/// `part` of `whole`; nothing of nothing.
#[expect(clippy::cast_precision_loss, reason = "a ratio is rounded anyway")]
pub fn ratio(part: i64, whole: i64) -> f64 {
    if whole > 0 { part as f64 / whole as f64 } else { 0.0 }
}

/// The days from `from` to `to`, both included.
pub fn days(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    from.iter_days().take_while(move |day| *day <= to)
}

/// The Monday of a day's week.
pub fn week_of(day: NaiveDate) -> NaiveDate {
    let since = Days::new(day.weekday().num_days_from_monday().into());
    day.checked_sub_days(since).unwrap_or(day)
}

/// The first day of a day's month.
pub fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// What a month costs, in dollars.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Month {
    /// Until now.
    pub so_far: f64,
    /// By its end, at the pace of the last days.
    pub projected: f64,
}

/// What the running month has cost, and will have by its end. `costs` are those of days; the pace is that of the
/// last seven whole days, or of as many as there are, or else of what there is of today.
pub fn project(costs: &BTreeMap<NaiveDate, f64>, now: DateTime<Utc>) -> Month {
    let today = now.date_naive();
    let first = month_of(today);
    let so_far: f64 = costs.range(first..=today).map(|(_, cost)| cost).sum();
    let begin = today.checked_sub_days(Days::new(PACE_DAYS)).unwrap_or(today);
    let lately = costs.range(begin..today);
    let since = lately.clone().next().map(|(day, _)| *day);
    let pace = match since {
        Some(since) => lately.map(|(_, cost)| cost).sum::<f64>() / days_between(since, today),
        None => costs.get(&today).copied().unwrap_or(0.0) / passed_of_today(now),
    };
    let end = first.checked_add_months(Months::new(1)).unwrap_or(today).and_time(NaiveTime::MIN).and_utc();
    let left = (end - now).max(TimeDelta::zero()).as_seconds_f64() / TimeDelta::days(1).as_seconds_f64();
    Month { so_far, projected: so_far + pace * left }
}

fn days_between(from: NaiveDate, to: NaiveDate) -> f64 {
    (to - from).as_seconds_f64() / TimeDelta::days(1).as_seconds_f64()
}

/// The part of today that is over; at least an hour, so that the first call of a day says little.
fn passed_of_today(now: DateTime<Utc>) -> f64 {
    let passed = (now.time() - NaiveTime::MIN).max(TimeDelta::hours(1));
    passed.as_seconds_f64() / TimeDelta::days(1).as_seconds_f64()
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
