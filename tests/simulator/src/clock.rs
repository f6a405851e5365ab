//! The wall clock, in the pieces that vendors count in.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, SecondsFormat, Utc};

/// Seconds of a day.
pub(crate) const DAY: u64 = 86_400;

/// Since 1970.
pub(crate) fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> u64 {
    u64::try_from(now().as_millis()).unwrap_or(u64::MAX)
}

/// Such as `2025-08-01T09:30:00.123456Z`.
pub(crate) fn rfc3339() -> String {
    DateTime::<Utc>::from(SystemTime::now()).to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The time in so many seconds.
pub(crate) fn in_seconds(seconds: u64) -> DateTime<Utc> {
    DateTime::<Utc>::from(SystemTime::now() + Duration::from_secs(seconds))
}

/// Seconds until the day or the minute (`length` seconds) is over, at least one.
pub(crate) fn until_next(length: u64, now_s: u64) -> u64 {
    length - now_s % length.max(1)
}
