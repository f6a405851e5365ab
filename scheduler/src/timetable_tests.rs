use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

fn timetable(text: &str) -> Timetable {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn a_time_of_day_is_that_of_its_zone() {
    let berlin = timetable("CRON_TZ=Europe/Berlin 0 3 * * *");
    assert_eq!(berlin.next(at("2026-01-10T12:00:00Z")), Some(at("2026-01-11T02:00:00Z")));
    assert_eq!(berlin.next(at("2026-07-10T12:00:00Z")), Some(at("2026-07-11T01:00:00Z")));
    assert_eq!((berlin.expression(), berlin.zone().name()), ("0 3 * * *", "Europe/Berlin"));
    let elsewhere = timetable("0 3 * * *").or_in(Tz::Asia__Tokyo);
    assert_eq!(elsewhere.next(at("2026-01-10T12:00:00Z")), Some(at("2026-01-10T18:00:00Z")));
    assert_eq!(berlin.or_in(Tz::Asia__Tokyo).zone().name(), "Europe/Berlin");
}

#[test]
fn an_hour_that_is_left_out_loses_nothing_and_one_that_comes_twice_doubles_nothing() {
    let daily = timetable("CRON_TZ=Europe/Berlin 30 2 * * *");
    // At 2:00 on 29 March 2026 it is 3:00; at 3:00 on 25 October it is 2:00.
    assert_eq!(daily.next(at("2026-03-28T12:00:00Z")), Some(at("2026-03-29T01:00:00Z")));
    assert_eq!(daily.next(at("2026-03-29T01:00:00Z")), Some(at("2026-03-30T00:30:00Z")));
    assert_eq!(daily.next(at("2026-10-24T12:00:00Z")), Some(at("2026-10-25T00:30:00Z")));
    assert_eq!(daily.next(at("2026-10-25T00:30:00Z")), Some(at("2026-10-26T01:30:00Z")));
    let often = timetable("CRON_TZ=Europe/Berlin */10 * * * *");
    for change in [at("2026-03-29T01:00:00Z"), at("2026-10-25T01:00:00Z")] {
        let mut now = change - TimeDelta::hours(2);
        while now < change + TimeDelta::hours(2) {
            assert_eq!(often.next(now), Some(now + TimeDelta::minutes(10)), "{now}");
            now += TimeDelta::minutes(10);
        }
    }
}

#[test]
fn an_interval_ticks_at_its_multiples() {
    let every = timetable("@every 90s");
    assert_eq!(every.latest(at("1970-01-01T00:04:00Z")), Some(at("1970-01-01T00:03:00Z")));
    assert_eq!(every.next(at("1970-01-01T00:03:00Z")), Some(at("1970-01-01T00:04:30Z")));
    assert_eq!(Timetable::every(Duration::from_mins(5)).expression(), "@every 5m");
}

#[test]
fn what_is_no_timetable_is_refused_with_a_reason() {
    for (text, reason) in [
        ("", "is no cron expression"),
        ("* * *", "is no cron expression"),
        ("61 * * * *", "is no cron expression"),
        ("0 0 30 2 *", "never comes"),
        ("CRON_TZ=Europe/Bielefeld 0 3 * * *", "no time zone \"Europe/Bielefeld\""),
        ("CRON_TZ=Europe/Berlin", "is no cron expression"),
        ("@every 0s", "must be whole seconds"),
        ("@every soon", "expected number"),
    ] {
        let refused = text.parse::<Timetable>().expect_err(text);
        assert!(refused.contains(reason), "{text}: {refused}");
    }
}

/// Zones whose clocks change by an hour, by half an hour, at midnight, not at all, and that are no whole hours off.
fn zones() -> impl Strategy<Value = Tz> {
    prop::sample::select(vec![
        Tz::UTC,
        Tz::Europe__Berlin,
        Tz::America__New_York,
        Tz::Australia__Lord_Howe,
        Tz::Africa__Cairo,
        Tz::Asia__Beirut,
        Tz::Asia__Kathmandu,
        Tz::America__St_Johns,
    ])
}

fn daily() -> impl Strategy<Value = String> {
    (0..60_u32, 0..24_u32).prop_map(|(minute, hour)| format!("{minute} {hour} * * *"))
}

fn expressions() -> impl Strategy<Value = String> {
    let step = prop::sample::select(vec![1_u32, 2, 5, 7, 10, 15, 30]);
    prop_oneof![
        daily(),
        step.clone().prop_map(|step| format!("*/{step} * * * *")),
        step.prop_map(|step| format!("*/{step} * * * * *")),
        (1..12_u32).prop_map(|step| format!("0 */{step} * * *")),
        (0..60_u32, 0..24_u32, 0..7_u32).prop_map(|(minute, hour, day)| format!("{minute} {hour} * * {day}")),
        (0..24_u32, 1..29_u32).prop_map(|(hour, day)| format!("0 {hour} {day} * *")),
        (1..10_000_u32).prop_map(|seconds| format!("@every {seconds}s")),
    ]
}

/// Any second of three years, and every other one within a day of when a clock changes.
fn times() -> impl Strategy<Value = DateTime<Utc>> {
    let any = at("2026-01-01T00:00:00Z").timestamp()..at("2029-01-01T00:00:00Z").timestamp();
    let changes = [
        "2026-03-08T07:00:00Z",
        "2026-03-29T01:00:00Z",
        "2026-04-04T15:00:00Z",
        "2026-04-23T22:00:00Z",
        "2026-10-03T15:30:00Z",
        "2026-10-25T01:00:00Z",
        "2026-10-29T21:00:00Z",
        "2026-11-01T06:00:00Z",
    ];
    let near = (prop::sample::select(changes.to_vec()), -86_400..86_400_i64)
        .prop_map(|(change, off)| at(change) + TimeDelta::seconds(off));
    prop_oneof![any.prop_map(|second| DateTime::from_timestamp(second, 0).unwrap()), near]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// A process that starts at any time finds the tick that one which has run all along would have found.
    #[test]
    fn the_next_tick_is_after_now_and_none_lies_between_the_latest_and_it(
        zone in zones(), text in expressions(), now in times(), parts in 0..1_000_000_000_i64,
    ) {
        let timetable = timetable(&text).or_in(zone);
        let now = now + TimeDelta::nanoseconds(parts);
        let (latest, next) = (timetable.latest(now).unwrap(), timetable.next(now).unwrap());
        prop_assert!(latest <= now && now < next, "{latest} {next}");
        prop_assert_eq!(timetable.next(latest), Some(next));
        prop_assert_eq!(timetable.latest(next), Some(next));
        prop_assert_eq!(timetable.latest(next - TimeDelta::seconds(1)), Some(latest));
        prop_assert_eq!(timetable.next(latest - TimeDelta::seconds(1)), Some(latest));
    }

    /// Whatever the clocks do.
    #[test]
    fn what_is_daily_is_due_once_on_each_day(zone in zones(), text in daily(), from in times()) {
        let timetable = timetable(&text).or_in(zone);
        let mut tick = timetable.next(from).unwrap();
        let date = |tick: DateTime<Utc>| -> NaiveDate { tick.with_timezone(&zone).date_naive() };
        for _ in 0..4 {
            let next = timetable.next(tick).unwrap();
            prop_assert_eq!(date(tick).succ_opt(), Some(date(next)), "{} after {}", next, tick);
            tick = next;
        }
    }
}
