//! How long until a card is asked again, and how that is told.

use serde::{Deserialize, Serialize};

/// The longest interval in days: a hundred years, as in Anki.
pub const LONGEST: u32 = 36_500;

/// How long until a card is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    /// Within learning: seconds from the answer.
    Seconds(u32),
    /// Whole days of the student, 1 to [`LONGEST`].
    Days(u32),
}

/// A unit of time by the name that `Intl.NumberFormat` has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Below an hour.
    Minute,
    /// Below a day.
    Hour,
    /// Below a month.
    Day,
    /// Below a year.
    Month,
    /// Everything above.
    Year,
}

/// An interval as one number and its unit, such as 1.2 months: what a button of a rating says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spoken {
    /// How many, rounded to a whole number, or to a tenth for hours, months and years.
    pub count: f32,
    /// Of what.
    pub unit: Unit,
}

impl Interval {
    /// Days, of which learning has none.
    pub fn days(self) -> Option<u32> {
        match self {
            Self::Days(days) => Some(days),
            Self::Seconds(_) => None,
        }
    }

    /// The interval as people say it.
    pub fn spoken(self) -> Spoken {
        const MONTH: f32 = 30.4;
        const YEAR: f32 = 365.0;
        let tenths = |number: f32| (number * 10.0).round() / 10.0;
        let (count, unit) = match self {
            Self::Seconds(seconds) if seconds < 3_600 => {
                ((as_f32(seconds) / 60.0).round().max(1.0), Unit::Minute)
            }
            Self::Seconds(seconds) => (tenths(as_f32(seconds) / 3_600.0), Unit::Hour),
            Self::Days(days) if days < 31 => (as_f32(days), Unit::Day),
            Self::Days(days) if days < 365 => (tenths(as_f32(days) / MONTH), Unit::Month),
            Self::Days(days) => (tenths(as_f32(days) / YEAR), Unit::Year),
        };
        Spoken { count, unit }
    }

    /// The interval in short, as Anki writes it on a button: `10m`, `2h`, `3d`, `1.2mo`, `1.5y`.
    pub fn label(self) -> String {
        let Spoken { count, unit } = self.spoken();
        let unit = match unit {
            Unit::Minute => "m",
            Unit::Hour => "h",
            Unit::Day => "d",
            Unit::Month => "mo",
            Unit::Year => "y",
        };
        format!("{count}{unit}")
    }

    /// The same in seconds; a day has 24 hours.
    pub fn seconds(self) -> u64 {
        match self {
            Self::Seconds(seconds) => u64::from(seconds),
            Self::Days(days) => u64::from(days) * 24 * 60 * 60,
        }
    }
}

/// Seconds and days of an interval are far below where `f32` ceases to tell whole numbers apart.
#[expect(clippy::cast_precision_loss, reason = "what is far below 2^24 is exact")]
pub(super) fn as_f32(number: u32) -> f32 {
    number as f32
}

/// Whole days within 1 and `longest`; what is no number is one day.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is within 1 and 36,500")]
pub(super) fn whole_days(days: f32, longest: u32) -> u32 {
    let longest = longest.clamp(1, LONGEST);
    if days.is_nan() { 1 } else { days.round().clamp(1.0, as_f32(longest)) as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_said_in_the_unit_that_fits() {
        let said = |interval: Interval| (interval.spoken().count, interval.spoken().unit);
        assert_eq!(said(Interval::Seconds(10)), (1.0, Unit::Minute));
        assert_eq!(said(Interval::Seconds(600)), (10.0, Unit::Minute));
        assert_eq!(said(Interval::Seconds(5_400)), (1.5, Unit::Hour));
        assert_eq!(said(Interval::Days(30)), (30.0, Unit::Day));
        assert_eq!(said(Interval::Days(38)), (1.3, Unit::Month));
        assert_eq!(said(Interval::Days(500)), (1.4, Unit::Year));
    }

    #[test]
    fn days_are_whole_and_within_their_bounds() {
        let days = [f32::NAN, f32::NEG_INFINITY, -3.0, 0.2, 2.5, 1e9, f32::INFINITY]
            .map(|days| whole_days(days, LONGEST));
        assert_eq!(days, [1, 1, 1, 1, 3, LONGEST, LONGEST]);
        assert_eq!(whole_days(100.0, 0), 1);
    }

    #[test]
    fn a_button_says_it_in_short() {
        let labels =
            [Interval::Seconds(60), Interval::Seconds(5_400), Interval::Days(3), Interval::Days(400)];
        assert_eq!(labels.map(Interval::label), ["1m", "1.5h", "3d", "1.1y"]);
        assert_eq!(labels.map(Interval::seconds), [60, 5_400, 259_200, 34_560_000]);
    }
}
