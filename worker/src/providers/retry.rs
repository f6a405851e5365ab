//! When a provider may be asked again: the many ways in which vendors say so.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use domain::keys::{Left, Provider, Remaining, quota_day::quota_day};
use reqwest::header::HeaderMap;

/// No quota is longer than a month: what says more says nothing.
const LONGEST: Duration = Duration::from_hours(32 * 24);

/// The longest that a header alone puts a key to rest: it may be wrong, and a call tells.
const LONGEST_OF_A_HEADER: Duration = Duration::from_hours(6);

/// `retry-after-ms`, or else `retry-after` in any form.
pub(super) fn from_headers(headers: &HeaderMap, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let millis = text(headers, "retry-after-ms").and_then(|value| value.parse::<f64>().ok());
    let millis =
        millis.and_then(|millis| since_1970(millis).or_else(|| after(now, seconds(millis / 1000.0)?)));
    millis.filter(|at| *at > now).or_else(|| instant(text(headers, "retry-after")?, now))
}

/// Limits, as headers name what is left and when it comes back.
const LIMITS: [(&str, &str); 10] = [
    ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    ("x-ratelimit-remaining-requests-day", "x-ratelimit-reset-requests-day"),
    ("x-ratelimit-remaining-tokens-minute", "x-ratelimit-reset-tokens-minute"),
    ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
    ("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"),
    ("anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"),
    ("anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset"),
    ("x-ratelimit-remaining", "x-ratelimit-reset"),
    ("ratelimit-remaining", "ratelimit-reset"),
];

/// The reset of whichever limit has nothing remaining; the latest, if several.
pub(super) fn from_rate_limits(headers: &HeaderMap, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let spent = LIMITS.iter().filter(|(remaining, _)| text(headers, remaining) == Some("0"));
    spent.filter_map(|(_, reset)| instant(text(headers, reset)?, now)).max()
}

/// What `x-ratelimit-{remaining,limit,reset}-*`, or `anthropic-ratelimit-*-{remaining,limit,reset}`, say is left. What
/// does not say when it resets is believed for a minute.
pub(super) fn remaining(headers: &HeaderMap, now: DateTime<Utc>) -> Remaining {
    let number = |name: String| text(headers, &name)?.parse::<i64>().ok().filter(|number| *number >= 0);
    let told = |named: &dyn Fn(&str) -> String| {
        let left = number(named("remaining"))?;
        let reset = text(headers, &named("reset")).and_then(|reset| instant(reset, now));
        let until = reset.or_else(|| after(now, Duration::from_mins(1)))?;
        Some(Left { left, limit: number(named("limit")), until: bounded(until, now, false) })
    };
    let left = |what: &str| {
        told(&|part| format!("x-ratelimit-{part}-{what}"))
            .or_else(|| told(&|part| format!("anthropic-ratelimit-{what}-{part}")))
    };
    Remaining { requests: left("requests"), tokens: left("tokens") }
}

/// Before the day of which Anthropic says that a budget begins anew.
pub(super) const REGAINED: &str = "regain access on ";

/// A day such as "2025-08-01 at 00:00 UTC".
fn from_a_date(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let (_, rest) = text.split_once(REGAINED)?;
    let at =
        NaiveDateTime::parse_from_str(rest.get(.."2025-08-01 at 00:00".len())?, "%Y-%m-%d at %H:%M").ok()?;
    to_come(at.and_utc(), now)
}

/// A sentence such as "try again in 6m0s", "retry after 20 seconds".
pub(super) fn from_words(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if let Some(at) = from_a_date(text, now) {
        return Some(at);
    }
    let before = [
        "try again in ",
        "retry in ",
        "try again after ",
        "retry after ",
        "available in ",
        "wait ",
        "resets in ",
    ];
    before.iter().find_map(|words| {
        let (_, rest) = text.split_once(words)?;
        let mut words = rest.split_ascii_whitespace();
        let number = words.next()?.trim_end_matches(['.', ',', ';', ')']);
        let unit = match words.next().unwrap_or_default().trim_end_matches(['.', ',', ';', ')']) {
            "second" | "seconds" | "sec" => "s",
            "minute" | "minutes" | "min" => "m",
            "hour" | "hours" => "h",
            "day" | "days" => "d",
            "millisecond" | "milliseconds" => "ms",
            _ => "",
        };
        duration(number)
            .filter(|_| unit.is_empty())
            .or_else(|| duration(&format!("{number}{unit}")))
            .and_then(|wait| after(now, wait))
    })
}

