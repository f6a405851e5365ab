use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{AdminEventId, UserId};
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000 + seconds, 0).unwrap()
}

fn notice(event: Event, about: &str, at: i64) -> Waiting {
    Waiting {
        id: AdminEventId::generate(),
        event,
        about: about.to_owned(),
        subject: format!("{about} at {at}"),
        facts: json!({ "at": at }),
        except: None,
        at: time(at),
    }
}

fn dispatched(alerts: &[Alert], at: i64) -> Vec<Dispatched> {
    let dispatched = |alert: &Alert| Dispatched {
        event: alert.event,
        about: alert.about.clone(),
        except: alert.except,
        at: time(at),
    };
    alerts.iter().map(dispatched).collect()
}

const THRESHOLDS: Thresholds = Thresholds { key_failures: 1, coalesce_seconds: 5, quiet_seconds: 600 };

#[test]
fn a_thousand_failures_of_a_key_are_one_message_with_a_count() {
    let storm: Vec<_> = (0..1000).map(|n| notice(Event::KeyFailed, "key", n / 100)).collect();
    assert!(coalesce(&storm, &[], THRESHOLDS, time(4)).alerts.is_empty(), "gathered for a moment");
    let coalesced = coalesce(&storm, &[], THRESHOLDS, time(10));
    let [alert] = &*coalesced.alerts else { panic!("{:?}", coalesced.alerts) };
    assert_eq!((alert.count, alert.first_at, alert.last_at), (1000, time(0), time(9)));
    assert_eq!((coalesced.gone.len(), coalesced.later.len()), (1000, 0));
}

#[test]
fn what_was_told_is_quiet_for_a_while() {
    let first = coalesce(&[notice(Event::KeyDegraded, "key", 0)], &[], THRESHOLDS, time(5));
    let dispatched = dispatched(&first.alerts, 5);
    let again = [notice(Event::KeyDegraded, "key", 20)];
    let coalesced = coalesce(&again, &dispatched, THRESHOLDS, time(30));
    assert!(coalesced.alerts.is_empty());
    assert_eq!(coalesced.later, [(again[0].id, time(605))]);
    assert_eq!(coalesce(&again, &dispatched, THRESHOLDS, time(605)).alerts.len(), 1);
    let another = [notice(Event::KeyDegraded, "other", 20)];
    assert_eq!(
        coalesce(&another, &dispatched, THRESHOLDS, time(30)).alerts.len(),
        1,
        "another thing is news"
    );
}

#[test]
fn a_thousand_keys_that_fail_are_one_message() {
    let storm: Vec<_> = (0..1000).map(|n| notice(Event::KeyFailed, &n.to_string(), 0)).collect();
    let coalesced = coalesce(&storm, &[], THRESHOLDS, time(5));
    let [alert] = &*coalesced.alerts else { panic!("{:?}", coalesced.alerts) };
    assert_eq!((alert.count, &*alert.about), (1000, MANY));
    assert_eq!(alert.subject, "Provider keys failed (1000 different)");
    assert_eq!(alert.facts["and_others"], 980);
}

#[test]
fn what_is_urgent_is_told_each_time() {
    for at in 0..3 {
        let entered =
            [notice(Event::MaintenanceEntered, "mcq", at), notice(Event::MaintenanceEntered, "chat", at)];
        let before = dispatched(&coalesce(&entered, &[], THRESHOLDS, time(at)).alerts, at);
        assert_eq!(coalesce(&entered, &before, THRESHOLDS, time(at)).alerts.len(), 2);
    }
}

#[test]
fn failures_below_the_threshold_are_forgotten_after_an_hour() {
    let thresholds = Thresholds { key_failures: 3, ..THRESHOLDS };
    let mut failures = vec![notice(Event::KeyFailed, "key", 0), notice(Event::KeyFailed, "key", 60)];
    let coalesced = coalesce(&failures, &[], thresholds, time(70));
    assert_eq!((coalesced.alerts.len(), coalesced.later.len()), (0, 2));
    let forgotten = coalesce(&failures, &[], thresholds, time(3600));
    assert_eq!((forgotten.alerts.len(), forgotten.gone.len()), (0, 2));
    failures.push(notice(Event::KeyFailed, "key", 80));
    assert_eq!(coalesce(&failures, &[], thresholds, time(90)).alerts[0].count, 3);
}

#[test]
fn admins_who_are_not_to_be_told_are_not_mixed_up() {
    let by = |admin: Option<UserId>| Waiting { except: admin, ..notice(Event::KeyDeleted, "key", 0) };
    let (ada, bob) = (UserId::generate(), UserId::generate());
    let coalesced =
        coalesce(&[by(Some(ada)), by(Some(bob)), by(None), by(Some(ada))], &[], THRESHOLDS, time(9));
    let counts: Vec<_> = coalesced.alerts.iter().map(|alert| (alert.except, alert.count)).collect();
    assert_eq!(counts, [(None, 1), (Some(ada), 2), (Some(bob), 1)]);
}

proptest! {
    /// Over any course of events: nothing is told twice or lost, and no while has more messages than it may.
    #[test]
    fn every_notice_is_told_exactly_once_and_never_too_often(
        raised in prop::collection::vec((0_i64..3000, 0_usize..8), 1..60),
        step in 1_i64..300,
    ) {
        let all: Vec<_> =
            raised.iter().map(|(at, about)| notice(Event::Failover, &about.to_string(), *at)).collect();
        let (mut gone, mut sent, mut counted, mut now) = (Vec::new(), Vec::<Dispatched>::new(), 0, 0);
        while now < 10_000 {
            let here: Vec<_> =
                all.iter().filter(|n| n.at <= time(now) && !gone.contains(&n.id)).cloned().collect();
            let coalesced = coalesce(&here, &sent, THRESHOLDS, time(now));
            prop_assert_eq!(coalesced.gone.len() + coalesced.later.len(), here.len());
            prop_assert!(coalesced.later.iter().all(|(_, until)| *until > time(now)));
            counted += coalesced.alerts.iter().map(|alert| alert.count).sum::<usize>();
            sent.extend(dispatched(&coalesced.alerts, now));
            gone.extend(coalesced.gone);
            let lately = sent.iter().filter(|dispatched| dispatched.at + TimeDelta::seconds(600) > time(now)).count();
            prop_assert!(lately <= MOST);
            now += step;
        }
        prop_assert_eq!(counted, all.len());
        prop_assert_eq!(gone.len(), all.len());
    }
}
