//! Midnight, UTC.

use std::time::Duration;

use chrono::{NaiveTime, TimeDelta};
use serde_json::json;
use simulator::Script;

use crate::support::{Platform, key, student::job_of};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_promised_before_midnight_is_charged_to_the_day_before() {
    let platform = Platform::start().await;
    let slow = Script::healthy().first_token_after(Duration::from_millis(700));
    platform.pool([key("slow").answers(slow)]).await;
    let today = platform.parts.clock.today();
    let midnight = (today + TimeDelta::days(2)).and_time(NaiveTime::MIN).and_utc();
    let (eve, day) = (today + TimeDelta::days(1), today + TimeDelta::days(2));
    platform.sleep_until(midnight - TimeDelta::minutes(5));
    let student = platform.student().await;
    let receipt = student.sends(&student.session().await, "/mcq 1 heart failure").await.expect(202);
    let usage = student.usage().await;
    assert_eq!(usage["date"], json!(eve));
    assert_eq!(usage["reset_at"], json!(midnight));
    assert_eq!(usage["features"]["mcq"]["held"], 1);

    platform.sleep_until(midnight);
    let fresh = student.usage().await;
    assert_eq!(fresh["date"], json!(day));
    assert_eq!(fresh["features"]["mcq"], json!({ "used": 0, "held": 0, "limit": 5 }));
    let answer = student.events(&job_of(&receipt), None).await.finish().await;
    assert_eq!(answer.end(), "done");

    let after = student.usage().await;
    assert_eq!(after["tokens"], json!({ "used": 0, "held": 0, "limit": 10_000 }), "the new day is fresh");
    let history = after["history"].as_array().unwrap();
    assert_eq!((&history[6]["date"], &history[6]["requests"]), (&json!(day), &json!(0)));
    assert_eq!((&history[5]["date"], &history[5]["requests"]), (&json!(eve), &json!(1)));
    assert!(history[5]["tokens"].as_i64().unwrap() > 0);
    let on_eve = format!("select count(*) from usage_ledger where state = 'settled' and day = '{eve}'");
    assert_eq!(platform.number(on_eve).await, 1);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_nothing_left_has_all_again_after_midnight() {
    let platform = Platform::setup().queues([]).start().await;
    let midnight = (platform.parts.clock.today() + TimeDelta::days(2)).and_time(NaiveTime::MIN).and_utc();
    platform.sleep_until(midnight - TimeDelta::minutes(5));
    platform.answers_took("chat", 200).await;
    let student = platform.student().await;
    let (passed, refused) = super::split(super::at_once(&student, 25, "What is preload?").await);
    assert_eq!((passed.len(), refused.len()), (20, 5));
    assert_eq!(refused[0].error()["details"]["reset_at"], json!(midnight));

    platform.sleep_until(midnight);
    let (again, refused) = super::split(super::at_once(&student, 25, "What is preload?").await);
    assert_eq!((again.len(), refused.len()), (20, 5), "what is still under way belongs to yesterday");
    super::cancel(&student, &passed).await;
    assert_eq!(student.usage().await["requests"]["held"], 20, "and giving it back frees nothing today");
    super::cancel(&student, &again).await;
    assert_eq!(student.usage().await["requests"]["held"], 0);
    platform.end().await;
}
