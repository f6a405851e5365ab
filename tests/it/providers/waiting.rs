//! `MAX_WAIT` runs from when the question was asked, and limits of unknown length back off.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use simulator::{Case, Rule, Script};

use super::{QUESTION, World};
use crate::support::{Platform, key, platform::Setup};

/// The longest that a question waits here.
fn waits_for(wait: Duration) -> Setup {
    Platform::setup().config(|config| config.providers.max_wait = wait)
}

fn time(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap_or_else(|| panic!("no time: {value}")).parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_days_limit_in_the_body_is_told_at_once() {
    let daily = Script::case(Case::DailyLimitToldInTheBody);
    let world = World::with(waits_for(Duration::from_mins(1)), [key("free").answers(daily)]).await;
    let asked = world.platform.parts.clock.now();
    let answer = world.asks(QUESTION).await;
    assert_eq!((answer.end(), answer.count("waiting")), ("error", 0), "{answer:?}");
    assert_eq!(answer.end_data()["code"], "PROVIDERS_EXHAUSTED");
    let key = world.key(0).await;
    for until in [&key["cooldown_until"], &answer.end_data()["details"]["retry_at"]] {
        let rest = (time(until) - asked).num_seconds();
        assert!((17_900..=18_200).contains(&rest), "five hours: {until}");
    }
    assert_eq!((&key["status"], &key["failure_count"]), (&json!("active"), &json!(0)));
    assert_eq!(world.charged().await, 0);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_of_unknown_length_backs_off() {
    let bare = Script::rules([Rule::says(429, r#"{"error": {"message": "Too many requests"}}"#)]);
    let world = World::of([
        key("bare").priority(9).answers(bare),
        key("spare").answers(Script::case(Case::SaysFine)),
    ])
    .await;
    let mut rests = Vec::new();
    for _ in 0..4 {
        world.asks(QUESTION).await;
        let until = time(&world.key(0).await["cooldown_until"]);
        rests.push((until - world.platform.parts.clock.now()).num_seconds());
        world.platform.sleep_until(until + TimeDelta::seconds(1));
    }
    assert!(rests.windows(2).all(|pair| pair[1] >= pair[0]), "{rests:?}");
    assert!(rests[3] >= 2 * rests[0] && rests[3] <= 6 * 3_600, "{rests:?}");
    world.is_open().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_never_waits_longer_than_it_may_from_when_it_was_asked() {
    // Each time it comes back it is told to wait a little more.
    let more =
        Script::rules([Rule::says(429, r#"{"error": {"message": "slow down"}}"#).header("retry-after", "1")]);
    let world = World::with(waits_for(Duration::from_secs(3)), [key("more").answers(more)]).await;
    let (asked, began) = (world.platform.parts.clock.now(), std::time::Instant::now());
    let answer = world.asks(QUESTION).await;
    let took = began.elapsed();
    assert_eq!((answer.end(), &answer.end_data()["code"]), ("error", &json!("PROVIDERS_EXHAUSTED")));
    assert!(answer.count("waiting") >= 1 && took < Duration::from_secs(20), "{took:?} {:?}", answer.events);
    for event in answer.events.iter().filter(|event| event.kind == "waiting") {
        assert!(time(&event.data["retry_at"]) <= asked + TimeDelta::seconds(5), "{event:?}");
    }
    assert_eq!(world.charged().await, 0);
    world.end().await;
}
