//! Properties of the limits, over any rush of calls.

use proptest::{collection::vec, prelude::*};

use super::*;

fn key(id: u128) -> KeyId {
    KeyId(uuid::Uuid::from_u128(id))
}

fn at(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_800_000_000_000 + ms).unwrap()
}

fn group(members: &[KeyId], limits: CallLimits) -> Group<'_> {
    Group { provider: Provider::OpenAi, members, limits }
}

const FREE: CallLimits = CallLimits { rpm: None, tpm: None, rpd: None };

/// Calls whenever the limits let it; returns when, and with how many tokens.
fn rush(rate_limiter: &mut RateLimiter, limits: CallLimits, asked: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let members = [key(1)];
    let mut now = 0;
    let mut calls = Vec::new();
    for (gap, tokens) in asked {
        now += gap;
        let asked = Asked { tokens: *tokens, ahead: 0 };
        if rate_limiter.free_at(group(&members, limits), asked, at(now)).is_none() {
            rate_limiter.take(members[0], Provider::OpenAi, *tokens, at(now));
            calls.push((now, *tokens));
        }
    }
    calls
}

proptest! {
    #[test]
    fn no_minute_ever_has_more_than_its_limits(
        rpm in 1..6_u32, tpm in 50..400_u32, asked in vec((0..20_000_i64, 1..90_i64), 0..60)
    ) {
        let limits = CallLimits { rpm: Some(rpm), tpm: Some(tpm), rpd: None };
        let calls = rush(&mut RateLimiter::default(), limits, &asked);
        for (start, _) in &calls {
            let within = calls.iter().filter(|(time, _)| (*start..start + 60_000).contains(time));
            let (count, tokens) = within.fold((0, 0), |(count, sum), (_, tokens)| (count + 1, sum + tokens));
            prop_assert!(count <= i64::from(rpm));
            prop_assert!(count == 1 || tokens <= i64::from(tpm));
        }
    }

    #[test]
    fn it_is_free_when_it_was_said_to_be(
        rpm in 1..6_u32, ahead in 0..12_i64, asked in vec((0..5_000_i64, 1..9_i64), 1..40)
    ) {
        let limits = CallLimits { rpm: Some(rpm), ..FREE };
        let mut rate_limiter = RateLimiter::default();
        rush(&mut rate_limiter, limits, &asked);
        let members = [key(1)];
        let mut now = at(asked.iter().map(|(gap, _)| gap).sum());
        // Those ahead go first, each as soon as it may.
        for ahead in (0..=ahead).rev() {
            let asked = Asked { tokens: 1, ahead };
            let confirmed = rate_limiter.free_at(group(&members, limits), asked, now).unwrap_or(now);
            let first = Asked { tokens: 1, ahead: 0 };
            now = rate_limiter.free_at(group(&members, limits), first, now).unwrap_or(now);
            prop_assert!(now <= confirmed, "the first of those ahead is not later than the last");
            prop_assert_eq!(rate_limiter.free_at(group(&members, limits), first, now), None);
            rate_limiter.take(members[0], Provider::OpenAi, 1, now);
        }
    }

    #[test]
    fn nothing_is_lost_or_doubled_on_the_way(asked in vec((0..2_000_i64, 0..50_i64, 0..3_u8), 0..60)) {
        let (mut rate_limiter, mut table) = (RateLimiter::default(), BTreeMap::<(KeyId, Span, DateTime<Utc>), (i64, i64)>::new());
        let mut now = 0;
        for (total, (gap, tokens, step)) in (1..).zip(asked) {
            now += gap;
            let counted = rate_limiter.take(key(1), Provider::OpenAi, 10, at(now));
            rate_limiter.correct(key(1), counted, tokens);
            let unsent = rate_limiter.unsent();
            match step {
                0 => rate_limiter.unconfirmed(),
                _ => {
                    for used in unsent {
                        let row = table.entry((used.key, used.span, used.slot)).or_default();
                        *row = (row.0 + used.requests, row.1 + used.tokens);
                    }
                    let rows = table.iter().map(|((key, span, slot), (requests, tokens))| {
                        Used { key: *key, span: *span, slot: *slot, requests: *requests, tokens: *tokens }
                    });
                    rate_limiter.confirmed(rows.collect());
                }
            }
            prop_assert_eq!(rate_limiter.requests_since(&[key(1)], at(-100_000_000)), total);
        }
    }
}

#[test]
fn a_day_ends_at_the_providers_midnight() {
    let now: DateTime<Utc> = "2026-07-15T06:59:59Z".parse().unwrap();
    let ends = |provider| quota_day(provider, now).1.to_rfc3339();
    assert_eq!(ends(Provider::Gemini), "2026-07-15T07:00:00+00:00");
    assert_eq!(ends(Provider::OpenAi), "2026-07-16T00:00:00+00:00");
    let limits = CallLimits { rpd: Some(2), ..FREE };
    let (mut rate_limiter, members) = (RateLimiter::default(), [key(1), key(2)]);
    let group = Group { provider: Provider::Gemini, members: &members, limits };
    let asked = Asked { tokens: 1, ahead: 0 };
    for member in members {
        assert_eq!(rate_limiter.free_at(group, asked, now), None);
        rate_limiter.take(member, Provider::Gemini, 1, now);
    }
    let reset = "2026-07-15T07:00:00Z".parse().unwrap();
    assert_eq!(rate_limiter.free_at(group, asked, now), Some(reset), "keys of one project share its day");
    assert_eq!(rate_limiter.left_today(group, now), Some((0, 2, reset)));
    assert_eq!(rate_limiter.free_at(group, asked, reset), None, "a new day");
}

#[test]
fn an_estimate_is_put_right() {
    let limits = CallLimits { tpm: Some(100), ..FREE };
    let (mut rate_limiter, members) = (RateLimiter::default(), [key(1)]);
    let counted = rate_limiter.take(members[0], Provider::OpenAi, 90, at(0));
    let asked = Asked { tokens: 50, ahead: 0 };
    assert!(rate_limiter.free_at(group(&members, limits), asked, at(1_000)).is_some());
    rate_limiter.correct(members[0], counted, 20);
    assert_eq!(rate_limiter.free_at(group(&members, limits), asked, at(1_000)), None);
    let huge = Asked { tokens: 5_000, ahead: 0 };
    assert_eq!(
        rate_limiter.free_at(group(&members, limits), huge, at(1_000)),
        Some(at(61_000)),
        "alone, not never"
    );
}
