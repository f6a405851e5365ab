use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::client::{Answer, anthropic, bearer, gemini, ollama, open, openai, read_chunk};
use crate::{Behaviour, Script, Simulator};

async fn all(vendor: &Simulator, key: &str) -> [Answer; 4] {
    [
        gemini(vendor, key, "Hi").await,
        openai(vendor, key, "Hi").await,
        anthropic(vendor, key, "Hi").await,
        ollama(vendor, key, "Hi").await,
    ]
}

#[tokio::test]
async fn every_error_has_its_status() {
    let vendor = Simulator::start().await.unwrap();
    let statuses = [
        ("invalid", [400, 401, 401, 401]),
        ("daily-quota", [429; 4]),
        ("rate-limited-8s", [429; 4]),
        ("rate-limited-bare", [429; 4]),
        ("insufficient-quota", [429, 429, 400, 429]),
        ("prepaid-gone", [402, 402, 400, 402]),
        ("overloaded", [503, 503, 529, 503]),
        ("slow-down", [503, 503, 529, 503]),
        ("internal-error", [500; 4]),
        ("bad-gateway", [502; 4]),
        ("gateway-timeout", [504; 4]),
        ("unavailable-529", [529; 4]),
        ("bad-request", [400; 4]),
        ("context-too-long", [400; 4]),
        ("payload-too-large", [413; 4]),
        ("unknown-model", [404; 4]),
        ("forbidden", [403; 4]),
        ("region-blocked", [400, 403, 403, 403]),
        ("blocked-prompt", [200, 400, 200, 200]),
        ("numeric-code", [429; 4]),
    ];
    for (key, expected) in statuses {
        let key = format!("sk-{key}-1234");
        assert_eq!(all(&vendor, &key).await.map(|answer| answer.status), expected, "{key}");
    }
    assert!(vendor.calls().iter().all(|call| call.finished == (call.outcome == Some(200)) && !call.aborted));
}

#[tokio::test]
async fn errors_say_what_the_vendors_say() {
    let vendor = Simulator::start().await.unwrap();
    let error = gemini(&vendor, "invalid", "Hi").await.json();
    assert_eq!(error["error"]["details"][0]["reason"], "API_KEY_INVALID");
    let daily = gemini(&vendor, "daily-quota", "Hi").await.json();
    let violation = &daily["error"]["details"][1]["violations"][0];
    assert_eq!(violation["quotaId"], "GenerateRequestsPerDayPerProjectPerModel-FreeTier");
    assert_eq!(daily["error"]["details"][2]["retryDelay"], "38s");
    let limited = openai(&vendor, "rate-limited-372s", "Hi").await;
    assert!(limited.head.contains("retry-after: 372\r\n") && limited.head.contains("requests: 6m12s\r\n"));
    assert_eq!(limited.json()["error"]["code"], "rate_limit_exceeded");
    let bare = openai(&vendor, "rate-limited-bare", "Hi").await;
    assert!(!bare.head.contains("retry-after"));
    let invalid = openai(&vendor, "sk-invalid-secret-1234", "Hi").await.body();
    assert!(invalid.contains("**1234") && !invalid.contains("secret"));
    assert_eq!(openai(&vendor, "numeric-code", "Hi").await.json()["error"]["code"], 429);
    assert!(ollama(&vendor, "overloaded", "Hi").await.json()["error"].is_string());
}

