//! When something is due: a cron expression, on the clock of a time zone.
//!
//! Where that clock is put forward, what was due in the hour that is left out is due when it ends; where it is put back,
//! what has a time of day is due once, the first time, and what comes every so often goes on as the time does.

use std::{fmt, str::FromStr, time::Duration};

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use chrono_tz::Tz;
use croner::{
    Cron,
    parser::{CronParser, Seconds},
};

/// A time by which everything that ever is due has been due: expressions may name a day that no year has.
const LOOKED_FROM: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// When something is due.
///
/// Five fields, such as `0 3 * * *`, or six with seconds first. `CRON_TZ=Europe/Berlin 0 3 * * *` is the clock there, and
/// `@every 90s` is whole multiples of that since 1970.
#[derive(Debug, Clone)]
pub struct Timetable {
    expression: String,
    rule: Rule,
    zone: Option<Tz>,
}

#[derive(Debug, Clone)]
enum Rule {
    Cron(Box<Cron>),
    Every(TimeDelta),
}

impl Timetable {
    /// Due at whole multiples of an interval since 1970, which is a second at least.
    pub fn every(interval: Duration) -> Self {
        let expression = format!("@every {}", humantime::format_duration(interval));
        let seconds = i64::try_from(interval.as_secs()).unwrap_or(i64::MAX).max(1);
        let every = TimeDelta::try_seconds(seconds).unwrap_or(TimeDelta::MAX);
        Self { expression, rule: Rule::Every(every), zone: Some(Tz::UTC) }
    }

    /// On the clock of a zone, unless the expression names one.
    #[must_use]
    pub(crate) fn or_in(self, zone: Tz) -> Self {
        Self { zone: Some(self.zone.unwrap_or(zone)), ..self }
    }

    /// As it was written, without its zone.
    pub(crate) fn expression(&self) -> &str {
        &self.expression
    }

    /// On whose clock it is.
    pub(crate) fn zone(&self) -> Tz {
        self.zone.unwrap_or(Tz::UTC)
    }

    /// The last time that it was due, which may be now.
    pub(crate) fn latest(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let now = now.trunc_subsecs(0);
        match &self.rule {
            Rule::Cron(cron) => {
                let found = cron.find_previous_occurrence(&now.with_timezone(&self.zone()), true);
                found.ok().map(|tick| tick.with_timezone(&Utc))
            }
            Rule::Every(every) => multiple(now.timestamp().div_euclid(every.num_seconds()), *every),
        }
    }

    /// The next time that it is due, which is not now.
    pub(crate) fn next(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let now = now.trunc_subsecs(0);
        match &self.rule {
            Rule::Cron(cron) => {
                let found = cron.find_next_occurrence(&now.with_timezone(&self.zone()), false);
                found.ok().map(|tick| tick.with_timezone(&Utc))
            }
            Rule::Every(every) => {
                multiple(now.timestamp().div_euclid(every.num_seconds()).checked_add(1)?, *every)
            }
        }
    }
}

fn multiple(times: i64, every: TimeDelta) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(times.checked_mul(every.num_seconds())?, 0)
}

impl FromStr for Timetable {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (zone, expression) = match text.strip_prefix("CRON_TZ=") {
            None => (None, text),
            Some(rest) => {
                let (zone, expression) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
                (Some(parse_zone(zone)?), expression.trim())
            }
        };
        if let Some(interval) = expression.strip_prefix("@every ") {
            return match humantime::parse_duration(interval) {
                Ok(every) if every.subsec_nanos() == 0 && !every.is_zero() => Ok(Self::every(every)),
                Ok(_) => Err("must be whole seconds, at least one".to_owned()),
                Err(error) => Err(error.to_string()),
            };
        }
        let parser = CronParser::builder().seconds(Seconds::Optional).build();
        let cron = parser.parse(expression).map_err(|error| format!("is no cron expression: {error}"))?;
        let found = Self { expression: expression.to_owned(), rule: Rule::Cron(Box::new(cron)), zone };
        match found.next(LOOKED_FROM) {
            Some(_) => Ok(found),
            None => Err("never comes".to_owned()),
        }
    }
}

/// With its zone, where it names one: what it was made of.
impl fmt::Display for Timetable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.rule, self.zone) {
            (Rule::Cron(_), Some(zone)) => write!(f, "CRON_TZ={zone} {}", self.expression),
            _ => f.write_str(&self.expression),
        }
    }
}

/// A time zone by its name in the IANA's list.
///
/// # Errors
/// Where there is none of that name.
pub fn parse_zone(name: &str) -> Result<Tz, String> {
    name.trim().parse().map_err(|_unknown| format!("there is no time zone {name:?}; one is Europe/Berlin"))
}

#[cfg(test)]
#[path = "timetable_tests.rs"]
mod tests;
