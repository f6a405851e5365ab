//! When a provider may be asked again: the many ways in which vendors say so.

use std::time::Duration;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use chrono_tz::America::Los_Angeles;
use domain::keys::{Left, Remaining};
use reqwest::header::HeaderMap;

/// No vendor's quota is longer than a month: what says more is cut to this.
const LONGEST: Duration = Duration::from_hours(32 * 24);

/// `retry-after-ms`, or else `retry-after` in seconds or as a date.
pub(super) fn from_headers(headers: &HeaderMap, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let millis = text(headers, "retry-after-ms").and_then(|value| value.parse::<f64>().ok());
    if let Some(at) = millis.and_then(|millis| after(now, seconds(millis / 1000.0)?)) {
        return Some(at);
    }
    let value = text(headers, "retry-after")?;
    if let Ok(number) = value.parse::<f64>() {
        return after(now, seconds(number)?);
    }
    let date = DateTime::<Utc>::from(httpdate::parse_http_date(value).ok()?);
    after(now, (date - now).to_std().ok()?)
}

/// The `x-ratelimit-reset-*` of whichever limit has nothing remaining; the later, if both.
pub(super) fn from_rate_limits(headers: &HeaderMap, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let limits = [
        ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
        ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    ];
    let spent = limits.iter().filter(|(remaining, _)| text(headers, remaining) == Some("0"));
    spent.filter_map(|(_, reset)| after(now, duration(text(headers, reset)?)?)).max()
}

/// What `x-ratelimit-{remaining,limit,reset}-*` say is left. What does not say when it resets is
/// believed for a minute.
pub(super) fn remaining(headers: &HeaderMap, now: DateTime<Utc>) -> Remaining {
    let number = |name: String| text(headers, &name)?.parse::<i64>().ok().filter(|number| *number >= 0);
    let left = |what: &str| {
        let left = number(format!("x-ratelimit-remaining-{what}"))?;
        let reset = text(headers, &format!("x-ratelimit-reset-{what}")).and_then(duration);
        let until = after(now, reset.unwrap_or(Duration::from_mins(1)))?;
        Some(Left { left, limit: number(format!("x-ratelimit-limit-{what}")), until })
    };
    Remaining { requests: left("requests"), tokens: left("tokens") }
}

/// `now` and a while. No time at all counts as unsaid, so that nobody hammers a provider.
pub(super) fn after(now: DateTime<Utc>, wait: Duration) -> Option<DateTime<Utc>> {
    let wait = TimeDelta::from_std(wait.min(LONGEST)).ok()?;
    if wait <= TimeDelta::zero() { None } else { now.checked_add_signed(wait) }
}

/// Reads `12ms`, `6m0s`, `38s`, `1h2m3.4s`; a bare number is seconds.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total = 0.0;
    if rest.is_empty() {
        return None;
    }
    let in_number = |c: char| c.is_ascii_digit() || c == '.';
    while !rest.is_empty() {
        let (number, tail) = rest.split_at(rest.find(|c| !in_number(c)).unwrap_or(rest.len()));
        let (unit, tail) = tail.split_at(tail.find(in_number).unwrap_or(tail.len()));
        let scale = match unit {
            "d" => 86_400.0,
            "h" => 3_600.0,
            "m" => 60.0,
            "s" | "" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" | "μs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * scale;
        rest = tail;
    }
    seconds(total)
}

