//! What admins watch live.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::Script;

use crate::support::{Platform, key, sse::Events, student::Student};

/// Opens the live figures.
async fn watch(admin: &Student) -> Events {
    let response = admin.request(reqwest::Method::GET, "/api/admin/live").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    Events::new(response)
}

/// Watches until the figures are as told.
async fn until(events: &mut Events, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..30 {
        let event = events.next().await.expect("it goes on");
        assert_eq!(event.kind, "live");
        if holds(&event.data) {
            return event.data;
        }
    }
    panic!("never {what}: {}", events.seen.last().unwrap().data)
}

fn kinds(live: &Value, list: &str) -> Vec<String> {
    let items = live[list].as_array().unwrap();
    items.iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
}

fn of<'a>(live: &'a Value, list: &str, name: &str, is: &str) -> &'a Value {
    live[list].as_array().unwrap().iter().find(|item| item[name] == is).unwrap_or(&Value::Null)
}

/// Statements of the live figures that began within the last second and a half.
const LATELY: &str = "select count(*) from pg_stat_activity
    where pid <> pg_backend_pid() and query like '%to_key is not null as%'
      and query_start > now() - interval '1500 milliseconds'";

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_dies_is_seen_by_all_who_watch_and_figures_are_taken_once_for_them() {
    let platform = Platform::start().await;
    let (dead, good) = (key("dead").priority(9).answers(Script::invalid_key()), key("good"));
    let admin = platform.pool([dead.clone(), good.clone()]).await;
    let viewer = platform.admin_with("viewer").await;
    let (mut one, mut other) = (watch(&admin).await, watch(&viewer).await);
    let quiet = until(&mut one, "quiet", |_| true).await;
    assert_eq!((&quiet["answers_per_minute"], &quiet["first_token_ms"]), (&json!(0.0), &Value::Null));
    assert_eq!(quiet["minutes"].as_array().unwrap().len(), 60);
    assert_eq!(quiet["alarms"], json!([]));
    assert_eq!(quiet["queues"].as_array().unwrap().len(), 7);
    assert_eq!(quiet["keys"]["active"], 2);

    platform.student().await.asks("What is preload?").await;
    let live = until(&mut one, "an answer", |live| {
        live["first_token_ms"]["p50"].is_number() && live["keys"]["degraded"] == 1
    })
    .await;
    assert!(live["answers_per_minute"].as_f64().unwrap() > 0.0);
    let minutes = live["minutes"].as_array().unwrap();
    let sum = |what: &str| minutes.iter().map(|minute| minute[what].as_i64().unwrap()).sum::<i64>();
    assert_eq!((sum("answers"), sum("errors")), (1, 1));
    assert_eq!(live["errors"], json!([{ "class": "credential", "last_hour": 1 }]));
    assert_eq!(kinds(&live, "recent"), ["failover", "key_degraded"]);
    let masked = |spec: &crate::support::keys::KeySpec| {
        let value = spec.value();
        format!("…{}", &value[value.len() - 4..])
    };
    assert_eq!(live["recent"][0]["key_masked"], json!(masked(&dead)));
    assert!(live["recent"][0]["message"].as_str().unwrap().contains(&masked(&good)), "{}", live["recent"][0]);
    assert_eq!(kinds(&live, "alarms"), ["keys_dead"]);
    let chat = of(&live, "features", "feature", "chat");
    assert_eq!(chat["serving"], json!({ "provider": "openai", "key_masked": masked(&good) }));
    assert_eq!(
        (&chat["level"], &chat["enabled"], &chat["keys_alive"]),
        (&json!("none"), &json!(true), &json!(1))
    );
    assert_eq!(chat["burn_per_hour"], json!(2.0));
    let text = live.to_string();
    assert!(!text.contains(&dead.value()) && !text.contains(&good.value()) && !text.contains("preload"));

    until(&mut other, "the same", |live| live["keys"]["degraded"] == 1).await;
    let shared = one.seen.iter().filter(|event| other.seen.contains(event)).count();
    assert!(shared >= 2, "both get the same frames: {shared}");
    drop((one, other));
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(platform.number(LATELY).await, 0, "nothing is asked while nobody watches");
    // A dashboard that is open holds up no end.
    let mut last = watch(&admin).await;
    until(&mut last, "a frame after a rest", |live| live["keys"]["degraded"] == 1).await;
    platform.end().await;
    while last.next().await.is_some() {}
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_a_human_comes_first() {
    let platform = Platform::setup().queues([]).start().await;
    let admin = platform.pool([key("limited").limits(json!({ "rpd": 10 }))]).await;
    let mut events = watch(&admin).await;
    let live = until(&mut events, "a first frame", |_| true).await;
    assert_eq!(kinds(&live, "alarms"), ["no_workers"]);
    assert_eq!(
        (&live["alarms"][0]["severity"], &live["alarms"][0]["path"]),
        (&json!("critical"), &json!("/admin/queues"))
    );
    let chat = of(&live, "features", "feature", "chat");
    assert_eq!(chat["quota_left"], json!({ "requests": 10, "unknown_keys": 0 }));
    assert_eq!(chat["runs_out_at"], Value::Null, "nobody uses it");

    platform.sql("update provider_keys set cooldown_until = now() + interval '1 minute'").await;
    platform
        .sql(
            "insert into key_activity (key_id, bucket, calls)
             select id, date_trunc('minute', now()), 100 from provider_keys",
        )
        .await;
    let body = json!({ "feature": "mcq", "level": "soft", "reason": "a drill" });
    let put = admin.request(reqwest::Method::PUT, "/api/admin/maintenance").json(&body);
    assert_eq!(put.send().await.unwrap().status(), 200);
    let live = until(&mut events, "resting keys", |live| live["keys"]["cooling"] == 1).await;
    let live = if live["maintenance"]["feature_levels"] == json!({}) {
        until(&mut events, "maintenance", |live| live["maintenance"]["feature_levels"] != json!({})).await
    } else {
        live
    };
    assert_eq!(live["maintenance"], json!({ "level": "none", "feature_levels": { "mcq": "soft" } }));
    let alarms = live["alarms"].as_array().unwrap();
    assert_eq!(alarms[0]["kind"], "no_workers", "the most urgent is first");
    assert_eq!(of(&live, "alarms", "kind", "maintenance")["subject"], "mcq");
    assert_eq!(of(&live, "alarms", "kind", "keys_cooling")["severity"], "warning");
    let chat = of(&live, "features", "feature", "chat");
    assert!(chat["runs_out_at"].is_string(), "ten are left, and a hundred an hour go: {chat}");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_an_admin_no_more_watches_no_more() {
    let platform = Platform::start().await;
    let admin = platform.admin_with("ops").await;
    let mut events = watch(&admin).await;
    until(&mut events, "a first frame", |_| true).await;
    platform.sql(format!("delete from admin_allowlist where email = '{}'", admin.email)).await;
    let ended =
        tokio::time::timeout(Duration::from_secs(15), async { while events.next().await.is_some() {} });
    ended.await.expect("the stream ends");
    platform.end().await;
}
