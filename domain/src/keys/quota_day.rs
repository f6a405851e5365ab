//! The days that providers count limits by.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};

use super::Provider;

/// The provider's running day, from and until, by the midnights of where it counts its days.
pub fn quota_day(provider: Provider, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    day_in(&provider.description().zone, now)
}

fn day_in<Z: TimeZone>(zone: &Z, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let today = now.with_timezone(zone).date_naive();
    let midnight = |day: NaiveDate| {
        let local = day.and_time(NaiveTime::MIN).and_local_timezone(zone.clone()).earliest();
        local.map_or(now, |midnight| midnight.with_timezone(&Utc))
    };
    (midnight(today), midnight(today.checked_add_days(Days::new(1)).unwrap_or(today)))
}