#[tokio::test]
async fn safety_rules_stop_prompts_and_answers() {
    let vendor = Simulator::start().await.unwrap();
    let prompt = gemini(&vendor, "blocked-prompt", "Hi").await.frames();
    assert_eq!(prompt[0]["promptFeedback"]["blockReason"], "PROHIBITED_CONTENT");
    assert!(prompt[0].get("candidates").is_none());
    let [google, open, claude, local] = all(&vendor, "blocked-midway").await;
    assert!(claude.text().ends_with("word19 ") && claude.body().contains(r#""stop_reason":"refusal""#));
    assert_eq!(google.frames().last().unwrap()["candidates"][0]["finishReason"], "SAFETY");
    assert!(open.body().contains(r#""finish_reason":"content_filter""#));
    assert!(google.text().ends_with("word19 ") && local.text().ends_with("word39"));
}

#[tokio::test]
async fn streams_break_where_they_should() {
    let vendor = Simulator::start().await.unwrap();
    for answer in all(&vendor, "cut-after-3").await {
        assert_eq!((answer.text().as_str(), answer.complete), ("word0 word1 word2 ", false));
    }
    for answer in all(&vendor, "cut-before-first-token").await {
        assert_eq!((answer.status, answer.text().as_str(), answer.complete), (200, "", false));
    }
    for answer in all(&vendor, "no-end-mark-2").await {
        assert_eq!((answer.text().as_str(), answer.complete), ("word0 word1 ", true));
        assert!(!["STOP", "[DONE]", "message_stop"].iter().any(|mark| answer.body().contains(mark)));
    }
    for answer in all(&vendor, "error-in-stream-1").await {
        assert!(
            answer.frames().last().unwrap()["error"].is_object() || answer.body().contains(r#"{"error":"#)
        );
    }
    let numeric = openai(&vendor, "numeric-code-in-stream-1", "Hi").await;
    assert_eq!(numeric.frames().last().unwrap()["error"]["code"], 502);
    assert!(vendor.calls().iter().all(|call| !call.finished && !call.aborted && call.outcome == Some(200)));
}

#[tokio::test]
async fn bodies_can_be_nonsense() {
    let vendor = Simulator::start().await.unwrap();
    for answer in all(&vendor, "garbage").await {
        assert!(answer.status == 200 && answer.frames().is_empty() && !answer.body().is_empty());
    }
    for answer in all(&vendor, "empty-body").await {
        assert_eq!((answer.body().as_str(), answer.complete), ("", true));
    }
    assert!(vendor.calls().iter().all(|call| !call.finished && call.chunks_sent == 0));
}

#[tokio::test]
async fn characters_are_torn_and_still_read_right() {
    let vendor = Simulator::start().await.unwrap();
    vendor.script("torn", Script::answers("Überdruck – naïve 🫀 Herz").behaving(Behaviour::HalfUtf8));
    for answer in all(&vendor, "torn").await {
        assert_eq!(answer.text(), "Überdruck – naïve 🫀 Herz");
        let (_, torn) = answer.chunks.split_last().unwrap();
        assert_eq!(torn.len(), 4);
        assert!(torn.iter().all(|chunk| std::str::from_utf8(chunk).is_err()));
    }
    assert!(vendor.calls().iter().all(|call| call.finished && call.chunks_sent == 5));
}

#[tokio::test]
async fn a_drip_comes_byte_by_byte() {
    let vendor = Simulator::start().await.unwrap();
    vendor.script("slow", Script::answers("Hi").behaving(Behaviour::SlowDrip { ms_per_byte: 1 }));
    let answer = ollama(&vendor, "slow", "Hi").await;
    assert_eq!(answer.text(), "Hi");
    assert!(answer.chunks.len() > 100 && answer.chunks.iter().all(|chunk| chunk.len() == 1));
}

#[tokio::test]
async fn silence_lasts_until_somebody_leaves() {
    let vendor = Simulator::start().await.unwrap();
    let body = r#"{"model":"m","stream":true,"messages":[{"role":"user","content":"Hi"}]}"#;
    for (key, chunks) in [("silence", 0), ("silence-after-headers", 0), ("silence-after-2", 2)] {
        let mut stream = open(&vendor, "POST /v1/chat/completions", &bearer(key), body).await;
        let answer = timeout(Duration::from_millis(100), super::client::read(&mut stream)).await;
        assert!(answer.is_err(), "{key} goes on");
        drop(stream);
        until(|| vendor.calls().last().is_some_and(|call| call.aborted)).await;
        let call = vendor.calls().pop().unwrap();
        assert_eq!((call.finished, call.chunks_sent), (false, chunks), "{key}");
        assert_eq!(call.outcome, (key != "silence").then_some(200));
    }
    assert_eq!((vendor.totals().aborted, vendor.totals().open), (3, 0));
}

#[tokio::test]
async fn a_client_that_hangs_up_is_noticed() {
    let vendor = Simulator::start().await.unwrap();
    vendor.script("k", Script::healthy().token_every(Duration::from_millis(20)));
    let body = r#"{"model":"m","messages":[{"role":"user","content":"Hi"}]}"#;
    let mut stream = open(&vendor, "POST /api/chat", &bearer("k"), body).await;
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        tokio::io::AsyncBufReadExt::read_line(&mut stream, &mut line).await.unwrap();
    }
    assert!(!read_chunk(&mut stream).await.unwrap().is_empty());
    drop(stream);
    until(|| vendor.calls()[0].aborted).await;
    let call = vendor.calls().pop().unwrap();
    assert!(!call.finished && (1..10).contains(&call.chunks_sent), "{call:?}");
}

async fn until(holds: impl Fn() -> bool) {
    timeout(Duration::from_secs(3), async {
        while !holds() {
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
}