/// A time that is not later than is believed: some hours, unless a quota of a day or more is told in words, too.
pub(super) fn bounded(at: DateTime<Utc>, now: DateTime<Utc>, long: bool) -> DateTime<Utc> {
    let most = TimeDelta::from_std(if long { LONGEST } else { LONGEST_OF_A_HEADER }).ok();
    most.and_then(|most| now.checked_add_signed(most)).map_or(at, |latest| at.min(latest))
}

/// A time to come, in any of the forms that servers use: a duration, a date, or a number since 1970.
fn instant(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let at = match text.parse::<f64>() {
        Ok(number) => since_1970(number).or_else(|| after(now, seconds(number)?))?,
        Err(_) => match duration(text) {
            Some(wait) => after(now, wait)?,
            None => date(text)?,
        },
    };
    to_come(at, now)
}

/// A time that is not over, and not further away than any quota.
fn to_come(at: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let within = TimeDelta::from_std(LONGEST).ok()?;
    (at > now && at - now <= within).then_some(at)
}

fn date(text: &str) -> Option<DateTime<Utc>> {
    let http = || httpdate::parse_http_date(text).ok().map(DateTime::from);
    DateTime::parse_from_rfc3339(text).map(|at| at.with_timezone(&Utc)).ok().or_else(http)
}

/// A number that is too large for a while: seconds since 1970, or thousandths, or less of them.
fn since_1970(number: f64) -> Option<DateTime<Utc>> {
    let seconds = match number {
        1e9..1e11 => number,
        1e11..1e14 => number / 1e3,
        1e14..1e17 => number / 1e6,
        1e17..1e20 => number / 1e9,
        _ => return None,
    };
    let since = TimeDelta::from_std(self::seconds(seconds)?).ok()?;
    DateTime::UNIX_EPOCH.checked_add_signed(since)
}

/// `now` and a while. No time at all counts as unsaid, so that nobody hammers a provider; so does one that no quota
/// has.
pub(super) fn after(now: DateTime<Utc>, wait: Duration) -> Option<DateTime<Utc>> {
    let wait = TimeDelta::from_std(Some(wait).filter(|wait| *wait <= LONGEST)?).ok()?;
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
    quota_day(Provider::Gemini, now).1
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
        assert_eq!(read(&[("retry-after", "99999999")]), None, "three years");
        assert_eq!(read(&[("retry-after", "99999999999")]), None, "three thousand");
        assert_eq!(read(&[("retry-after", "6m0s")]), Some(at("2025-03-01T12:06:00Z")));
        assert_eq!(read(&[("retry-after", "2025-03-01T13:01:00+01:00")]), Some(at("2025-03-01T12:01:00Z")));
        let since = at("2025-03-01T12:01:00Z").timestamp();
        for form in [
            since.to_string(),
            format!("{since}.0"),
            format!("{since}000"),
            format!("{since}000000"),
            format!("{since}000000000"),
        ] {
            assert_eq!(read(&[("retry-after", &form)]), Some(at("2025-03-01T12:01:00Z")), "{form}");
        }
        assert_eq!(read(&[("retry-after-ms", &format!("{since}000"))]), Some(at("2025-03-01T12:01:00Z")));
        assert_eq!(read(&[("retry-after", &(since - 120).to_string())]), None, "the past");
    }

    #[test]
    fn a_header_alone_is_believed_for_some_hours_and_sentences_are_read() {
        let now = at("2025-03-01T12:00:00Z");
        let (soon, later) = (at("2025-03-01T12:05:00Z"), at("2025-03-05T12:00:00Z"));
        assert_eq!((bounded(soon, now, false), bounded(later, now, true)), (soon, later));
        assert_eq!(bounded(later, now, false), at("2025-03-01T18:00:00Z"));
        let read = |text: &str| from_words(text, now).map(|at| (at - now).num_milliseconds());
        assert_eq!(read("please try again in 6m0s. visit"), Some(360_000));
        assert_eq!(read("please try again in 20s."), Some(20_000));
        assert_eq!(read("retry after 20 seconds."), Some(20_000));
        assert_eq!(read("please wait 2 minutes, then"), Some(120_000));
        assert_eq!(read("please retry in 38.5s."), Some(38_500));
        for nothing in ["please try again later.", "try again in a moment", "wait", "wait 90000 days"] {
            assert_eq!(read(nothing), None, "{nothing}");
        }
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
