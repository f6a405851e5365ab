//! The days that providers count limits by.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::America::Los_Angeles;

use super::Provider;

/// The provider's running day, from and until: Gemini's begins at midnight in California, anybody else's
/// in UTC.
pub fn quota_day(provider: Provider, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    match provider {
        Provider::Gemini => day_in(&Los_Angeles, now),
        Provider::OpenAi | Provider::Ollama | Provider::Demo => day_in(&Utc, now),
    }
}

/// The time zone of that day.
pub const fn zone_of(provider: Provider) -> &'static str {
    match provider {
        Provider::Gemini => "America/Los_Angeles",
        Provider::OpenAi | Provider::Ollama | Provider::Demo => "UTC",
    }
}

fn day_in<Z: TimeZone>(zone: &Z, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let today = now.with_timezone(zone).date_naive();
    let midnight = |day: NaiveDate| {
        let local = day.and_time(NaiveTime::MIN).and_local_timezone(zone.clone()).earliest();
        local.map_or(now, |midnight| midnight.with_timezone(&Utc))
    };
    (midnight(today), midnight(today.checked_add_days(Days::new(1)).unwrap_or(today)))
}
