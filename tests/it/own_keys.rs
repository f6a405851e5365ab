//! Students' own provider keys: they serve first, cost no platform tokens, and fall back only by leave.

use std::time::Duration;

use jobs::Queue;
use medai::config::Environment;
use reqwest::Method;
use serde_json::{Value, json};
use simulator::Script;

use crate::support::{
    Platform, key,
    keys::KeySpec,
    student::{Reply, Student, job_of},
};

/// Brings a key. The simulator answers it as its script says.
async fn brings(platform: &Platform, student: &Student, spec: &KeySpec, more: Value) -> Reply {
    platform.simulator.script(&spec.value(), Script::healthy());
    platform.never_logged([spec.value()]);
    let mut body =
        json!({ "provider": spec.provider, "key": spec.value(), "base_url": platform.simulator.url() });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let reply = student.post("/api/profile/keys", body).await;
    platform.simulator.script(&spec.value(), spec.script.clone());
    platform.pool_is_read().await;
    reply
}

fn id_of(reply: &Reply) -> String {
    reply.body["id"].as_str().unwrap().to_owned()
}

/// Calls that came with a key.
fn calls(platform: &Platform, spec: &KeySpec) -> usize {
    platform.simulator.calls().iter().filter(|call| call.key == spec.value()).count()
}

