use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::client::{bearer, gemini, ollama, openai, send};
use crate::{Behaviour, Case, KEY_NAMES, Script, Simulator, names};

#[tokio::test]
async fn scripts_win_over_names_and_one_shots_over_both() {
    let vendor = Simulator::start().await.unwrap();
    vendor.script("overloaded", Script::answers("Fine."));
    vendor.script_next("overloaded", [Script::invalid_key(), Script::internal_error()]);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(openai(&vendor, "overloaded", "Hi").await.status);
    }
    assert_eq!(statuses, [401, 500, 200, 200]);
    vendor.default_script(Script::overloaded());
    assert_eq!(openai(&vendor, "plain", "Hi").await.status, 503);
}

#[tokio::test]
async fn quotas_really_count_and_groups_share_them() {
    let vendor = Simulator::start().await.unwrap();
    for key in ["a", "b"] {
        vendor.script(key, Script::healthy().per_day(2).in_group("project"));
    }
    assert_eq!(gemini(&vendor, "a", "Hi").await.status, 200);
    assert_eq!(gemini(&vendor, "b", "Hi").await.status, 200);
    let spent = gemini(&vendor, "a", "Hi").await;
    assert!(
        spent.status == 429
            && spent.body().contains("PerDay")
            && spent.body().contains(r#""quotaValue":"2""#)
    );
    vendor.forget();
    assert_eq!(gemini(&vendor, "a", "Hi").await.status, 200);
    assert_eq!(vendor.calls().len(), 1);

    // Two calls in one minute; the turn of the minute may fall between any two of four.
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(openai(&vendor, "key-per-minute-1", "Hi").await);
    }
    let limited = statuses.iter().find(|answer| answer.status == 429).unwrap();
    assert!(limited.head.contains("retry-after: "));
}

#[tokio::test]
async fn delays_are_kept_and_each_chunk_goes_out_at_once() {
    let vendor = Simulator::start().await.unwrap();
    let script = Script::answers("one two three").first_token_after(Duration::from_millis(60));
    vendor.default_script(script.token_every(Duration::from_millis(20)));
    let began = Instant::now();
    let answer = gemini(&vendor, "k", "Hi").await;
    assert!(began.elapsed() >= Duration::from_millis(100));
    assert_eq!(answer.chunks.len(), 3);
    let began = Instant::now();
    let body = json!({ "model": "m", "messages": [{ "role": "user", "content": "Hi" }], "stream": false });
    send(&vendor, "POST /api/chat", "", &body).await;
    assert!(began.elapsed() >= Duration::from_millis(100));
}

#[tokio::test]
async fn the_log_tells_what_was_asked() {
    let vendor = Simulator::start().await.unwrap();
    openai(&vendor, "k", "What is preload?").await;
    let call = vendor.calls().pop().unwrap();
    assert_eq!((call.provider.as_str(), call.path.as_str()), ("openai", "/v1/chat/completions"));
    assert_eq!((call.key.as_str(), call.model.as_deref(), call.streamed), ("k", Some("gpt-4o-mini"), true));
    assert_eq!(call.prompt["messages"][0]["content"], "What is preload?");
    assert_eq!((call.outcome, call.chunks_sent, call.finished), (Some(200), 40, true));
    assert_eq!((call.prompt_tokens, call.completion_tokens), (4, 40));
    vendor.keep_calls(0);
    openai(&vendor, "k", "Again").await;
    assert_eq!((vendor.calls().len(), vendor.totals().calls), (0, 2));
}

#[tokio::test]
async fn other_processes_script_it_over_http() {
    let vendor = Simulator::start().await.unwrap();
    let put =
        send(&vendor, "PUT /_sim/keys/k", "", &json!({ "behaviour": { "cut_after": { "chunks": 3 } } }))
            .await;
    assert_eq!(put.status, 204);
    send(&vendor, "POST /_sim/keys/k/next", "", &json!([{ "behaviour": "overloaded" }])).await;
    send(&vendor, "PUT /_sim/keys/-", "", &json!({ "text": "local" })).await;
    send(&vendor, "PUT /_sim/default", "", &json!({ "chunks": 2 })).await;
    assert_eq!(openai(&vendor, "k", "Hi").await.status, 503);
    assert!(!openai(&vendor, "k", "Hi").await.complete);
    assert_eq!(ollama(&vendor, "", "Hi").await.text(), "local");
    assert_eq!(ollama(&vendor, "other", "Hi").await.text(), "word0 word1");
    let calls = send(&vendor, "GET /_sim/calls", "", &Value::Null).await.json();
    assert_eq!(serde_json::from_value::<Vec<crate::Call>>(calls).unwrap(), vendor.calls());
    assert_eq!(send(&vendor, "DELETE /_sim/calls", "", &Value::Null).await.status, 204);
    assert!(vendor.calls().is_empty());
    let wrong = send(&vendor, "PUT /_sim/keys/k", "", &json!({ "behavior": "answer" })).await;
    assert_eq!(wrong.status, 422);
}

