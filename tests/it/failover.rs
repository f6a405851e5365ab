//! Keys that fail, in every way that providers know.

use std::time::Duration;

use simulator::{Behaviour, Script};

use crate::support::{Platform, key, student::job_of};

#[tokio::test(flavor = "multi_thread")]
async fn dead_and_empty_keys_are_passed_over_and_the_answer_still_streams() {
    let platform = Platform::start().await;
    let dead = key("dead").provider("gemini").priority(100).answers(Script::invalid_key());
    let empty = key("empty").provider("gemini").priority(90).answers(Script::daily_quota());
    let good = key("good").priority(50).answers(Script::answers("Preload is stretch."));
    let admin = platform.pool([dead.clone(), empty.clone(), good.clone()]).await;
    let answer = platform.student().await.asks("What is preload?").await;
    assert_eq!(answer.text(), "Preload is stretch.");
    assert_eq!(answer.count("restart"), 0, "nothing was visible before the third key");

    let dead = platform.key(&admin, &dead).await;
    assert_eq!(dead["status"], "degraded");
    assert!(dead["reason"].as_str().unwrap().contains("API_KEY_INVALID"), "{dead}");
    let empty = platform.key(&admin, &empty).await;
    assert_eq!(empty["status"], "active");
    assert!(empty["reason"].as_str().unwrap().starts_with("quota"), "{empty}");
    let until: chrono::DateTime<chrono::Utc> = empty["cooldown_until"].as_str().unwrap().parse().unwrap();
    let pacific = until.with_timezone(&chrono_tz::America::Los_Angeles);
    assert_eq!(
        pacific.format("%H:%M:%S").to_string(),
        "00:00:00",
        "a daily quota is back at midnight Pacific"
    );
    assert_eq!(platform.key(&admin, &good).await["status"], "active");

    // The second question goes straight to the good key.
    platform.simulator.forget();
    platform.student().await.asks("And afterload?").await;
    let calls: Vec<_> = platform.simulator.calls().into_iter().map(|call| call.key).collect();
    assert_eq!(calls, [good.value()]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_breaks_is_begun_anew_by_another_key() {
    for broken in [Script::cut_after(7), Script::no_end_mark(7), Script::error_in_stream(7)] {
        for provider in ["gemini", "openai", "ollama"] {
            let platform = Platform::start().await;
            let cut = key("cut").provider(provider).priority(100);
            let cut = cut.answers(broken.clone().token_every(Duration::from_millis(5)));
            let good = key("good").provider(provider).answers(Script::answers("Preload is stretch."));
            platform.pool([cut, good]).await;
            let student = platform.student().await;
            let answer = student.asks("What is preload?").await;
            assert_eq!(answer.text(), "Preload is stretch.", "{provider} {broken:?}");
            assert_eq!(answer.count("restart"), 1);
            assert_eq!(answer.end(), "done");
            let usage = answer.end_data()["usage"].clone();
            let charged =
                usage["prompt_tokens"].as_i64().unwrap() + usage["completion_tokens"].as_i64().unwrap();
            assert_eq!(
                student.usage().await["tokens"]["used"],
                charged,
                "only the delivered call is charged"
            );
            platform.end().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_stands_when_nobody_can_take_over() {
    let platform = Platform::start().await;
    let cut = Script::cut_after(7).token_every(Duration::from_millis(5));
    let dead = key("dead").priority(1).answers(Script::invalid_key());
    platform.pool([key("cut").priority(2).answers(cut), dead]).await;
    let student = platform.student().await;
    let session = student.session().await;
    let answer = student.asks_in(&session, "What is preload?").await;
    assert_eq!(answer.end(), "truncated");
    assert!(!answer.text().is_empty());
    let messages = student.messages(&session).await;
    assert_eq!(messages[1]["status"], "truncated");
    assert_eq!(messages[1]["content"], answer.text());
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_student_is_told_when_the_provider_declines() {
    for provider in ["gemini", "openai", "anthropic"] {
        for script in [Script::blocked_prompt(), Script::blocked_midway()] {
            let platform = Platform::start().await;
            let blocked = key("blocked").provider(provider).priority(9).answers(script.clone());
            let admin = platform.pool([blocked.clone(), key("other").provider("ollama")]).await;
            let student = platform.student().await;
            let session = student.session().await;
            let answer = student.asks_in(&session, "Something").await;
            assert_eq!(answer.end(), "blocked", "{provider} {script:?}");
            assert_eq!(student.messages(&session).await[1]["status"], "blocked");
            assert_eq!(platform.key(&admin, &blocked).await["failure_count"], 0, "the key is not to blame");
            assert_eq!(platform.simulator.calls().len(), 1, "no other key is asked");
            platform.end().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_of_every_kind_leads_to_the_next_key() {
    let nonsense = [
        Behaviour::Garbage,
        Behaviour::EmptyBody,
        Behaviour::CutBeforeFirstToken,
        Behaviour::Overloaded,
        Behaviour::InternalError,
        Behaviour::BadGateway,
        Behaviour::Unavailable529,
        Behaviour::NumericCode,
        Behaviour::PrepaidGone,
        Behaviour::UnknownModel,
        Behaviour::Forbidden,
    ];
    let platform = Platform::start().await;
    let good = key("good").answers(Script::answers("Preload is stretch."));
    let odd = key("odd").provider("gemini").priority(9);
    let admin = platform.pool([good, odd.clone()]).await;
    let student = platform.student_on("pro").await;
    for behaviour in nonsense {
        platform.simulator.script(&odd.value(), Script::healthy().behaving(behaviour));
        let id = platform.key(&admin, &odd).await["id"].as_str().unwrap().to_owned();
        let revive = serde_json::json!({ "status": "active" });
        admin.patch(&format!("/api/admin/keys/{id}"), revive).await.expect(200);
        platform.pool_is_read().await;
        platform.simulator.forget();
        let answer = student.asks("What is preload?").await;
        assert_eq!((answer.text().as_str(), answer.end()), ("Preload is stretch.", "done"), "{behaviour:?}");
        assert_eq!(platform.simulator.calls().len(), 2, "{behaviour:?}");
        assert!(platform.key(&admin, &odd).await["reason"].is_string(), "{behaviour:?}");
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_provider_is_given_up_in_time() {
    let platform = Platform::setup()
        .config(|config| config.providers.first_token_timeout = Duration::from_millis(300))
        .start()
        .await;
    let silent = Script::healthy().behaving(Behaviour::Silence);
    let headers = Script::healthy().behaving(Behaviour::SilenceAfterHeaders);
    let good = key("good").answers(Script::answers("Preload is stretch."));
    platform
        .pool([key("silent").priority(9).answers(silent), key("headers").priority(8).answers(headers), good])
        .await;
    assert_eq!(platform.student().await.asks("What is preload?").await.text(), "Preload is stretch.");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn half_characters_and_odd_frames_arrive_whole() {
    let platform = Platform::start().await;
    let text = "Preload — Vorlast, précharge, 前負荷 ❤ ist die Dehnung.";
    let student = platform.student_on("pro").await;
    let half = key("half");
    platform.pool([half.clone()]).await;
    for script in [
        Script::answers(text).behaving(Behaviour::HalfUtf8),
        Script::answers(text).with_crlf(),
        Script::answers(text).with_multiline_data(),
        Script::answers(text).with_comments(),
        Script::answers(text).without_usage(),
    ] {
        platform.simulator.script(&half.value(), script);
        assert_eq!(student.asks("Was ist Vorlast?").await.text(), text);
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_all_keys_cool_the_question_waits_and_is_answered_by_itself() {
    let platform = Platform::start().await;
    let limited = key("limited").provider("gemini");
    platform.pool([limited.clone()]).await;
    platform.simulator.script_next(&limited.value(), [Script::rate_limited(Duration::from_secs(2))]);
    let student = platform.student().await;
    let answer = student.asks("What is preload?").await;
    let kinds: Vec<_> = answer.events.iter().map(|event| event.kind.as_str()).take(4).collect();
    assert_eq!(kinds, ["queued", "started", "waiting", "started"]);
    assert!(answer.events[2].data["retry_at"].is_string());
    assert_eq!(answer.count("restart"), 0, "nothing had been said");
    assert_eq!(answer.end(), "done");
    let job: (i16, i64, i32) = {
        let mut conn = platform.db().pool().acquire().await.unwrap();
        sqlx::query_as("select attempt, epoch, snoozes from jobs").fetch_one(&mut *conn).await.unwrap()
    };
    assert_eq!(job, (1, 2, 1), "a snooze uses no attempt");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_that_is_too_far_away_is_named_in_the_error() {
    let platform = Platform::start().await;
    platform.pool([key("empty").provider("gemini").answers(Script::daily_quota())]).await;
    let student = platform.student().await;
    let answer = student.asks("What is preload?").await;
    assert_eq!(answer.end(), "error");
    assert_eq!(answer.end_data()["code"], "PROVIDERS_EXHAUSTED");
    assert!(answer.end_data()["details"]["retry_at"].is_string(), "{:?}", answer.end_data());
    let used = "select sum(requests_used + requests_held)::bigint from usage_days";
    assert_eq!(platform.number(used).await, 0, "given back");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_group_cools_together() {
    let platform = Platform::start().await;
    let first = key("first").provider("gemini").group("project").priority(9).answers(Script::daily_quota());
    let sibling = key("sibling").provider("gemini").group("project").priority(8);
    let other = key("other")
        .provider("gemini")
        .group("another")
        .priority(7)
        .answers(Script::answers("From elsewhere."));
    let admin = platform.pool([first.clone(), sibling.clone(), other]).await;
    assert_eq!(platform.student().await.asks("What is preload?").await.text(), "From elsewhere.");
    let calls: Vec<_> = platform.simulator.calls().into_iter().map(|call| call.key).collect();
    assert!(!calls.contains(&sibling.value()), "its project has no quota either");
    let (first, sibling) = (platform.key(&admin, &first).await, platform.key(&admin, &sibling).await);
    assert_eq!(first["cooldown_until"], sibling["cooldown_until"]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_failures_degrade_a_key_and_one_success_restores_it() {
    let platform = Platform::start().await;
    let shaky = key("shaky").priority(9).answers(Script::overloaded());
    let admin = platform.pool([shaky.clone(), key("good")]).await;
    let student = platform.student_on("pro").await;
    for expected in ["active", "active", "active", "active", "active", "degraded"] {
        student.asks("Question").await;
        assert_eq!(platform.key(&admin, &shaky).await["status"], expected);
    }
    platform.simulator.forget();
    student.asks("Question").await;
    assert_eq!(platform.simulator.calls().len(), 1, "a degraded key is not asked while another works");

    platform.simulator.script(&shaky.value(), Script::healthy());
    let id = platform.key(&admin, &shaky).await["id"].as_str().unwrap().to_owned();
    let checked = admin.post(&format!("/api/admin/keys/{id}/check"), serde_json::json!({})).await.expect(200);
    assert_eq!(checked.body["ok"], true, "{}", checked.body);
    let shaky = platform.key(&admin, &shaky).await;
    assert_eq!((&shaky["status"], &shaky["failure_count"]), (&"active".into(), &0.into()));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_tried_before_it_is_used() {
    let platform = Platform::start().await;
    let admin = platform.admin().await;
    let (good, bad) = (key("good"), key("bad"));
    platform.simulator.script(&bad.value(), Script::invalid_key());
    platform.never_logged([good.value(), bad.value()]);
    let body = |spec: &crate::support::keys::KeySpec| serde_json::json!({ "provider": "openai", "feature": "*", "key": spec.value(), "priority": 5, "base_url": platform.simulator.url() });
    let added = admin.post("/api/admin/keys", body(&good)).await.expect(201);
    assert_eq!(added.body["status"], "active");
    assert!(!added.body.to_string().contains(&good.value()));
    let refused = admin.post("/api/admin/keys", body(&bad)).await.expect(422);
    assert!(!refused.body.to_string().contains(&bad.value()));
    admin.post("/api/admin/keys", body(&good)).await.expect(409);
    let keys = admin.get("/api/admin/keys").await.expect(200);
    assert_eq!(keys.body["items"].as_array().unwrap().len(), 1, "a key that failed its test is not kept");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_key_the_answer_is_an_explained_error() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    let session = student.session().await;
    let receipt = student.sends(&session, "What is preload?").await.expect(202);
    let answer = student.events(&job_of(&receipt), None).await.finish().await;
    assert_eq!(answer.end_data()["code"], "PROVIDERS_EXHAUSTED");
    // Nothing can serve, so nobody gets in until there is a key.
    student.get(&format!("/api/chat/sessions/{session}/messages")).await.expect(503);
    let stored =
        "select count(*) from messages where status = 'failed' and error ->> 'code' = 'PROVIDERS_EXHAUSTED'";
    assert_eq!(platform.number(stored).await, 1);
    platform.end().await;
}
