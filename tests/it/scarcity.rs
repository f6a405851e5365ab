//! Too few calls for all: limits are respected, and who has to wait is told and served in turn.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use simulator::Script;

use crate::support::{Platform, key, sse::Answer, student::Student};

/// Asks, and goes on when the question has got so far.
async fn asked_and(student: &Student, what: &str, kind: &str) -> tokio::task::JoinHandle<Answer> {
    let mut events = student.streams(&student.session().await, what).await;
    events.until(kind).await;
    tokio::spawn(events.finish())
}

/// The prompts in the order in which they came.
fn asked(platform: &Platform) -> Vec<String> {
    let calls = platform.simulator.calls().into_iter();
    let text = |prompt: serde_json::Value| prompt["contents"].to_string() + &prompt["messages"].to_string();
    let numbers = |text: String| (1..=9).find(|n| text.contains(&format!("Question {n}"))).unwrap_or(0);
    calls
        .filter(|call| call.outcome == Some(200))
        .map(|call| format!("{}", numbers(text(call.prompt))))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn with_all_keys_at_retry_in_eight_seconds_questions_are_answered_after_that_in_their_order() {
    let platform = Platform::start().await;
    // Short ones, of which a free student may have many under way.
    platform.answers_took("chat", 40).await;
    let (one, two) = (key("one").provider("gemini"), key("two").provider("gemini"));
    platform.pool([one.clone(), two.clone()]).await;
    for spec in [&one, &two] {
        platform.simulator.script_next(&spec.value(), [Script::rate_limited(Duration::from_secs(8))]);
    }
    let student = platform.student().await;
    let began = Instant::now();
    let mut answers = Vec::new();
    for n in 1..=4 {
        answers.push(asked_and(&student, &format!("Question {n}?"), "waiting").await);
    }
    for answer in answers {
        let answer = answer.await.unwrap();
        assert_eq!((answer.end(), answer.count("error")), ("done", 0));
        assert!(answer.count("waiting") >= 1);
    }
    let took = began.elapsed();
    assert!((8..14).contains(&took.as_secs()), "took {took:?}");
    assert_eq!(asked(&platform), ["1", "2", "3", "4"]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_a_key_is_served_in_the_order_of_arrival() {
    let platform = Platform::start().await;
    let only = key("only").provider("gemini");
    platform.pool([only.clone()]).await;
    platform.simulator.script_next(&only.value(), [Script::rate_limited(Duration::from_secs(4))]);
    let student = platform.student_on("pro").await;
    let mut answers = Vec::new();
    for n in 1..=6 {
        answers.push(asked_and(&student, &format!("Question {n}?"), "waiting").await);
    }
    for answer in answers {
        assert_eq!(answer.await.unwrap().end(), "done");
    }
    assert_eq!(asked(&platform), ["1", "2", "3", "4", "5", "6"]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whichever_process_puts_them_off_questions_come_back_one_after_the_other() {
    let platform = Platform::setup().redis().start().await;
    let other = Platform::setup().redis().beside(&platform).start().await;
    let only = key("only").provider("gemini");
    platform.pool([only.clone()]).await;
    platform.simulator.script_next(&only.value(), [Script::rate_limited(Duration::from_secs(4))]);
    let student = platform.student_on("pro").await;
    let mut answers = Vec::new();
    for n in 1..=8 {
        answers.push(asked_and(&student, &format!("Question {n}?"), "waiting").await);
    }
    for answer in answers {
        assert_eq!(answer.await.unwrap().end(), "done");
    }
    // Two processes are as exact as their clocks: what they share is the time at which each comes back.
    let late = "select count(*) from (
        select run_at - lag(run_at) over (order by id) as after from jobs where queue = 'chat' and snoozes = 1) waited
        where after < interval '10 milliseconds'";
    assert_eq!(platform.number(late).await, 0);
    assert_eq!(platform.number("select count(*) from jobs where queue = 'chat' and snoozes > 0").await, 8);
    other.end().await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_respected_before_the_provider_has_to_say_no() {
    let platform = Platform::start().await;
    // Short ones, of which a free student may have many under way.
    platform.answers_took("chat", 40).await;
    let slow = Script::healthy().first_token_after(Duration::from_millis(100));
    let limited = key("limited").limits(json!({ "rpm": 3 })).answers(slow);
    platform.pool([limited.clone()]).await;
    let student = platform.student().await;
    let mut answers = Vec::new();
    for n in 1..=6 {
        let kind = if n > 3 { "waiting" } else { "started" };
        answers.push(asked_and(&student, &format!("Question {n}?"), kind).await);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(asked(&platform).len(), 3, "the provider never saw more");
    let waiting = platform.number("select count(*) from jobs where state = 'scheduled'").await;
    assert_eq!(waiting, 3);

    // A minute later.
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::seconds(62));
    platform.sql("update jobs set run_at = now() where state = 'scheduled'").await;
    for answer in answers {
        let answer = answer.await.unwrap();
        assert_eq!((answer.end(), answer.count("error")), ("done", 0));
    }
    let mut order = asked(&platform);
    order[..3].sort();
    order[3..].sort();
    assert_eq!(order, ["1", "2", "3", "4", "5", "6"]);
    assert!(platform.simulator.calls().iter().all(|call| call.outcome == Some(200)));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rush_does_not_pass_a_limit_and_processes_tell_each_other() {
    let platform =
        Platform::setup().redis().config(|config| config.jobs.tenant_concurrency = 64).start().await;
    let limited = key("limited").limits(json!({ "rpm": 5 }));
    let spare = key("spare").priority(-1);
    platform.pool([limited.clone(), spare.clone()]).await;
    let student = platform.student_on("pro").await;
    let many: Vec<_> = (0..30)
        .map(|_| {
            let student = student.clone();
            tokio::spawn(async move { student.asks("What is preload?").await.end().to_owned() })
        })
        .collect();
    for one in many {
        assert_eq!(one.await.unwrap(), "done");
    }
    let of_limited = || platform.simulator.calls().iter().filter(|call| call.key == limited.value()).count();
    assert_eq!(of_limited(), 5);
    // Another worker, which never called it, knows.
    platform.eventually("select exists (select from key_usage where span = 'second' and requests > 0)").await;
    let other = Platform::setup().redis().beside(&platform).start().await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    platform.parts.drain.cancel();
    other.student().await.asks("What is preload?").await;
    assert_eq!(of_limited(), 5);
    other.end().await;
    platform.end_with_jobs_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_one_project_share_its_limit() {
    let platform = Platform::start().await;
    let limits = json!({ "rpm": 2 });
    let one = key("one").priority(9).group("project").limits(limits.clone());
    let two = key("two").priority(8).group("project");
    let other = key("other");
    platform.pool([one.clone(), two.clone(), other.clone()]).await;
    let student = platform.student().await;
    for _ in 0..5 {
        student.asks("What is preload?").await;
    }
    let calls = platform.simulator.calls();
    let of =
        |spec: &crate::support::keys::KeySpec| calls.iter().filter(|call| call.key == spec.value()).count();
    assert_eq!((of(&one) + of(&two), of(&other)), (2, 3));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_days_limit_ends_at_the_providers_midnight() {
    let platform = Platform::start().await;
    platform.pool([key("daily").provider("gemini").limits(json!({ "rpd": 2 }))]).await;
    let student = platform.student().await;
    for _ in 0..2 {
        assert_eq!(student.asks("What is preload?").await.end(), "done");
    }
    let answer = student.asks("What is preload?").await;
    if answer.end() == "error" {
        let back: DateTime<Utc> = answer.end_data()["details"]["retry_at"].as_str().unwrap().parse().unwrap();
        let pacific = back.with_timezone(&chrono_tz::America::Los_Angeles);
        assert_eq!(pacific.format("%H:%M:%S").to_string(), "00:00:00");
        assert_eq!(platform.simulator.calls().len(), 2);
        // The admins know before that.
        platform.eventually("select exists (select from notices where event = 'quota_warning')").await;
        platform.sleep_until(back);
        // Everybody's sign-in has ended meanwhile.
        assert_eq!(platform.student().await.asks("What is preload?").await.end(), "done");
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_is_learnt_from_headers_and_nothing_left_is_a_rest() {
    // Within one minute of the provider's.
    let second = chrono::DateTime::<Utc>::from(std::time::SystemTime::now()).timestamp() % 60;
    if second > 45 {
        tokio::time::sleep(Duration::from_secs(u64::try_from(61 - second).unwrap())).await;
    }
    let platform = Platform::start().await;
    let counted = key("counted").priority(9).answers(Script::healthy().per_minute(3));
    let admin = platform.pool([counted.clone(), key("spare")]).await;
    let student = platform.student().await;
    student.asks("What is preload?").await;
    platform
        .eventually("select exists (select from provider_keys where remaining->'requests'->>'left' = '2')")
        .await;
    let key = platform.key(&admin, &counted).await;
    assert_eq!(
        (&key["remaining"]["requests"]["left"], &key["remaining"]["requests"]["limit"]),
        (&json!(2), &json!(3))
    );
    student.asks("What is preload?").await;
    student.asks("What is preload?").await;
    let key = platform.key(&admin, &counted).await;
    assert!(key["cooldown_until"].is_string(), "{key}");
    assert_eq!((&key["status"], &key["failure_count"]), (&json!("active"), &json!(0)));
    student.asks("What is preload?").await;
    assert!(platform.simulator.calls().iter().all(|call| call.outcome == Some(200)), "nobody had to say no");
    platform.eventually("select count(*) = 1 from notices where event = 'quota_warning'").await;
    platform.end().await;
}