#[tokio::test]
async fn the_demo_is_honest_and_echoes_the_question() {
    let vendor = Simulator::start().await.unwrap();
    let quick = Script { token_delay_ms: 0, first_token_delay_ms: 0, ..Script::demo() };
    vendor.default_script(quick);
    let text = openai(&vendor, "k", "What is\npreload?").await.text();
    assert!(
        text.contains("demo provider") && text.contains("> What is preload?") && text.contains("API keys")
    );
    let long = openai(&vendor, "k", &"ventricle ".repeat(60)).await.text();
    assert!(long.contains("ventricle …\n"));
}

#[tokio::test]
async fn dropping_the_last_handle_stops_it() {
    let vendor = Simulator::start().await.unwrap();
    let other = vendor.clone();
    let addr = vendor.addr;
    drop(vendor);
    assert!(tokio::net::TcpStream::connect(addr).await.is_ok());
    drop(other);
    for _ in 0..100 {
        if tokio::net::TcpStream::connect(addr).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it still listens");
}

#[test]
fn names_say_what_keys_do() {
    let of = |key: &str| names::script_of(key, &Script::default());
    assert_eq!(of("plain"), None);
    assert_eq!(of("AIza_RATE_LIMITED_30s"), Some(Script::rate_limited(Duration::from_secs(30))));
    assert_eq!(of("cut-before-first-token"), Some(Script::cut_before_first_token()));
    let healthy = Script::healthy().chunks(100).first_token_after(Duration::from_millis(300));
    let healthy = healthy.token_every(Duration::from_millis(20)).per_day(9).in_group("heart");
    assert_eq!(of("k-chunks-100-first-300ms-every-20ms-per-day-9-group-heart-1"), Some(healthy));
    for (at, (name, make)) in names::BEHAVIOURS.iter().enumerate() {
        let behaviour = make(Some(3));
        assert!(KEY_NAMES.contains(&format!("| `{name}")), "{name} is not in the manual");
        assert_eq!(of(&format!("sk-{name}-3")).unwrap().behaviour, behaviour, "row {at}");
        let json = serde_json::to_value(Script::from(behaviour)).unwrap();
        assert_eq!(serde_json::from_value::<Script>(json).unwrap().behaviour, behaviour);
    }
    assert_eq!(of("answer").map(|script| script.behaviour), None::<Behaviour>);
}

#[test]
fn cases_of_the_world_have_names() {
    for case in Case::ALL {
        assert!(KEY_NAMES.contains(&format!("| `{}` |", case.name())), "{case:?} is not in the manual");
        let script = names::script_of(&format!("sk-{}-1", case.name()), &Script::default()).unwrap();
        assert_eq!(script, Script::case(case));
        let json = serde_json::to_value(&script).unwrap();
        assert_eq!(serde_json::from_value::<Script>(json).unwrap(), script);
    }
}

#[tokio::test]
async fn the_first_rule_that_fits_answers_byte_for_byte() {
    let vendor = Simulator::start().await.unwrap();
    let rules = json!({ "rules": [
        { "has": "never", "parts": ["never"] },
        { "path": "elsewhere", "status": 418, "parts": ["a teapot"] },
        { "has": ["\"stream\":true"], "over": ["preload", 1], "times": 1, "status": 429,
          "headers": { "retry-after": "{now+60}" }, "parts": ["slow", 0.02, "ly"] },
        { "lacks": "preload", "parts": ["data: 1\n\n"], "cut": true },
        { "embed": 4 },
    ]});
    assert_eq!(send(&vendor, "PUT /_sim/keys/k", "", &rules).await.status, 204);
    let ask = |text: &str| json!({ "model": "m", "stream": true, "messages": [], "input": [text] });
    let limited = send(&vendor, "POST /v1/chat/completions", &bearer("k"), &ask("preload, preload")).await;
    assert_eq!((limited.status, limited.body().as_str(), limited.chunks.len()), (429, "slowly", 2));
    let after: u64 =
        limited.head.split("retry-after: ").nth(1).unwrap().lines().next().unwrap().trim().parse().unwrap();
    assert!(after.abs_diff(crate::clock::now().as_secs()) <= 61, "{after}");
    // The rule is used up.
    let vectors = send(&vendor, "POST /any/path", &bearer("k"), &ask("preload, preload")).await.json();
    assert_eq!(vectors["data"][0]["embedding"].as_array().unwrap().len(), 4);
    let cut = send(&vendor, "POST /v1/chat/completions", &bearer("k"), &ask("afterload")).await;
    assert_eq!((cut.body().as_str(), cut.complete), ("data: 1\n\n", false));
    assert_eq!(send(&vendor, "POST /elsewhere", &bearer("k"), &ask("")).await.status, 418);
    assert_eq!(send(&vendor, "POST /elsewhere", &bearer("plain"), &ask("")).await.status, 404);
    assert_eq!(vendor.calls().len(), 5);
}
