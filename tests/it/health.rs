//! Keys that sicken and get well, and who finds out.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use domain::keys::health::Level;
use serde_json::{Value, json};
use simulator::{Call, Script};

use crate::support::{Platform, key, keys::KeySpec};

/// Calls with a key that no student made.
fn probes(platform: &Platform, key: &KeySpec) -> usize {
    let calls = platform.simulator.calls();
    calls.iter().filter(|call| call.key == key.value() && is_probe(call)).count()
}

fn is_probe(call: &Call) -> bool {
    call.prompt.to_string().contains("Say hello.")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_fails_too_often_is_degraded_and_a_probe_brings_it_back() {
    let platform = Platform::setup().probing_every(Duration::from_secs(2)).start().await;
    let shaky = key("shaky").priority(9).answers(Script::overloaded());
    let good = key("good");
    let admin = platform.pool([shaky.clone(), good.clone()]).await;
    let student = platform.student_on("pro").await;
    for _ in 0..6 {
        assert_eq!(student.asks("What is preload?").await.end(), "done");
    }
    assert_eq!(platform.key(&admin, &shaky).await["status"], "degraded");

    platform.simulator.script(&shaky.value(), Script::healthy());
    let mended = Instant::now();
    platform.eventually("select not exists (select from provider_keys where status = 'degraded')").await;
    assert!(mended.elapsed() < Duration::from_secs(5), "took {:?}", mended.elapsed());
    let shaky_now = platform.key(&admin, &shaky).await;
    assert_eq!((&shaky_now["reason"], &shaky_now["failure_count"]), (&Value::Null, &json!(0)));
    let failures = shaky_now["last_failures"].as_array().unwrap();
    assert_eq!(failures.len(), 3);
    assert_eq!((&failures[0]["class"], &failures[0]["http_status"]), (&json!("overload"), &json!(503)));

    for (what, count) in [
        ("provider_health where from_status = 'active' and to_status = 'degraded' and failures = 6", 1),
        ("provider_health where from_status = 'degraded' and to_status = 'active' and source = 'probe'", 1),
        ("notices where event = 'key_degraded' and facts->>'other_active_keys' = '1'", 1),
        ("notices where event = 'key_recovered'", 1),
    ] {
        assert_eq!(platform.number(format!("select count(*) from {what}")).await, count, "{what}");
    }
    let news = "select count(*) from provider_health where class = 'overload'
        and not (source = 'probe' and from_status = 'degraded')";
    let failed = platform.number(news).await;
    assert!(failed >= 6);
    assert_eq!(platform.number("select count(*) from notices where event = 'key_failed'").await, failed);
    let failovers = platform.number("select count(*) from notices where event = 'failover'").await;
    assert!((4..=6).contains(&failovers), "probes count, too: {failovers}");
    let secret = format!("select count(*) from notices where facts::text like '%{}%'", shaky.value());
    assert_eq!(platform.number(secret).await, 0);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_serves_is_not_probed_and_one_that_rests_is() {
    let platform = Platform::setup().probing_every(Duration::from_secs(3)).start().await;
    let (busy, idle) = (key("busy").priority(9), key("idle"));
    let off = key("off").priority(-1);
    let admin = platform.pool([busy.clone(), idle.clone(), off.clone()]).await;
    let id = platform.key(&admin, &off).await["id"].as_str().unwrap().to_owned();
    admin.patch(&format!("/api/admin/keys/{id}"), json!({ "status": "disabled" })).await.expect(200);
    let student = platform.student_on("pro").await;
    student.asks("What is preload?").await;
    platform.simulator.forget();
    let end = Instant::now() + Duration::from_secs(7);
    while Instant::now() < end {
        student.asks("What is preload?").await;
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    assert_eq!(probes(&platform, &busy), 0, "students prove it");
    assert!((1..=4).contains(&probes(&platform, &idle)));
    assert_eq!(probes(&platform, &off), 0);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_cools_is_left_in_peace_until_it_is_back() {
    let platform = Platform::setup().probing_every(Duration::from_secs(1)).start().await;
    let tired = key("tired").provider("gemini");
    let admin = platform.pool([tired.clone()]).await;
    // Not while it is being tried: a probe that succeeds ends a cooldown.
    let cool = "update provider_keys set cooldown_until = now() + interval '4 seconds'
                where not exists (select from jobs where name = 'probe_key' and finished_at is null)";
    while platform.sql(cool).await.rows_affected() == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // A probe that was on its way before that.
    tokio::time::sleep(Duration::from_millis(900)).await;
    platform.simulator.forget();
    let cooling = "select count(*) from provider_keys where cooldown_until > now()";
    for _ in 0..400 {
        // In this order: what was called by now was called before it was asked whether the key still cools.
        let called = !platform.simulator.calls().is_empty();
        if platform.number(cooling).await > 0 {
            assert!(!called, "a key that cools is not probed");
        } else if called {
            platform
                .eventually("select exists (select from provider_keys where cooldown_until is null)")
                .await;
            assert_eq!(platform.key(&admin, &tired).await["status"], "active");
            return platform.end().await;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("it was never probed");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_questions_at_once_one_tries_a_degraded_key() {
    let platform = Platform::setup().config(|config| config.jobs.tenant_concurrency = 64).start().await;
    let only = key("only").answers(Script::healthy().first_token_after(Duration::from_secs(3)));
    let admin = platform.pool([only.clone()]).await;
    platform.sql("update provider_keys set status = 'degraded', failure_count = 6").await;
    platform.pool_is_read().await;
    let student = platform.student_on("pro").await;
    let questions = (0..20).map(|_| {
        let student = student.clone();
        tokio::spawn(async move { student.asks("What is preload?").await })
    });
    let questions: Vec<_> = questions.collect();
    // Nobody calls before it is known how the first went. How many calls there are is read first.
    loop {
        let calls = platform.simulator.calls().len();
        let known = platform.simulator.calls().first().is_some_and(|first| first.chunks_sent > 0);
        if known {
            break;
        }
        assert!(calls <= 1, "{calls} calls of a key that is being tried");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut waited = 0;
    for question in questions {
        let answer = question.await.unwrap();
        assert_eq!(answer.end(), "done");
        waited += usize::from(answer.count("waiting") > 0);
    }
    assert!(waited >= 15, "who was slow to ask need not wait: {waited}");
    assert_eq!(platform.simulator.calls().len(), 20);
    assert_eq!(platform.key(&admin, &only).await["status"], "active");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_trial_leaves_the_key_to_the_next() {
    let platform = Platform::start().await;
    let only = key("only").answers(Script::healthy().chunks(200).token_every(Duration::from_millis(20)));
    platform.pool([only.clone()]).await;
    platform.sql("update provider_keys set status = 'degraded', failure_count = 6").await;
    platform.pool_is_read().await;
    let student = platform.student().await;
    let receipt = student.sends(&student.session().await, "What is preload?").await.expect(202);
    let job = crate::support::student::job_of(&receipt);
    let mut events = student.events(&job, None).await;
    events.until("delta").await;
    student.delete(&format!("/api/jobs/{job}")).await.expect(202);
    assert_eq!(events.finish().await.end(), "cancelled");
    platform.simulator.script(&only.value(), Script::healthy());
    let asked = Instant::now();
    assert_eq!(student.asks("And afterload?").await.end(), "done");
    assert!(asked.elapsed() < Duration::from_secs(5), "nobody waits for a trial that is over");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_no_longer_decrypts_is_found_by_its_probe() {
    let platform = Platform::start().await;
    let lost = key("lost");
    let admin = platform.pool([lost.clone()]).await;
    platform
        .sql("update provider_keys set ciphertext = set_byte(ciphertext, 0, get_byte(ciphertext, 0) # 1)")
        .await;
    let checked = admin.post("/api/admin/health/check", json!({})).await.expect(200).body;
    assert_eq!((&checked["working"], &checked["failing"]), (&json!(0), &json!(1)));
    let shown = platform.key(&admin, &lost).await;
    assert_eq!(
        (&shown["status"], &shown["last_failures"][0]["class"]),
        (&json!("degraded"), &json!("credential"))
    );
    assert!(shown["reason"].as_str().unwrap().contains("ENCRYPTION_KEY"), "{shown}");
    assert!(platform.simulator.calls().is_empty(), "nobody is called with it");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_see_the_health_of_every_feature_and_can_have_it_checked() {
    let platform = Platform::start().await;
    let dead = key("dead").provider("gemini").priority(9).answers(Script::invalid_key());
    let good = key("good").limits(json!({ "rpd": 50 }));
    let lost = key("lost").feature("mcq").answers(Script::overloaded());
    let admin = platform.pool([dead.clone(), good.clone(), lost.clone()]).await;
    let before = admin.get("/api/admin/health").await.expect(200).body;
    let chat = |report: &Value| report["features"][0].clone();
    assert_eq!((&chat(&before)["feature"], &chat(&before)["level"]), (&json!("chat"), &json!("healthy")));
    assert_eq!(chat(&before)["serving"]["provider"], "gemini");

    let checked = admin.post("/api/admin/health/check", json!({})).await.expect(200).body;
    assert_eq!((&checked["working"], &checked["failing"]), (&json!(1), &json!(2)));
    let gemini =
        admin.post("/api/admin/health/check", json!({ "provider": "gemini" })).await.expect(200).body;
    assert_eq!(gemini["items"].as_array().unwrap().len(), 1);
    assert_eq!(gemini["items"][0]["class"], "credential");
    assert!(!gemini.to_string().contains(&dead.value()));

    platform.student().await.asks("What is preload?").await;
    platform.eventually("select exists (select from key_usage where span = 'day' and requests > 0)").await;
    let after = admin.get("/api/admin/health").await.expect(200).body;
    let chat = chat(&after);
    assert_eq!(chat["level"], serde_json::to_value(Level::Degraded).unwrap());
    assert_eq!((&chat["keys"]["active"], &chat["keys"]["degraded"]), (&json!(1), &json!(1)));
    assert_eq!(chat["serving"]["provider"], "openai");
    let left = chat["quota_left"]["requests"].as_i64().unwrap();
    assert!((40..50).contains(&left), "what was used is known: {left}");
    let providers: Vec<_> = chat["providers"].as_array().unwrap().iter().map(|of| &of["level"]).collect();
    assert_eq!(providers, [&json!("down"), &json!("healthy")]);
    let log = after["log"].as_array().unwrap();
    assert!(log.iter().any(|entry| entry["to"] == "degraded" && entry["source"] == "probe"), "{log:?}");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keys_did_of_late_is_told_without_a_write_for_each_call() {
    let platform = Platform::start().await;
    let (shaky, good) = (key("shaky").priority(9), key("good"));
    let admin = platform.pool([shaky.clone(), good.clone()]).await;
    platform.simulator.script_next(&shaky.value(), [Script::overloaded()]);
    let student = platform.student().await;
    for _ in 0..4 {
        student.asks("What is preload?").await;
    }
    platform.eventually("select coalesce(sum(calls), 0) = 5 from key_activity").await;
    let key = platform.key(&admin, &shaky).await;
    assert_eq!(key["success_rate"], json!(0.75));
    assert!(key["latency_ms"].is_i64() && key["last_success_at"].is_string());
    let history = key["history"].as_array().unwrap();
    let calls: i64 = history.iter().map(|moment| moment["calls"].as_i64().unwrap()).sum();
    assert_eq!(calls, 4, "{history:?}");
    assert!(history.iter().any(|moment| moment["latency_ms"].is_i64()), "{history:?}");
    assert_eq!(platform.number("select count(*) from key_activity where tokens = 0").await, 0);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_can_be_probed_by_the_list_of_models_for_free() {
    let platform = Platform::setup()
        .config(|config| config.providers.probe_call = worker::ProbeCall::Models)
        .start()
        .await;
    let specs = ["gemini", "openai", "ollama"].map(|provider| key(provider).provider(provider));
    let bad = key("bad").answers(Script::invalid_key());
    let admin = platform.pool(specs.into_iter().chain([bad])).await;
    let checked = admin.post("/api/admin/health/check", json!({})).await.expect(200).body;
    assert_eq!((&checked["working"], &checked["failing"]), (&json!(3), &json!(1)), "{checked}");
    let paths: HashSet<_> = platform.simulator.calls().into_iter().map(|call| call.path).collect();
    assert_eq!(paths, ["/v1beta/models", "/v1/models", "/api/tags"].map(ToOwned::to_owned).into());
    platform.end().await;
}
