use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn settings() -> Settings {
    let usual = |text: &str| text.parse::<Timetable>().unwrap();
    Settings {
        zone: Tz::UTC,
        audit_retention: Duration::from_hours(90 * 24),
        release_keys: usual(usual::RELEASE_KEYS),
        probe_keys: Timetable::every(Duration::from_mins(5)),
        sweep: usual(usual::SWEEP),
        read_anew: usual(usual::READ_ANEW),
        expire_subscriptions: usual(usual::EXPIRE_SUBSCRIPTIONS),
        roll_up_usage: usual(usual::ROLL_UP_USAGE),
        prune_audit: usual(usual::PRUNE_AUDIT),
        sweep_files: usual(usual::SWEEP_FILES),
    }
}

/// What the ticks were before they were cron expressions: whole multiples of these seconds since 1970.
const BEFORE: [(&str, i64); 8] = [
    ("release_keys", 5),
    ("probe_keys", 300),
    ("sweep", 600),
    ("read_anew", 300),
    ("expire_subscriptions", 3600),
    ("roll_up_usage", 86_400),
    ("prune_audit", 86_400),
    ("sweep_files", 86_400),
];

#[test]
fn the_usual_ticks_are_those_of_earlier_releases() {
    let lines = lines(&settings());
    assert_eq!(lines.iter().map(|line| line.name).collect::<BTreeSet<_>>().len(), BEFORE.len());
    for now in [1_790_000_000, 1_790_000_001, 1_798_761_599, 1_798_761_600] {
        for (line, (name, every)) in lines.iter().zip(BEFORE) {
            let before = DateTime::from_timestamp(now / every * every, 0);
            let now = DateTime::from_timestamp(now, 0).unwrap();
            assert_eq!((line.name, line.timetable.latest(now)), (name, before));
        }
    }
}

#[test]
fn usage_is_rolled_up_at_the_end_of_its_days_wherever_people_live() {
    let settings = Settings { zone: Tz::Europe__Berlin, ..settings() };
    let lines = lines(&settings);
    let next = |name| {
        let line = lines.iter().find(|line| line.name == name).unwrap();
        line.timetable.next("2026-07-01T12:00:00Z".parse().unwrap()).unwrap().to_rfc3339()
    };
    assert_eq!(next("roll_up_usage"), "2026-07-02T00:00:00+00:00");
    assert_eq!(next("prune_audit"), "2026-07-01T22:00:00+00:00");
    assert!(
        in_words(&lines, DateTime::UNIX_EPOCH)
            .contains("prune_audit: 0 0 * * * Europe/Berlin, next 1970-01-01T")
    );
}

/// What happens to a scheduler: it looks after some seconds, and may have been started anew.
fn looks() -> impl Strategy<Value = Vec<(i64, bool)>> {
    prop::collection::vec((1..90_i64, prop::bool::weighted(0.2)), 1..120)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]

    /// However often it is started anew, and whatever the clocks do meanwhile: each tick is enqueued once, when it is first
    /// looked after it; of those that were missed between two looks, the last.
    #[test]
    fn no_tick_is_lost_and_none_done_twice(
        text in prop::sample::select(vec![
            "*/5 * * * * *", "* * * * *", "*/7 * * * *", "30 2 * * *", "0 3 * * *", "15 1,2,3 * * *", "@every 77s",
        ]),
        start in prop::sample::select(vec![
            "2026-03-29T00:00:00Z", "2026-10-24T23:30:00Z", "2026-03-29T00:40:30Z", "2026-10-25T00:10:00Z",
        ]),
        looks in looks(),
    ) {
        let settings = Settings { zone: Tz::Europe__Berlin, sweep: text.parse().unwrap(), ..settings() };
        let fresh = || lines(&settings).into_iter().find(|line| line.name == "sweep").unwrap();
        let mut now: DateTime<Utc> = start.parse().unwrap();
        let all = fresh().timetable;
        let (mut line, mut enqueued, mut expected) = (fresh(), Vec::new(), BTreeSet::from_iter(all.latest(now)));
        let mut seen = now;
        // The table of ticks, which outlives every process.
        let mut done = BTreeSet::new();
        for (seconds, restarted) in std::iter::once((0, false)).chain(looks) {
            now += TimeDelta::seconds(seconds);
            if restarted {
                line = fresh();
            }
            let tick = line.due(now);
            enqueued.extend(tick.filter(|tick| done.insert(*tick)));
            line.known = Some(line.after(tick, now));
            let mut missed = None;
            while let Some(next) = all.next(missed.unwrap_or(seen)).filter(|next| *next <= now) {
                missed = Some(next);
            }
            expected.extend(missed);
            seen = now;
        }
        prop_assert_eq!(enqueued, expected.into_iter().collect::<Vec<_>>());
    }
}