/// Who paid for a student's questions.
async fn payers(platform: &Platform, student: &Student) -> Vec<String> {
    let mut tx = platform.db().begin_platform().await.unwrap();
    sqlx::query_scalar("select payer::text from usage_ledger where user_id = $1::uuid order by job_id")
        .bind(&student.id)
        .fetch_all(&mut *tx)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_tried_masked_listed_and_taken_back() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    let spec = key("mine").provider("gemini");
    let added = brings(&platform, &student, &spec, json!({ "model": "gemini-x" })).await.expect(201);
    let value = spec.value();
    assert_eq!(added.body["key_masked"], json!(format!("…{}", &value[value.len() - 4..])));
    assert_eq!((&added.body["status"], &added.body["never_fall_back"]), (&json!("active"), &json!(false)));
    assert!(!added.body.to_string().contains(&value));
    assert_eq!(brings(&platform, &student, &spec, json!({})).await.expect(409).code(), "CONFLICT");

    let list = student.get("/api/profile/keys").await.expect(200).body;
    assert_eq!(list["items"], json!([added.body]));
    let path = format!("/api/profile/keys/{}", id_of(&added));
    let changed = student.patch(&path, json!({ "never_fall_back": true })).await.expect(200);
    assert_eq!(changed.body["never_fall_back"], true);
    assert_eq!(student.patch(&path, json!({})).await.expect(200).body["never_fall_back"], true);
    student.delete(&path).await.expect(204);
    student.delete(&path).await.expect(404);
    assert_eq!(student.get("/api/profile/keys").await.body["items"], json!([]));

    let admin = platform.admin().await;
    let log = admin.get(&format!("/api/admin/audit?admin={}&target=own_key", student.id)).await.expect(200);
    let log = log.body["items"].as_array().unwrap().clone();
    let said: Vec<_> = log.iter().map(|entry| entry["action_type"].as_str().unwrap()).collect();
    assert_eq!(said, ["delete_own_key", "update_own_key", "update_own_key", "add_own_key"]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_does_not_work_is_refused_and_forgotten() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    platform.simulator.script("sk-story-dead-own-key", Script::invalid_key());
    platform.never_logged(["sk-story-dead-own-key".to_owned()]);
    let url = platform.simulator.url();
    let dead = json!({ "provider": "openai", "key": "sk-story-dead-own-key", "base_url": url });
    assert_eq!(student.post("/api/profile/keys", dead).await.expect(422).fields(), ["key"]);
    for (body, field) in [
        (json!({ "provider": "demo", "key": "sk-12345678" }), "provider"),
        (json!({ "provider": "openai", "key": "short" }), "key"),
        (json!({ "provider": "openai" }), "key"),
        (json!({ "provider": "ollama" }), "base_url"),
        (json!({ "provider": "openai", "key": "sk-12345678", "base_url": "ftp://x" }), "base_url"),
        (json!({ "provider": "openai", "key": "sk-12345678", "model": "a\u{0}" }), "model"),
        (json!({ "provider": "openai", "key": "sk-12345678", "priority": 9 }), "priority"),
        (json!({ "provider": "openai", "key": "sk-12345678", "never_fall_back": "yes" }), "never_fall_back"),
    ] {
        let reply = student.post("/api/profile/keys", body.clone()).await;
        assert_eq!((reply.status.as_u16(), reply.fields()), (422, vec![field]), "{body}: {}", reply.body);
    }
    assert_eq!(platform.number("select count(*) from provider_keys").await, 0);
    assert_eq!(platform.number("select count(*) from audit_log where action = 'add_own_key'").await, 0);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_keys_are_the_most_also_of_many_at_once() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    let tries = (0..9).map(|at| {
        let value = format!("sk-story-own-number-{at}");
        platform.simulator.script(&value, Script::healthy());
        platform.never_logged([value.clone()]);
        let body = json!({ "provider": "openai", "key": value, "base_url": platform.simulator.url() });
        let student = student.clone();
        async move { student.post("/api/profile/keys", body).await.status.as_u16() }
    });
    let replies = futures::future::join_all(tries).await;
    assert_eq!(replies.iter().filter(|status| **status == 201).count(), 5, "{replies:?}");
    assert_eq!(replies.iter().filter(|status| **status == 409).count(), 4);
    assert_eq!(platform.number("select count(*) from provider_keys").await, 5);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_students_key_is_not_there_and_never_serves() {
    let platform = Platform::start().await;
    let (owner, thief) = (platform.student().await, platform.student().await);
    let spec = key("mine");
    let path = format!(
        "/api/profile/keys/{}",
        id_of(&brings(&platform, &owner, &spec, json!({})).await.expect(201))
    );
    for other in [&thief, &platform.admin().await.0] {
        other.patch(&path, json!({ "never_fall_back": true })).await.expect(404);
        other.delete(&path).await.expect(404);
        assert_eq!(other.get("/api/profile/keys").await.body["items"], json!([]));
    }
    // Admins have no word about it, either.
    let admin = platform.admin().await;
    let shared = path.replace("/profile/", "/admin/");
    admin.patch(&shared, json!({ "priority": 1 })).await.expect(404);
    admin.delete(&format!("{shared}?confirm=x")).await.expect(404);
    assert_eq!(admin.get("/api/admin/keys").await.body["items"], json!([]));
    let answer = thief.asks("What is preload?").await;
    assert_eq!(answer.end_data()["code"], "PROVIDERS_EXHAUSTED");
    assert_eq!(calls(&platform, &spec), 1, "the call that tried it, and no other");
    platform.sql(format!("delete from users where id = '{}'", owner.id)).await;
    assert_eq!(platform.number("select count(*) from provider_keys").await, 0, "keys go with their account");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_student_at_the_limit_goes_on_with_an_own_key_at_no_cost() {
    let platform = Platform::start().await;
    platform.pool([key("shared")]).await;
    let student = platform.student().await;
    student.asks("What is preload?").await;
    platform
        .sql(format!(
            "update usage_days set tokens_used = 10000, requests_used = 20 where user_id = '{}'",
            student.id
        ))
        .await;
    platform
        .sql(format!(
            "insert into usage_features (user_id, day, feature, used)
             select user_id, day, 'mcq', 5 from usage_days where user_id = '{}'",
            student.id
        ))
        .await;
    let session = student.session().await;
    assert_eq!(student.sends(&session, "And afterload?").await.expect(429).code(), "TOKEN_LIMIT_EXCEEDED");

    let spec = key("mine");
    let id = id_of(&brings(&platform, &student, &spec, json!({})).await.expect(201));
    let before = student.usage().await;
    for question in ["And afterload?", "/mcq 1 heart failure"] {
        assert_eq!(student.asks(question).await.end(), "done", "{question}");
    }
    let after = student.usage().await;
    for what in ["tokens", "requests", "features"] {
        assert_eq!(after[what], before[what], "{what}");
    }
    assert_eq!(payers(&platform, &student).await, ["plan", "own_key", "own_key"]);
    let figures = "select count(*) from usage_ledger where payer = 'own_key' and state = 'settled'
                   and prompt_tokens > 0 and completion_tokens > 0 and held_tokens = 0";
    assert_eq!(platform.number(figures).await, 2, "what it came to is written all the same");
    student.delete(&format!("/api/profile/keys/{id}")).await.expect(204);
    student.sends(&session, "And contractility?").await.expect(429);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn falling_back_takes_a_hold_at_that_moment_and_counts_exactly() {
    let platform = Platform::start().await;
    platform.pool([key("shared")]).await;
    let student = platform.student().await;
    brings(&platform, &student, &key("mine").answers(Script::overloaded()), json!({})).await.expect(201);
    let answer = student.asks("/mcq 1 heart failure").await;
    assert_eq!(answer.end(), "done");
    let usage = &answer.end_data()["usage"];
    let tokens = usage["prompt_tokens"].as_i64().unwrap() + usage["completion_tokens"].as_i64().unwrap();
    let counted = student.usage().await;
    assert_eq!(counted["tokens"]["used"], json!(tokens));
    assert_eq!((&counted["tokens"]["held"], &counted["requests"]["used"]), (&json!(0), &json!(1)));
    assert_eq!(counted["features"]["mcq"], json!({ "used": 1, "held": 0, "limit": 5 }));
    assert_eq!(payers(&platform, &student).await, ["plan"]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn falling_back_beyond_a_limit_ends_with_the_limits_error() {
    let platform = Platform::start().await;
    platform.pool([key("shared")]).await;
    let student = platform.student().await;
    student.asks("What is preload?").await;
    let full = format!("update usage_days set tokens_used = 10000 where user_id = '{}'", student.id);
    platform.sql(full).await;
    brings(&platform, &student, &key("mine").answers(Script::overloaded()), json!({})).await.expect(201);
    let shared = calls(&platform, &key("shared"));
    let before = student.usage().await;
    let answer = student.asks("And afterload?").await;
    let error = answer.end_data();
    assert_eq!((answer.end(), &error["code"]), ("error", &json!("TOKEN_LIMIT_EXCEEDED")));
    assert_eq!(error["message"], "You've reached your daily token limit of 10,000.");
    assert_eq!(error["upgrade_url"], "/pricing");
    assert_eq!(error["details"]["limit"], 10_000);
    assert_eq!(calls(&platform, &key("shared")), shared, "no shared key was called");
    let after = student.usage().await;
    assert_eq!((&after["tokens"], &after["requests"]), (&before["tokens"], &before["requests"]));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn falling_back_keeps_to_the_limits_that_an_admin_set() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("shared")]).await;
    admin.put("/api/admin/features/mcq", json!({ "enabled": true, "limits": 2 })).await.expect(200);
    let student = platform.student().await;
    brings(&platform, &student, &key("mine").answers(Script::overloaded()), json!({})).await.expect(201);
    for _ in 0..2 {
        assert_eq!(student.asks("/mcq 1 heart failure").await.end(), "done");
    }
    let shared = calls(&platform, &key("shared"));
    let answer = student.asks("/mcq 1 heart failure").await;
    assert_eq!((answer.end(), &answer.end_data()["code"]), ("error", &json!("MCQ_LIMIT_EXCEEDED")));
    assert_eq!(answer.end_data()["details"]["limit"], 2);
    assert_eq!(calls(&platform, &key("shared")), shared, "no shared key was called");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn falling_back_does_not_pass_what_was_switched_off_meanwhile() {
    let platform = Platform::setup().redis().queues([(Queue::Probe, 4)]).start().await;
    let admin = platform.pool([key("shared")]).await;
    let student = platform.student().await;
    brings(&platform, &student, &key("mine").answers(Script::overloaded()), json!({})).await.expect(201);
    let receipt = student.sends(&student.session().await, "/mcq 1 heart failure").await.expect(202);
    admin.put("/api/admin/features/mcq", json!({ "enabled": false })).await.expect(200);
    let worker = Platform::setup().redis().queues([(Queue::OwnKey, 4)]).beside(&platform);
    let worker = worker.without_api().start().await;
    let answer = student.events(&job_of(&receipt), None).await.finish().await;
    assert_eq!((answer.end(), &answer.end_data()["code"]), ("error", &json!("FEATURE_UNAVAILABLE")));
    assert_eq!(calls(&platform, &key("shared")), 0);
    worker.end().await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_falls_back_gets_an_error_and_not_a_shared_key() {
    let platform = Platform::start().await;
    platform.pool([key("shared")]).await;
    let student = platform.student().await;
    let spec = key("mine").answers(Script::overloaded());
    let id = id_of(&brings(&platform, &student, &spec, json!({ "never_fall_back": true })).await.expect(201));
    let answer = student.asks("What is preload?").await;
    assert_eq!(answer.end_data()["code"], "PROVIDERS_EXHAUSTED");
    assert_eq!(calls(&platform, &key("shared")), 0);
    let usage = student.usage().await;
    assert_eq!((&usage["tokens"]["used"], &usage["requests"]["used"]), (&json!(0), &json!(0)));
    // Others are served, and so is this one after a change of mind.
    assert_eq!(platform.student().await.asks("What is preload?").await.end(), "done");
    student.patch(&format!("/api/profile/keys/{id}"), json!({ "never_fall_back": false })).await.expect(200);
    platform.pool_is_read().await;
    assert_eq!(student.asks("What is preload?").await.end(), "done");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_falls_back_closes_nothing_for_the_others() {
    let platform = Platform::start().await;
    platform.pool([key("shared")]).await;
    // It still serves, as the last resort.
    platform.sql("update provider_keys set status = 'degraded', failure_count = 6").await;
    let student = platform.student().await;
    let spec = key("mine").answers(Script::overloaded());
    brings(&platform, &student, &spec, json!({ "never_fall_back": true })).await.expect(201);
    assert_eq!(student.asks("What is preload?").await.end_data()["code"], "PROVIDERS_EXHAUSTED");
    assert_eq!(student.get("/api/status").await.body["status"], "operational");
    assert_eq!(platform.student().await.asks("What is preload?").await.end(), "done");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_own_key_that_serves_as_the_last_resort_gives_the_plan_back_what_it_held() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    brings(&platform, &student, &key("mine"), json!({})).await.expect(201);
    // Degraded, so that the plan takes the hold; and there is no shared key to use it.
    platform.sql("update provider_keys set status = 'degraded'").await;
    platform.pool_is_read().await;
    assert_eq!(student.asks("/mcq 1 heart failure").await.end(), "done");
    let usage = student.usage().await;
    assert_eq!((&usage["tokens"]["used"], &usage["requests"]["used"]), (&json!(0), &json!(0)));
    assert_eq!(usage["features"]["mcq"], json!({ "used": 0, "held": 0, "limit": 5 }));
    assert_eq!(payers(&platform, &student).await, ["own_key"]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_production_no_key_leads_into_a_private_network() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    // Taken while it was allowed; the simulator is on this machine.
    let spec = key("mine");
    brings(&platform, &student, &spec, json!({ "never_fall_back": true })).await.expect(201);
    assert_eq!(student.asks("What is preload?").await.end(), "done");
    // Only the strict one works from here on.
    platform.parts.drain.cancel();
    let strict = Platform::setup()
        .config(|config| config.environment = Environment::Production)
        .beside(&platform)
        .start()
        .await;
    let student = student.at(&strict.base);
    for address in ["http://127.0.0.1:11434", "http://localhost:1", "http://[::1]", "http://169.254.169.254"]
    {
        let body = json!({ "provider": "ollama", "base_url": address });
        let reply = student.post("/api/profile/keys", body).await.expect(422);
        assert_eq!(reply.fields(), ["base_url"], "{address}");
    }
    let asked = calls(&platform, &spec);
    assert_eq!(student.asks("/mcq 1 heart failure").await.end_data()["code"], "PROVIDERS_EXHAUSTED");
    assert_eq!(calls(&platform, &spec), asked, "it is not called, wherever it led before");
    let kept = student.get("/api/profile/keys").await.expect(200).body["items"][0].clone();
    assert_eq!(kept["status"], "degraded");
    assert!(kept["reason"].as_str().unwrap().contains("public internet"), "{kept}");
    strict.end().await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trying_keys_is_limited() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    platform.sql(format!(
        "insert into ip_attempts (kind, ip, at) select 'own_key', '{}', now() from generate_series(1, 20)",
        student.id
    ))
    .await;
    let body = json!({ "provider": "openai", "key": "sk-12345678" });
    let request = student.request(Method::POST, "/api/profile/keys").json(&body);
    let reply = Reply::read(request.send().await.unwrap()).await.expect(429);
    assert_eq!(reply.code(), "RATE_LIMITED");
    platform.end().await;
}

/// A provider that says the first word, and then one in eight seconds.
fn drips() -> Script {
    Script::healthy().chunks(100).token_every(Duration::from_secs(8))
}

/// Asks in a conversation of its own, without waiting. The job, or how it was refused.
async fn asks_aside(student: &Student) -> Result<String, Reply> {
    let session = student.session().await;
    let reply = student.sends(&session, "What is preload?").await;
    if reply.status == 202 { Ok(job_of(&reply)) } else { Err(reply) }
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_own_keys_hold_up_nobody_but_their_owners() {
    let slots = [(Queue::Chat, 3), (Queue::Command, 3), (Queue::OwnKey, 6), (Queue::Probe, 8)];
    let platform = Platform::setup().queues(slots).start().await;
    platform.pool([key("shared")]).await;
    let mut jobs = Vec::new();
    let names = ["slow-0", "slow-1", "slow-2", "slow-3", "slow-4", "slow-5"];
    for (at, name) in names.into_iter().enumerate() {
        let student = platform.student().await;
        // Whether their keys are thought to be good or not.
        let spec = key(name).answers(drips());
        brings(&platform, &student, &spec, json!({ "never_fall_back": at % 2 == 0 })).await.expect(201);
        if at % 3 == 0 {
            platform
                .sql(format!(
                    "update provider_keys set status = 'degraded' where owner_id = '{}'",
                    student.id
                ))
                .await;
            platform.pool_is_read().await;
        }
        for job in futures::future::join_all((0..3).map(|_| asks_aside(&student))).await {
            jobs.push((student.clone(), job.unwrap()));
        }
    }
    platform.eventually("select count(*) = 6 from jobs where queue = 'own_key' and state = 'running'").await;
    // All at once, and more than there are slots of the chat: each is answered while the slow ones go on.
    let students = futures::future::join_all((0..8).map(|_| platform.student())).await;
    let answers =
        futures::future::join_all(students.iter().map(|student| student.asks("What is preload?"))).await;
    assert!(answers.iter().all(|answer| answer.end() == "done"));
    let running = "select count(*) from jobs where queue = 'own_key' and state = 'running'";
    assert_eq!(platform.number(running).await, 6);
    assert_eq!(
        platform.number("select count(*) from jobs where queue <> 'own_key' and state = 'running'").await,
        0
    );
    let most_of_one = "select max(count) from (select count(*) from jobs
                       where queue = 'own_key' and state = 'running' group by tenant) counts";
    assert!(platform.number(most_of_one).await <= 2, "a student has two of these at a time");
    for (student, job) in jobs {
        // Some were answered by the shared key, and are over.
        let _ended = student.delete(&format!("/api/jobs/{job}")).await;
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_by_an_own_key_has_an_end_and_keeps_what_it_said() {
    let setup =
        Platform::setup().config(|config| config.jobs.own_key_answer_timeout = Duration::from_millis(1500));
    let platform = setup.start().await;
    platform.pool([key("shared")]).await;
    let student = platform.student().await;
    let stuck = key("stuck").answers(Script::silent_after(2));
    brings(&platform, &student, &stuck, json!({})).await.expect(201);
    let answer = student.asks("What is preload?").await;
    assert_eq!(answer.end(), "truncated");
    assert!(!answer.text().is_empty());
    assert_eq!(payers(&platform, &student).await, ["own_key"]);
    assert_eq!(student.usage().await["tokens"]["used"], 0);
    // That one student's key is slow closes nothing.
    assert_eq!(platform.number("select count(*) from maintenance_states").await, 0);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_by_own_keys_are_counted_apart_by_the_hour() {
    let setup = Platform::setup().config(|config| config.jobs.own_key_answers_per_hour = 3);
    let platform = setup.start().await;
    platform.pool([key("shared")]).await;
    let (student, other) = (platform.student().await, platform.student().await);
    brings(&platform, &student, &key("mine"), json!({})).await.expect(201);
    // All at once, so that none slips through.
    let asked = futures::future::join_all((0..9).map(|_| asks_aside(&student))).await;
    let refused: Vec<_> = asked.iter().filter_map(|asked| asked.as_ref().err()).collect();
    assert_eq!(refused.len(), 6);
    for reply in refused {
        assert_eq!((reply.status.as_u16(), reply.code()), (429, "RATE_LIMITED"));
        let seconds: u64 = reply.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=3600).contains(&seconds), "{seconds}");
    }
    platform.eventually("select not exists (select from jobs where finished_at is null)").await;
    assert_eq!(student.usage().await["requests"]["used"], 0, "the plan is not touched");
    assert_eq!(other.asks("What is preload?").await.end(), "done");
    // An hour later there is room again.
    platform.sql("update usage_ledger set created_at = created_at - interval '61 minutes'").await;
    assert!(asks_aside(&student).await.is_ok());
    platform.end().await;
}
