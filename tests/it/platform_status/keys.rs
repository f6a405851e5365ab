//! Keys that die: what closes by itself, how far, and how it opens again.

use chrono::TimeDelta;
use serde_json::json;
use simulator::Script;

use super::time;
use crate::support::{
    Platform, key,
    platform::PASSWORD,
    student::{Student, job_of},
};

/// Asks, and gets the explained error of a round that failed on all keys.
async fn fails(student: &Student, content: &str) {
    let answer = student.asks(content).await;
    assert_eq!(answer.end_data()["code"], "PROVIDERS_EXHAUSTED", "{:?}", answer.events);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_every_chat_key_dead_only_admins_get_in_and_one_adds_a_key_and_leaves() {
    let platform = Platform::start().await;
    let dead = key("dead").answers(Script::invalid_key());
    let admin = platform.pool([dead]).await;
    let student = platform.student().await;
    assert_eq!(platform.status().await["status"], "operational");
    fails(&student, "What is preload?").await;

    let locked = student.get("/api/chat/sessions").await.expect(503);
    assert_eq!(locked.code(), "MAINTENANCE");
    assert_eq!(
        locked.body["error"]["message"],
        "We're currently performing maintenance. Please check back soon."
    );
    assert_eq!(locked.body["error"]["details"]["level"], "hard");
    let status = platform.status().await;
    assert_eq!((&status["status"], &status["maintenance"]["level"]), (&json!("maintenance"), &json!("hard")));
    assert_eq!(status["features"]["chat"], json!({ "enabled": true, "level": "hard" }));

    // A student may sign in, and meets the lock screen; an admin signs in and sees why.
    platform.browser().login(&student.email, PASSWORD).await.expect(200);
    platform.browser().login(&admin.email, PASSWORD).await.expect(200);
    let state = admin.maintenance().await["states"][0].clone();
    assert_eq!(
        (&state["source"], &state["level"], &state["feature"]),
        (&"automatic".into(), &"hard".into(), &json!(null))
    );
    assert_eq!(state["reason"], "no chat key can serve");

    let good = key("good").answers(Script::answers("Preload is stretch."));
    platform.simulator.script(&good.value(), good.script.clone());
    platform.never_logged([good.value()]);
    let body = json!({ "provider": "openai", "key": good.value(), "base_url": platform.simulator.url() });
    let added = admin.post("/api/admin/keys", body).await.expect(201).body;
    assert_eq!(added["suggestion"]["action"], "leave_maintenance", "{added}");
    student.get("/api/usage").await.expect(503);
    let left = admin.overrides(json!({ "reason": "a new key works" })).await.expect(200).body;
    assert_eq!((&left["level"], &left["states"]), (&json!("none"), &json!([])));
    assert_eq!(student.asks("What is preload?").await.text(), "Preload is stretch.");

    let log = |action| platform.audited(action);
    assert_eq!((log("enter_maintenance").await, log("override_maintenance").await), (1, 1));
    let by_nobody = "select count(*) from audit_log where action = 'enter_maintenance' and actor_id is null";
    assert_eq!(platform.number(by_nobody).await, 1, "the platform did it");
    let others =
        format!("select count(*) from notices where event = 'admin_override' and except_id = '{}'", admin.id);
    assert_eq!(platform.number(others).await, 1, "the other admins are told");
    assert_eq!(platform.admin_events("maintenance_entered").await, 1);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_platform_leaves_by_itself_when_a_key_works_again() {
    let platform = Platform::start().await;
    let shaky = key("shaky").answers(Script::invalid_key());
    let admin = platform.pool([shaky.clone()]).await;
    let student = platform.student().await;
    fails(&student, "What is preload?").await;
    student.get("/api/usage").await.expect(503);
    assert_eq!(platform.checks(&admin, &shaky).await["ok"], false);
    student.get("/api/usage").await.expect(503);

    platform.simulator.script(&shaky.value(), Script::healthy());
    assert_eq!(platform.checks(&admin, &shaky).await["ok"], true);
    platform.is_at("none").await;
    assert_eq!(student.asks("What is preload?").await.end(), "done");
    assert_eq!(platform.audited("exit_maintenance").await, 1);
    assert_eq!(platform.admin_events("maintenance_left").await, 1);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_an_admin_enables_is_found_by_the_scheduler() {
    let platform = Platform::start().await;
    platform.schedules();
    let off = key("off");
    let admin = platform.pool([off.clone()]).await;
    let path = format!("/api/admin/keys/{}", platform.key(&admin, &off).await["id"].as_str().unwrap());
    admin.patch(&path, json!({ "status": "disabled" })).await.expect(200);
    let student = platform.student().await;
    let session = student.session().await;
    let receipt = student.sends(&session, "What is preload?").await.expect(202);
    student.events(&job_of(&receipt), None).await.finish().await;
    platform.is_at("hard").await;
    let enabled = admin.patch(&path, json!({ "status": "active" })).await.expect(200).body;
    assert_eq!(enabled["suggestion"]["scopes"], json!(["platform"]), "{enabled}");
    platform.is_at("none").await;
    assert_eq!(student.asks("What is preload?").await.end(), "done");
    let renamed = admin.patch(&path, json!({ "priority": 3 })).await.expect(200).body;
    assert_eq!(renamed.get("suggestion"), None);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_mcq_keys_close_mcqs_and_chat_goes_on() {
    let platform = Platform::start().await;
    let mcq = key("mcq").feature("mcq").answers(Script::invalid_key());
    let chat = key("chat").feature("chat").answers(Script::answers("Preload is stretch."));
    let admin = platform.pool([mcq.clone(), chat]).await;
    let student = platform.student().await;
    let session = student.session().await;
    let failed = student.asks_in(&session, "/mcq 1 heart failure").await;
    assert_eq!(failed.end_data()["code"], "PROVIDERS_EXHAUSTED");

    let closed = student.sends(&session, "/mcq 1 heart failure").await.expect(503);
    assert_eq!(closed.code(), "FEATURE_UNAVAILABLE");
    assert_eq!(closed.body["error"]["message"], "MCQ generation temporarily unavailable");
    assert_eq!(closed.body["error"]["details"], json!({ "feature": "mcq", "level": "soft" }));
    let question = student.messages(&session).await[0]["id"].as_str().unwrap().to_owned();
    let again =
        student.post(&format!("/api/chat/messages/{question}/regenerate"), json!({})).await.expect(503);
    assert_eq!(again.code(), "FEATURE_UNAVAILABLE");
    assert_eq!(student.asks("What is preload?").await.text(), "Preload is stretch.");
    let status = platform.status().await;
    assert_eq!((&status["status"], &status["maintenance"]["level"]), (&json!("degraded"), &json!("none")));
    assert_eq!(status["features"]["mcq"]["level"], "soft");
    assert_eq!(status["features"]["chat"]["level"], "none");

    platform.simulator.script(&mcq.value(), Script::healthy());
    platform.checks(&admin, &mcq).await;
    for _ in 0..100 {
        if platform.status().await["status"] == "operational" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(student.asks("/mcq 1 heart failure").await.items().len(), 1);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn gemini_fails_over_to_openai_to_ollama_and_then_maintenance_names_the_time() {
    let platform = Platform::start().await;
    platform.at_noon();
    let gemini = key("gemini").provider("gemini").answers(Script::answers("From Gemini."));
    let openai = key("openai").answers(Script::answers("From OpenAI."));
    let ollama = key("ollama").provider("ollama").answers(Script::answers("From Ollama."));
    platform.pool([gemini.clone(), openai.clone(), ollama.clone()]).await;
    let student = platform.student().await;
    for (spec, text) in
        [(gemini, "From Gemini."), (openai.clone(), "From OpenAI."), (ollama.clone(), "From Ollama.")]
    {
        assert_eq!(student.asks("What is preload?").await.text(), text);
        let gone = match spec.provider {
            "gemini" => Script::daily_quota(),
            "openai" => Script::insufficient_quota(),
            _ => Script::invalid_key(),
        };
        platform.simulator.script(&spec.value(), gone);
    }
    fails(&student, "What is preload?").await;
    let locked = student.get("/api/usage").await.expect(503);
    let back = time(&locked.body["error"]["details"]["estimated_restoration"]);
    let in_seconds: i64 = locked.header("retry-after").unwrap().parse().unwrap();
    assert!((3000..=3600).contains(&in_seconds), "the first budget is back in an hour: {in_seconds}");
    assert_eq!(time(&platform.status().await["maintenance"]["estimated_restoration"]), back);

    // The time comes, the provider counts anew, and it opens without anybody doing anything.
    platform.simulator.script(&openai.value(), Script::answers("From OpenAI."));
    platform.sleep_until(back);
    platform.schedules();
    platform.is_at("none").await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rounds_that_fail_together_in_two_processes_enter_once() {
    let platform = Platform::start().await;
    let other = Platform::setup().beside(&platform).without_api().start().await;
    platform.pool([key("dead").answers(Script::invalid_key())]).await;
    platform.sql("update queues set paused_at = now() where name = 'chat'").await;
    let mut students = Vec::new();
    for _ in 0..24 {
        let student = platform.student().await;
        let session = student.session().await;
        student.sends(&session, "What is preload?").await.expect(202);
        students.push(student);
    }
    platform.sql("update queues set paused_at = null where name = 'chat'").await;
    platform.eventually("select not exists (select from jobs where finished_at is null)").await;
    platform.is_at("hard").await;
    assert_eq!(platform.audited("enter_maintenance").await, 1);
    assert_eq!(platform.admin_events("maintenance_entered").await, 1);
    for student in &students {
        student.get("/api/usage").await.expect(503);
    }
    other.end().await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_override_the_same_cause_closes_again_after_ten_minutes() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("dead").answers(Script::invalid_key())]).await;
    let student = platform.student().await;
    fails(&student, "What is preload?").await;
    student.get("/api/usage").await.expect(503);
    let overridden = platform.parts.clock.now();
    admin.overrides(json!({ "reason": "a false alarm" })).await.expect(200);
    fails(&student, "What is preload?").await;
    student.get("/api/usage").await.expect(200);
    platform.sleep_until(overridden + TimeDelta::minutes(9));
    fails(&student, "What is preload?").await;
    student.get("/api/usage").await.expect(200);
    platform.sleep_until(overridden + TimeDelta::minutes(10));
    student.get("/api/usage").await.expect(200);
    fails(&student, "What is preload?").await;
    assert_eq!(student.get("/api/usage").await.expect(503).code(), "MAINTENANCE");
    assert_eq!(platform.audited("enter_maintenance").await, 2);

    // Where nothing is closed, an override is fine, too.
    admin.overrides(json!({ "reason": "again" })).await.expect(200);
    admin.overrides(json!({ "reason": "to be sure", "feature": "mcq" })).await.expect(200);
    assert_eq!(platform.audited("override_maintenance").await, 3);
    assert_eq!(platform.admin_events("admin_override").await, 2, "and nobody is told of nothing");
    platform.end().await;
}
