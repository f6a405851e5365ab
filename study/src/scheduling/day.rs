//! The day of a student: it begins at 04:00 on the clock of their zone, as in Anki, so that a late evening is one day.

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// The hour at which a day begins.
pub const BEGINS_AT: u32 = 4;

/// A day of studying, counted in days since 1970-01-01.
///
/// It is stored with each review, so that a log means the same after its student has moved to another zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i32);

impl Day {
    /// The day that it is at this moment in this zone.
    pub fn of(at: DateTime<Utc>, zone: Tz) -> Self {
        let local = at.with_timezone(&zone).naive_local();
        let since = local - Duration::hours(i64::from(BEGINS_AT));
        let days = since.date().signed_duration_since(NaiveDate::default()).num_days();
        Self(i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX }))
    }

    /// The first moment of this day. Where the clock of the zone skips 04:00, the first one after.
    pub fn begins(self, zone: Tz) -> DateTime<Utc> {
        let local = self.date().and_time(NaiveTime::MIN) + Duration::hours(i64::from(BEGINS_AT));
        // Clocks were put forward by a whole day at most (Samoa, 2011).
        (0..=26 * 4)
            .find_map(|quarter| {
                zone.from_local_datetime(&(local + Duration::minutes(15 * quarter))).earliest()
            })
            .map_or_else(|| local.and_utc(), |begins| begins.with_timezone(&Utc))
    }

    /// Its date on the calendar.
    pub fn date(self) -> NaiveDate {
        let days = Days::new(u64::from(self.0.unsigned_abs()));
        let epoch = NaiveDate::default();
        let date = if self.0 < 0 { epoch.checked_sub_days(days) } else { epoch.checked_add_days(days) };
        date.unwrap_or(epoch)
    }

    /// The day after this many days.
    #[must_use]
    pub fn plus(self, days: u32) -> Self {
        Self(self.0.saturating_add_unsigned(days))
    }

    /// Days from an earlier day to this one; 0 where the other is not earlier, as of a clock that was put back.
    pub fn since(self, earlier: Self) -> u32 {
        u32::try_from(i64::from(self.0) - i64::from(earlier.0)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_begins_at_four_in_the_zone_of_the_student() {
        let (before, after) = (at("2026-12-01T02:59:59Z"), at("2026-12-01T03:00:00Z"));
        assert_eq!(Day::of(before, Tz::Europe__Berlin).plus(1), Day::of(after, Tz::Europe__Berlin));
        assert_eq!(Day::of(before, Tz::UTC), Day::of(after, Tz::UTC));
        assert_eq!(Day::of(after, Tz::Europe__Berlin).date().to_string(), "2026-12-01");
    }

    #[test]
    fn days_of_23_and_of_25_hours_are_one_day_each() {
        let hours = |day: &str| {
            let day = Day::of(at(day), Tz::Europe__Berlin);
            (day.plus(1).begins(Tz::Europe__Berlin) - day.begins(Tz::Europe__Berlin)).num_hours()
        };
        assert_eq!(hours("2026-03-28T12:00:00Z"), 23);
        assert_eq!(hours("2026-10-24T12:00:00Z"), 25);
    }

    #[test]
    fn a_day_that_a_calendar_skips_begins_where_the_next_does() {
        let before = Day::of(at("2011-12-30T00:00:00Z"), Tz::Pacific__Apia);
        let skipped = before.plus(1);
        assert_eq!(skipped.date().to_string(), "2011-12-30");
        assert!(skipped.begins(Tz::Pacific__Apia) <= skipped.plus(1).begins(Tz::Pacific__Apia));
    }

    proptest! {
        #[test]
        fn a_moment_is_within_its_day(seconds in 0_i64..4_000_000_000, zone in prop::sample::select(&chrono_tz::TZ_VARIANTS[..])) {
            let at = DateTime::from_timestamp(seconds, 0).unwrap();
            let day = Day::of(at, zone);
            // Clocks of some stations were once put back over 04:00; nowhere by more than a day.
            let slack = Duration::hours(24);
            prop_assert!(day.begins(zone) <= at + slack && at < day.plus(1).begins(zone) + slack);
        }
    }
}
