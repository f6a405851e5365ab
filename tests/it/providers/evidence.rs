//! What closes a feature, or puts a key away for long, is evidence that the provider is away or the key is spent.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use simulator::{Case, Rule, Script, say};

use super::{QUESTION, World};
use crate::support::{Platform, key, sse::Answer};

#[tokio::test(flavor = "multi_thread")]
async fn thoughts_that_eat_the_answer_blame_no_key_close_nothing_and_cost_nothing() {
    let names = ["one", "two", "three", "four"];
    let thinks = |(at, name): (usize, &&'static str)| {
        let script = Script::case(Case::ThoughtsEatTheAnswer);
        key(name).provider("gemini").priority(30 - 10 * i32::try_from(at).unwrap()).answers(script)
    };
    let world = World::of(names.iter().enumerate().map(thinks)).await;
    let answers = world.asks_seven_times().await;
    for answer in &answers {
        assert_eq!((answer.text().as_str(), answer.end()), ("", "error"));
        says_that_it_thought(answer);
    }
    assert_eq!(world.charged().await, 0);
    let called: usize = world.called().iter().sum();
    assert!(called <= 14, "not repeated on keys of the same model: {:?}", world.called());
    let first = &world.calls(0)[0].prompt["generationConfig"];
    let room = first["maxOutputTokens"].as_u64().unwrap();
    assert!(room > 2_048 || first["thinkingConfig"].is_object(), "{first}");
    for at in 0..4 {
        world.is_healthy(at).await;
    }
    world.end().await;
}

