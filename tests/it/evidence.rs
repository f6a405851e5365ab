//! What closes a feature is evidence that everybody can read; what we could not read, a thought, a length or one header
//! is none.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use simulator::{Behaviour, Script};

use crate::support::{Platform, key, student::Admin};

async fn closings(admin: &Admin) -> Vec<Value> {
    admin.get("/api/admin/health").await.expect(200).body["closings"].as_array().unwrap().clone()
}

const CLOSED: &str = "select count(*) from maintenance_states";

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_read_closes_nothing_however_often() {
    let platform = Platform::setup()
        .config(|config| config.providers.first_token_timeout = Duration::from_millis(100))
        .start()
        .await;
    let odd = key("odd");
    platform.pool([odd.clone()]).await;
    let student = platform.student_on("pro").await;
    let unreadable = [
        Behaviour::Garbage,
        Behaviour::EmptyBody,
        Behaviour::CutBeforeFirstToken,
        Behaviour::SilenceAfterHeaders,
        Behaviour::GatewayTimeout,
        Behaviour::BadRequest,
        Behaviour::ContextTooLong,
    ];
    for behaviour in unreadable {
        platform.simulator.script(&odd.value(), Script::healthy().behaving(behaviour));
        for _ in 0..7 {
            assert_eq!(student.asks("What is preload?").await.end(), "error", "{behaviour:?}");
        }
        assert_eq!(platform.number(CLOSED).await, 0, "{behaviour:?}");
    }
    // There is always a way back that asks no more than a question does: a question.
    platform.simulator.script(&odd.value(), Script::healthy());
    assert_eq!(student.asks("What is preload?").await.end(), "done");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closing_names_the_calls_that_led_to_it_wherever_it_is_told() {
    let platform = Platform::start().await;
    let away = key("away").answers(Script::overloaded());
    let admin = platform.pool([away.clone()]).await;
    let student = platform.student_on("pro").await;
    for _ in 0..5 {
        student.asks("What is preload?").await;
        assert_eq!(platform.number(CLOSED).await, 0, "some failures degrade no key yet");
    }
    student.asks("What is preload?").await;
    assert_eq!(student.get("/api/usage").await.expect(503).code(), "MAINTENANCE");

    let closing = closings(&admin).await[0].clone();
    assert_eq!((&closing["feature"], &closing["ended_at"]), (&Value::Null, &Value::Null), "{closing}");
    let evidence = closing["evidence"].as_array().unwrap();
    assert!(
        evidence.iter().any(|call| call["source"] == "probe")
            && evidence.iter().any(|call| call["source"] == "call")
    );
    for call in evidence {
        assert_eq!((&call["class"], &call["http_status"]), (&json!("overload"), &json!(503)), "{call}");
        assert!(call["reason"].is_string() && call["at"].is_string());
        assert_eq!(call["last_four"], json!(&away.value()[away.value().len() - 4..]));
    }
    for told in [
        "select count(*) from audit_log where action = 'enter_maintenance' and jsonb_array_length(details #> '{after,evidence}') > 0",
        "select count(*) from notices where event = 'maintenance_entered' and jsonb_array_length(facts -> 'evidence') > 0",
    ] {
        assert_eq!(platform.number(told).await, 1, "{told}");
    }

    platform.simulator.script(&away.value(), Script::healthy());
    let id = platform.key(&admin, &away).await["id"].as_str().unwrap().to_owned();
    admin.post(&format!("/api/admin/keys/{id}/check"), json!({})).await.expect(200);
    platform.eventually("select not exists (select from maintenance_states)").await;
    assert!(closings(&admin).await[0]["ended_at"].is_string(), "and when it was open again");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_feature_is_closed_only_probes_call_its_degraded_keys() {
    let platform = Platform::start().await;
    let dead = key("dead").answers(Script::invalid_key());
    let admin = platform.pool([dead.clone()]).await;
    let student = platform.student().await;
    student.asks("What is preload?").await;
    student.get("/api/usage").await.expect(503);
    // The key would answer by now, and nobody knows.
    platform.simulator.script(&dead.value(), Script::healthy());
    platform.simulator.forget();
    // Who passes maintenance meets the same pool.
    let answer = admin.asks("What is preload?").await;
    assert_eq!(answer.end_data()["code"], "PROVIDERS_EXHAUSTED", "{:?}", answer.events);
    assert!(platform.simulator.calls().is_empty(), "a question called a degraded key of a closed feature");
    let id = platform.key(&admin, &dead).await["id"].as_str().unwrap().to_owned();
    admin.post(&format!("/api/admin/keys/{id}/check"), json!({})).await.expect(200);
    platform.eventually("select not exists (select from maintenance_states)").await;
    assert_eq!(student.asks("What is preload?").await.end(), "done");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_header_that_asks_for_hours_closes_nothing_where_a_probe_is_answered() {
    let platform = Platform::start().await;
    let mistaken = key("mistaken").provider("openai").answers(Script::answers("Preload is stretch."));
    let admin = platform.pool([mistaken.clone()]).await;
    platform.simulator.script_next(&mistaken.value(), [Script::rate_limited(Duration::from_hours(720))]);
    let answer = platform.student().await.asks("What is preload?").await;
    assert_eq!(
        (answer.text().as_str(), answer.end()),
        ("Preload is stretch.", "done"),
        "{:?}",
        answer.events
    );
    assert_eq!(platform.number(CLOSED).await, 0);
    assert_eq!(platform.key(&admin, &mistaken).await["cooldown_until"], Value::Null);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_rest_is_longer_than_a_day_and_a_long_one_is_tested_by_a_probe() {
    let platform = Platform::setup().probing_every(Duration::from_secs(1)).start().await;
    let (mistaken, good) = (key("mistaken").priority(9), key("good"));
    let admin = platform.pool([mistaken.clone(), good]).await;
    platform.eventually("select not exists (select from provider_keys where last_probed_at is null)").await;
    platform.simulator.script_next(&mistaken.value(), [Script::rate_limited(Duration::from_hours(720))]);
    // Whether a question meets it or a probe.
    assert_eq!(platform.student().await.asks("What is preload?").await.end(), "done");
    platform.eventually("select exists (select from provider_keys where cooldown_until is not null)").await;
    let probed = platform.parts.clock.now();
    let key = platform.key(&admin, &mistaken).await;
    let until: chrono::DateTime<chrono::Utc> = key["cooldown_until"].as_str().unwrap().parse().unwrap();
    assert!(until <= platform.parts.clock.now() + TimeDelta::hours(24), "{key}");
    // An hour after the last probe there is another one, which ends the rest.
    platform.sleep_until(probed + TimeDelta::minutes(61));
    platform
        .eventually("select not exists (select from provider_keys where cooldown_until is not null)")
        .await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_of_unknown_length_backs_off_and_an_answer_ends_that() {
    let platform =
        Platform::setup().config(|config| config.providers.max_wait = Duration::from_secs(1)).start().await;
    let limited = key("limited").answers(Script::rate_limited_bare());
    platform.pool([limited.clone()]).await;
    let mut rests = Vec::new();
    for _ in 0..4 {
        let began = platform.parts.clock.now();
        // The clock is moved by more than a sign-in lasts.
        assert_eq!(platform.student().await.asks("What is preload?").await.end(), "error");
        let mut tx = platform.db().begin_platform().await.unwrap();
        let until: chrono::DateTime<chrono::Utc> =
            sqlx::query_scalar("select cooldown_until from provider_keys").fetch_one(&mut *tx).await.unwrap();
        drop(tx);
        rests.push((until - began).num_seconds() / 25);
        platform.sleep_until(until);
        platform.pool_is_read().await;
    }
    assert!(rests.is_sorted() && rests[0] >= 1 && rests[3] >= rests[0] * 4, "{rests:?}");
    assert_eq!(platform.number(CLOSED).await, 0, "nobody knows that it is long");
    platform.simulator.script(&limited.value(), Script::healthy());
    let student = platform.student().await;
    assert_eq!(student.asks("What is preload?").await.end(), "done");
    assert_eq!(platform.number("select back_offs::bigint from provider_keys").await, 0);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_waits_no_longer_than_from_when_it_was_asked() {
    let platform =
        Platform::setup().config(|config| config.providers.max_wait = Duration::from_secs(5)).start().await;
    let limited = key("limited").provider("gemini").answers(Script::rate_limited(Duration::from_secs(2)));
    platform.pool([limited]).await;
    let answer = platform.student().await.asks("What is preload?").await;
    assert_eq!((answer.end(), &answer.end_data()["code"]), ("error", &json!("PROVIDERS_EXHAUSTED")));
    let waits = answer.count("waiting");
    assert!((1..=3).contains(&waits), "each wait is short, and they add up: {waits}");
    assert!(answer.end_data()["details"]["retry_at"].is_string(), "{:?}", answer.end_data());
    assert_eq!(platform.number(CLOSED).await, 0, "it is back in two seconds");
    platform.end().await;
}