/// When Gemini's daily quotas reset: the next midnight in California, summer time included.
pub(super) fn next_midnight_pacific(now: DateTime<Utc>) -> DateTime<Utc> {
    let today = now.with_timezone(&Los_Angeles).date_naive();
    let midnight = today
        .checked_add_days(Days::new(1))
        .and_then(|tomorrow| tomorrow.and_time(NaiveTime::MIN).and_local_timezone(Los_Angeles).earliest());
    midnight.map_or(now, |midnight| midnight.with_timezone(&Utc))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn seconds(number: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(number).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let line = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        };
        lines.iter().map(line).collect()
    }

    #[test]
    fn durations_of_all_vendors_are_read() {
        let millis = |text| duration(text).map(|wait| wait.as_millis());
        assert_eq!(millis("12ms"), Some(12));
        assert_eq!(millis("6m0s"), Some(360_000));
        assert_eq!(millis("38s"), Some(38_000));
        assert_eq!(millis("38.250s"), Some(38_250));
        assert_eq!(millis("1h2m3.5s"), Some(3_723_500));
        assert_eq!(millis("7"), Some(7_000));
        for nonsense in ["", "s", "-3s", "3 s", "1.2.3s", "soon", "5y", "²s"] {
            assert_eq!(duration(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn retry_after_is_milliseconds_seconds_or_a_date() {
        let now = at("2025-03-01T12:00:00Z");
        let read = |lines: &[(&'static str, &str)]| from_headers(&headers(lines), now);
        assert_eq!(read(&[("retry-after", "20")]), Some(at("2025-03-01T12:00:20Z")));
        let both = [("retry-after", "20"), ("retry-after-ms", "1500")];
        assert_eq!(read(&both), Some(at("2025-03-01T12:00:01.500Z")));
        let date = [("retry-after", "Sat, 01 Mar 2025 12:05:00 GMT")];
        assert_eq!(read(&date), Some(at("2025-03-01T12:05:00Z")));
        assert_eq!(read(&[("retry-after", "Sat, 01 Mar 2025 11:05:00 GMT")]), None, "the past");
        assert_eq!(read(&[("retry-after", "0")]), None);
        assert_eq!(read(&[("retry-after", "-5")]), None);
        assert_eq!(read(&[("retry-after", "1e300")]), None);
        assert_eq!(read(&[("retry-after", "99999999999")]), Some(at("2025-04-02T12:00:00Z")), "cut");
    }

    #[test]
    fn only_a_spent_limit_counts() {
        let now = at("2025-03-01T12:00:00Z");
        let lines = [
            ("x-ratelimit-remaining-requests", "12"),
            ("x-ratelimit-reset-requests", "6m0s"),
            ("x-ratelimit-remaining-tokens", "0"),
            ("x-ratelimit-reset-tokens", "1.5s"),
        ];
        assert_eq!(from_rate_limits(&headers(&lines), now), Some(at("2025-03-01T12:00:01.500Z")));
        assert_eq!(from_rate_limits(&HeaderMap::new(), now), None);
    }

    #[test]
    fn what_is_left_is_read_from_headers() {
        let now = at("2025-03-01T12:00:00Z");
        let lines = [
            ("x-ratelimit-remaining-requests", "12"),
            ("x-ratelimit-limit-requests", "500"),
            ("x-ratelimit-reset-requests", "6m0s"),
            ("x-ratelimit-remaining-tokens", "nonsense"),
        ];
        let requests = Left { left: 12, limit: Some(500), until: at("2025-03-01T12:06:00Z") };
        assert_eq!(remaining(&headers(&lines), now), Remaining { requests: Some(requests), tokens: None });
        assert!(remaining(&HeaderMap::new(), now).is_unknown());
        let bare = remaining(&headers(&[("x-ratelimit-remaining-tokens", "0")]), now);
        assert_eq!(bare.spent_until(), Some(at("2025-03-01T12:01:00Z")));
    }

    #[test]
    fn midnight_in_california_follows_summer_time() {
        let next = |text| next_midnight_pacific(at(text));
        assert_eq!(next("2025-01-15T07:59:59Z"), at("2025-01-15T08:00:00Z"), "winter");
        assert_eq!(next("2025-01-15T08:00:00Z"), at("2025-01-16T08:00:00Z"), "at midnight: the next");
        assert_eq!(next("2025-07-15T06:59:59Z"), at("2025-07-15T07:00:00Z"), "summer");
        assert_eq!(next("2025-03-09T09:00:00Z"), at("2025-03-10T07:00:00Z"), "a day of 23 hours");
        assert_eq!(next("2025-11-02T08:00:00Z"), at("2025-11-03T08:00:00Z"), "a day of 25 hours");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,24}", wait in "[0-9.hmsun]{0,24}") {
            let now = at("2025-03-01T12:00:00Z");
            for text in [text, wait] {
                if let Some(at) = duration(&text).and_then(|wait| after(now, wait)) {
                    prop_assert!(at > now);
                }
                if let Ok(value) = HeaderValue::from_str(&text) {
                    from_headers(&[(HeaderName::from_static("retry-after"), value)].into_iter().collect(), now);
                }
            }
        }
    }
}