/// It is told in fitting words: nobody is out of quota.
fn says_that_it_thought(answer: &Answer) {
    let message = answer.end_data()["message"].as_str().unwrap();
    assert!(message.contains("thought") && !message.contains("quota"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_thinks_within_its_room_is_given_more() {
    // 2,044 thoughts fit only where the limit has room for them.
    let enough = Script::rules([
        Case::ThoughtsEatTheAnswer.rules().remove(0).with("\"maxOutputTokens\":2048"),
        Rule::events([say::gemini("Preload is stretch.", Some("STOP"))]),
    ]);
    let world = World::of([key("thinks").provider("gemini").answers(enough)]).await;
    let answers = world.asks_seven_times().await;
    assert!(answers.iter().skip(1).all(|answer| answer.text() == "Preload is stretch."));
    world.is_healthy(0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_length_without_a_word_is_no_failure_at_any_provider() {
    let openai = Rule::events([
        say::delta(r#"{"reasoning_content": "Hm."}"#),
        say::finish("length"),
        r#"data: {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 2048, "completion_tokens_details": {"reasoning_tokens": 2048}}}"#.to_owned() + "\n\n",
        say::DONE.to_owned(),
    ]);
    let ollama = Rule::streams(
        say::NDJSON,
        [
            "{\"message\":{\"role\":\"assistant\",\"content\":\"\",\"thinking\":\"Hm.\"},\"done\":false}\n",
            "{\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"length\",\"prompt_eval_count\":9,\"eval_count\":2048}\n",
        ],
    );
    for (provider, rule) in [("openai", openai), ("ollama", ollama)] {
        let world = World::of([key("thinks").provider(provider).answers(Script::rules([rule]))]).await;
        for answer in world.asks_seven_times().await {
            assert_eq!((answer.text().as_str(), answer.end()), ("", "error"), "{provider}");
            says_that_it_thought(&answer);
        }
        world.is_healthy(0).await;
        assert_eq!(world.charged().await, 0, "{provider}");
        world.end().await;
    }
}

/// How long a key rests, in seconds.
async fn rests(world: &World, at: usize) -> i64 {
    let key = world.key(at).await;
    let until = key["cooldown_until"].as_str().unwrap_or_else(|| panic!("it does not rest: {key}"));
    let until: DateTime<Utc> = until.parse().unwrap();
    (until - world.platform.parts.clock.now()).num_seconds()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_after_in_seconds_since_1970_is_a_minute() {
    let world = World::of([key("limited").answers(Script::case(Case::RetryAfterAsADateInSeconds))]).await;
    let mut events = world.student.streams(&world.student.session().await, QUESTION).await;
    events.until("waiting").await;
    let rest = rests(&world, 0).await;
    assert!((30..=150).contains(&rest), "{rest}");
    assert_eq!(world.key(0).await["status"], "active");
    world.is_open().await;

    // It is answered by itself when the minute is over.
    world.script(0, Script::answers("Preload is stretch."));
    world.platform.sleep_until(world.platform.parts.clock.now() + TimeDelta::seconds(rest + 5));
    world.platform.sql("update jobs set run_at = now() where state = 'scheduled'").await;
    let answer = events.finish().await;
    assert_eq!((answer.text().as_str(), answer.end()), ("Preload is stretch.", "done"));
    world.end().await;
}

/// A 429 with a header.
fn limited(name: &str, value: impl Into<String>) -> Script {
    let body =
        r#"{"error": {"message": "slow down", "type": "rate_limit_error", "code": "rate_limit_exceeded"}}"#;
    Script::rules([Rule::says(429, body).header(name, value)])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rest_is_understood_however_it_is_told() {
    let in_a_minute = domain::Clock::system().now() + TimeDelta::seconds(90);
    let setup =
        Platform::setup().config(|config| config.providers.max_wait = std::time::Duration::from_secs(1));
    let mut world =
        World::with(setup, [key("limited").priority(9), key("spare").answers(Script::answers("fine"))]).await;
    for (name, value) in [
        ("retry-after", "{now+90}000".to_owned()),
        ("retry-after", in_a_minute.format("%a, %d %b %Y %H:%M:%S GMT").to_string()),
        ("retry-after", in_a_minute.to_rfc3339()),
        ("retry-after", "90".to_owned()),
        ("retry-after", "90.5".to_owned()),
        ("retry-after-ms", "90000".to_owned()),
        ("x-ratelimit-reset-requests", "1m30s".to_owned()),
        ("x-ratelimit-reset-requests", in_a_minute.to_rfc3339()),
        ("x-ratelimit-reset", "{now+90}".to_owned()),
        ("x-ratelimit-reset", "{now+90}000".to_owned()),
    ] {
        world.swaps(0, limited(name, &value)).await;
        let answer = world.asks(QUESTION).await;
        assert_eq!((answer.text().as_str(), answer.end()), ("fine", "done"), "{name}: {value}");
        let rest = rests(&world, 0).await;
        assert!((20..=180).contains(&rest), "{name}: {value}: {rest}");
        assert_eq!(world.key(0).await["status"], "active", "{name}: {value}");
    }
    world.is_open().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_header_puts_a_key_away_for_longer_than_hours() {
    let mut world =
        World::of([key("limited").priority(9), key("spare").answers(Script::answers("fine"))]).await;
    for value in
        ["2592000", "{now+2592000}", "{now+2592000}000", "9999999999999", "Fri, 01 Jan 2100 00:00:00 GMT"]
    {
        world.swaps(0, limited("retry-after", value)).await;
        assert_eq!(world.asks(QUESTION).await.text(), "fine", "{value}");
        let rest = rests(&world, 0).await;
        assert!(rest <= 24 * 3_600, "{value}: {rest}");
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_at_its_own_limit_cools_and_is_not_refused() {
    let own = Script::case(Case::AKeyAtItsOwnLimit);
    let world = World::of([key("limited").answers(own)]).await;
    let answer = world.asks(QUESTION).await;
    assert_eq!((answer.text().as_str(), answer.end()), ("", "error"));
    let key = world.key(0).await;
    assert_eq!((&key["status"], &key["failure_count"]), (&json!("active"), &json!(0)), "{key}");
    assert!(key["reason"].as_str().unwrap().starts_with("quota"), "{key}");
    assert!((1..=25 * 3_600).contains(&rests(&world, 0).await));
    assert_eq!(world.charged().await, 0);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_spent_is_a_quota_whatever_its_status() {
    let mut world =
        World::of([key("spent").priority(9), key("spare").answers(Script::answers("fine"))]).await;
    for (status, body) in [
        (
            402,
            r#"{"error": {"message": "Insufficient credits. Add more using https://openrouter.ai/settings/credits", "code": 402}}"#,
        ),
        (
            403,
            r#"{"error": {"message": "Key limit exceeded (weekly limit). Manage it using https://openrouter.ai/settings/keys", "code": 403}}"#,
        ),
        (
            403,
            r#"{"error": {"message": "You exceeded your current quota, please check your plan and billing details.", "type": "insufficient_quota", "param": null, "code": "insufficient_quota"}}"#,
        ),
        (
            429,
            r#"{"error": {"message": "You exceeded your current quota, please check your plan and billing details.", "type": "insufficient_quota", "param": null, "code": "insufficient_quota"}}"#,
        ),
        (
            400,
            r#"{"error": {"message": "Your credit balance is too low to access the API. Please go to Plans & Billing to upgrade or purchase credits.", "type": "invalid_request_error"}}"#,
        ),
    ] {
        world.swaps(0, Script::rules([Rule::says(status, body)])).await;
        assert_eq!(world.asks(QUESTION).await.text(), "fine", "{status} {body}");
        let key = world.key(0).await;
        assert_eq!(key["status"], "active", "{status} {body}: {key}");
        assert!(key["reason"].as_str().unwrap_or_default().starts_with("quota"), "{status} {body}: {key}");
    }
    world.is_open().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_firewall_says_nothing_of_a_key() {
    let page = "<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head><body>Sorry, you have been blocked</body></html>";
    let firewall = Script::rules([Rule::says(403, page).header("content-type", "text/html; charset=UTF-8")]);
    let first = key("walled").priority(9).answers(firewall);
    let world = World::of([first, key("spare").answers(Script::answers("fine"))]).await;
    assert_eq!(world.asks(QUESTION).await.text(), "fine");
    let key = world.key(0).await;
    assert_eq!(key["status"], "active", "{key}");
    assert!(!key["reason"].as_str().unwrap_or_default().starts_with("credential"), "{key}");
    world.is_open().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_closes_a_feature_can_be_read_by_admins() {
    let setup =
        Platform::setup().config(|config| config.providers.max_wait = std::time::Duration::from_secs(1));
    let world = World::with(setup, [key("dead").answers(Script::invalid_key())]).await;
    assert_eq!(world.asks(QUESTION).await.end_data()["code"], "PROVIDERS_EXHAUSTED");
    let health = world.admin.get("/api/admin/health").await.expect(200).body;
    let closed = &health["closings"][0];
    assert!(closed["evidence"].as_array().is_some_and(|calls| !calls.is_empty()), "{health}");
    let read = closed.to_string();
    assert!(read.contains("credential") && read.contains("invalid_api_key"), "{read}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_that_says_nothing_is_left_is_no_evidence_while_the_provider_answers() {
    let answers = Rule::events([say::text("Preload is stretch."), say::finish("stop"), say::DONE.to_owned()])
        .header("x-ratelimit-remaining-requests", "0")
        .header("x-ratelimit-reset-requests", "6h0m0s");
    let world = World::of([key("modest").answers(Script::rules([answers]))]).await;
    let session = world.student.session().await;
    assert_eq!(world.student.asks_in(&session, QUESTION).await.end(), "done");
    let rest = rests(&world, 0).await;
    assert!((1..=60).contains(&rest), "{rest}");
    // The next one waits for that minute at the most, and is answered.
    let mut events = world.student.streams(&session, QUESTION).await;
    events.until("waiting").await;
    world.platform.sleep_until(world.platform.parts.clock.now() + TimeDelta::seconds(rest + 2));
    world.platform.sql("update jobs set run_at = now() where state = 'scheduled'").await;
    let answer = events.finish().await;
    assert_eq!((answer.text().as_str(), answer.end()), ("Preload is stretch.", "done"));
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn however_many_keys_fail_the_one_that_works_answers() {
    let failing = [
        Script::internal_error(),
        Script::overloaded(),
        Script::internal_error(),
        Script::invalid_key(),
        Script::overloaded(),
        Script::insufficient_quota(),
        Script::internal_error(),
    ];
    let names = ["one", "two", "three", "four", "five", "six", "seven"];
    let keys = names.iter().zip(failing).map(|(name, script)| key(name).priority(9).answers(script));
    let world = World::of(keys.chain([key("last").answers(Script::answers("Preload is stretch."))])).await;
    let answer = world.asks(QUESTION).await;
    assert_eq!(
        (answer.text().as_str(), answer.end()),
        ("Preload is stretch.", "done"),
        "{:?}",
        world.called()
    );
    world.is_open().await;
    world.end().await;
}
