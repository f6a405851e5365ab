use super::*;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn queue(name: &str) -> Queue {
    Queue { name: name.to_owned(), workers: 1, ..Queue::default() }
}

fn served(feature: Feature) -> Served {
    Served { feature, enabled: true, active: 1, cooling: 0, down: false, runs_out_at: None }
}

fn raised(of: &Situation) -> Vec<(Kind, Severity, String)> {
    alarms(now(), of).into_iter().map(|alarm| (alarm.kind, alarm.severity, alarm.subject)).collect()
}

fn of_queues(queues: Vec<Queue>) -> Vec<(Kind, Severity, String)> {
    raised(&Situation { queues, ..Situation::default() })
}

fn of_features(features: Vec<Served>) -> Vec<(Kind, Severity, String)> {
    raised(&Situation { features, ..Situation::default() })
}

#[test]
fn nothing_is_wrong_where_everything_works() {
    let all = Situation {
        queues: vec![queue("chat")],
        features: vec![served(Feature::Chat)],
        ..Situation::default()
    };
    assert_eq!(raised(&all), []);
    assert_eq!(raised(&Situation::default()), []);
}

#[test]
fn a_stalled_queue_says_for_how_long() {
    let since = now() - TimeDelta::minutes(3);
    let stalled = Queue { alarm: Some((QueueAlarm::Stalled, Some(since))), ..queue("command") };
    let alarms = alarms(now(), &Situation { queues: vec![stalled], ..Situation::default() });
    assert_eq!(alarms[0].message, "Jobs run in `command` but none has finished for 3 minutes.");
    assert_eq!((alarms[0].kind, alarms[0].since), (Kind::QueueStalled, Some(since)));
}

#[test]
fn without_workers_there_is_one_alarm_and_a_queue_without_any_has_its_own() {
    let alone = |name| Queue { workers: 0, ..queue(name) };
    let critical = |subject: &str| (Kind::NoWorkers, Severity::Critical, subject.to_owned());
    assert_eq!(of_queues(vec![alone("chat"), alone("ingest")]), [critical("platform")]);
    let waits = Queue { ready: 1, ..alone("ingest") };
    assert_eq!(of_queues(vec![queue("chat"), waits]), [critical("ingest")]);
    let empty = of_queues(vec![queue("chat"), alone("ingest")]);
    assert_eq!(empty, [(Kind::NoWorkers, Severity::Warning, "ingest".to_owned())]);
}

#[test]
fn a_queue_is_late_by_how_long_its_first_job_waits() {
    let waits = |seconds| Queue { oldest: Some(TimeDelta::seconds(seconds)), ready: 1, ..queue("chat") };
    let severity = |seconds| of_queues(vec![waits(seconds)]).first().map(|(_, severity, _)| *severity);
    assert_eq!(severity(59), None);
    assert_eq!(severity(60), Some(Severity::Warning));
    assert_eq!(severity(300), Some(Severity::Critical));
    let paused = Queue { paused_at: Some(now()), ..waits(300) };
    assert_eq!(of_queues(vec![paused])[0].1, Severity::Warning, "somebody wants it so");
}

#[test]
fn a_feature_without_keys_is_down_and_all_of_them_are_one_alarm() {
    let down = |feature| Served { active: 0, down: true, ..served(feature) };
    let kinds = of_features(vec![served(Feature::Chat), down(Feature::Mcq)]);
    assert_eq!(kinds, [(Kind::FeatureDown, Severity::Warning, "mcq".to_owned())]);
    assert_eq!(of_features(vec![down(Feature::Chat), served(Feature::Mcq)])[0].1, Severity::Critical);
    let all = of_features(vec![down(Feature::Chat), down(Feature::Mcq)]);
    assert_eq!(all, [(Kind::FeatureDown, Severity::Critical, "platform".to_owned())]);
    let off = Served { enabled: false, ..down(Feature::Mcq) };
    assert_eq!(of_features(vec![served(Feature::Chat), off]), [], "who switched it off knows");
}

#[test]
fn keys_that_all_rest_and_quotas_that_run_out_are_told_in_time() {
    let rest = Served { active: 0, cooling: 2, ..served(Feature::Mcq) };
    let resting = of_features(vec![served(Feature::Chat), rest]);
    assert_eq!(resting, [(Kind::KeysCooling, Severity::Warning, "mcq".to_owned())]);
    let runs_out =
        |minutes| Served { runs_out_at: Some(now() + TimeDelta::minutes(minutes)), ..served(Feature::Chat) };
    let severity = |minutes| of_features(vec![runs_out(minutes)]).first().map(|(_, severity, _)| *severity);
    assert_eq!(
        (severity(121), severity(120), severity(15)),
        (None, Some(Severity::Warning), Some(Severity::Critical))
    );
}

#[test]
fn the_most_urgent_comes_first() {
    let closed = |feature, level| Closed { feature, level, reason: "a story".to_owned(), since: now() };
    let all = Situation {
        closed: vec![
            closed(Some(Feature::Mcq), maintenance::Level::Soft),
            closed(None, maintenance::Level::Hard),
        ],
        degraded_keys: 2,
        dead_deliveries: 1,
        ..Situation::default()
    };
    let told = raised(&all);
    assert_eq!(told[0], (Kind::Maintenance, Severity::Critical, "platform".to_owned()));
    assert_eq!(told.len(), 4);
    assert!(told[1..].iter().all(|(_, severity, _)| *severity == Severity::Warning));
}
