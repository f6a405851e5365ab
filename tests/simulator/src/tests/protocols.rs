use serde_json::{Value, json};

use super::client::{anthropic, bearer, gemini, ollama, openai, send, x_api_key};
use crate::{Script, Simulator};

const TEXT: &str = "Preload is the stretch – \"before\" the ventricle\ncontracts.";

#[tokio::test]
async fn gemini_streams_and_ends_with_a_finish_reason() {
    let vendor = Simulator::start().await.unwrap();
    vendor.script("good", Script::answers(TEXT).thinking(7));
    let answer = gemini(&vendor, "good", "What is preload, in 32 letters?!").await;
    assert_eq!((answer.status, answer.complete), (200, true));
    assert!(answer.head.contains("content-type: text/event-stream\r\n"));
    assert_eq!(answer.text(), TEXT);
    assert!(!answer.body().contains("[DONE]"));
    let frames = answer.frames();
    assert_eq!(frames.last().unwrap()["candidates"][0]["finishReason"], "STOP");
    let usage = &frames.last().unwrap()["usageMetadata"];
    assert_eq!((&usage["promptTokenCount"], &usage["candidatesTokenCount"]), (&json!(8), &json!(9)));
    assert_eq!((&usage["thoughtsTokenCount"], &usage["totalTokenCount"]), (&json!(7), &json!(24)));
    assert_eq!(frames[0]["candidates"][0]["content"]["parts"][0]["thought"], true);
}

#[tokio::test]
async fn openai_streams_usage_and_done() {
    let vendor = Simulator::start().await.unwrap();
    vendor.script("good", Script::answers(TEXT));
    let answer = openai(&vendor, "good", "What is preload?").await;
    assert_eq!(answer.text(), TEXT);
    assert_eq!(answer.events().last().unwrap(), "[DONE]");
    let frames = answer.frames();
    let [.., finish, usage] = frames.as_slice() else { panic!("too few frames") };
    assert_eq!(frames[0]["choices"][0]["delta"]["role"], "assistant");
    assert_eq!((&finish["choices"][0]["finish_reason"], &finish["usage"]), (&json!("stop"), &Value::Null));
    assert_eq!((&usage["choices"], &usage["usage"]["completion_tokens"]), (&json!([]), &json!(9)));
    assert!(answer.head.contains("x-ratelimit-remaining-requests: "));
}

#[tokio::test]
async fn openai_keeps_usage_back_unless_it_is_asked_for() {
    let vendor = Simulator::start().await.unwrap();
    let body = json!({ "model": "m", "stream": true, "messages": [{ "role": "user", "content": "Hi" }] });
    let answer = send(&vendor, "POST /v1/chat/completions", &bearer("k"), &body).await;
    assert!(!answer.body().contains("usage"));
    vendor.script("shy", Script::healthy().without_usage());
    let shy = openai(&vendor, "shy", "Hi").await;
    assert!(!shy.body().contains("prompt_tokens") && shy.body().ends_with("data: [DONE]\n\n"));
}

#[tokio::test]
async fn anthropic_streams_named_events_and_counts_at_both_ends() {
    let vendor = Simulator::start().await.unwrap();
    vendor.script("good", Script::answers(TEXT).thinking(7));
    let answer = anthropic(&vendor, "good", "What is preload?").await;
    assert_eq!((answer.status, answer.complete, answer.text().as_str()), (200, true, TEXT));
    assert!(answer.head.contains("anthropic-ratelimit-requests-remaining: "));
    let frames = answer.frames();
    let kinds: Vec<&str> = frames.iter().map(|frame| frame["type"].as_str().unwrap()).collect();
    for (event, kind) in answer.body().lines().filter_map(|line| line.strip_prefix("event: ")).zip(&kinds) {
        assert_eq!(event, *kind);
    }
    assert_eq!((kinds[0], kinds[kinds.len() - 1]), ("message_start", "message_stop"));
    assert_eq!(
        (&frames[1]["content_block"]["type"], &frames[2]["delta"]["type"]),
        (&json!("thinking"), &json!("thinking_delta"))
    );
    assert_eq!(frames[0]["message"]["usage"]["input_tokens"], 4);
    let end = &frames[frames.len() - 2];
    assert_eq!(
        (&end["delta"]["stop_reason"], &end["usage"]["output_tokens"]),
        (&json!("end_turn"), &json!(16))
    );
}

#[tokio::test]
async fn anthropic_refuses_what_does_not_fit() {
    let vendor = Simulator::start().await.unwrap();
    let turn =
        |role: &str, text: &str| json!({ "role": role, "content": [{ "type": "text", "text": text }] });
    let fine = json!({ "model": "m", "max_tokens": 9, "messages": [turn("user", "Hi")] });
    let with = |name: &str, value: Value| {
        let mut body = fine.clone();
        body[name] = value;
        body
    };
    assert_eq!(send(&vendor, "POST /v1/messages", &x_api_key("k"), &fine).await.status, 200);
    for (wrong, said) in [
        (with("max_tokens", Value::Null), "max_tokens"),
        (with("stream_options", json!({})), "Extra inputs"),
        (with("temperature", json!(1.5)), "range"),
        (with("messages", json!([])), "at least one"),
        (with("messages", json!([turn("assistant", "Hi")])), "first message"),
        (with("messages", json!([turn("user", "Hi"), turn("system", "Hi")])), "top-level `system`"),
        (with("messages", json!([turn("user", " ")])), "non-empty"),
    ] {
        let refused = send(&vendor, "POST /v1/messages", &x_api_key("k"), &wrong).await;
        assert!(refused.status == 400 && refused.body().contains(said), "{}", refused.body());
    }
    let unversioned = send(&vendor, "POST /v1/messages", "x-api-key: k\r\n", &fine).await;
    assert!(unversioned.status == 400 && unversioned.body().contains("anthropic-version"));
    let models = send(&vendor, "GET /v1/models", &x_api_key("k"), &Value::Null).await.json();
    assert_eq!((&models["has_more"], &models["data"][0]["type"]), (&json!(false), &json!("model")));
    assert_eq!(
        send(&vendor, "GET /v1/models", "anthropic-version: 2023-06-01\r\n", &Value::Null).await.status,
        401
    );
}

#[tokio::test]
async fn ollama_streams_lines_and_needs_no_key() {
    let vendor = Simulator::start().await.unwrap();
    vendor.script("", Script::answers(TEXT).thinking(3));
    let answer = ollama(&vendor, "", "What is preload?").await;
    assert_eq!(answer.text(), TEXT);
    let frames = answer.frames();
    let last = frames.last().unwrap();
    assert_eq!((&last["done"], &last["done_reason"]), (&json!(true), &json!("stop")));
    assert_eq!((&last["prompt_eval_count"], &last["eval_count"]), (&json!(4), &json!(12)));
    assert!(frames[0]["message"]["thinking"].is_string() && frames[0]["created_at"].is_string());
}

#[tokio::test]
async fn one_piece_answers_say_the_same() {
    let vendor = Simulator::start().await.unwrap();
    vendor.default_script(Script::answers(TEXT));
    let body = json!({ "contents": [{ "parts": [{ "text": "Hi" }] }] });
    let whole =
        send(&vendor, "POST /v1beta/models/g:generateContent", "x-goog-api-key: k\r\n", &body).await.json();
    assert_eq!(whole["candidates"][0]["content"]["parts"][0]["text"], TEXT);
    let array = send(&vendor, "POST /v1beta/models/g:streamGenerateContent", "x-goog-api-key: k\r\n", &body)
        .await
        .json();
    assert_eq!(array.as_array().unwrap().len(), 10);
    let body = json!({ "model": "m", "messages": [{ "role": "user", "content": [{ "type": "text", "text": "Hi" }] }] });
    let whole = send(&vendor, "POST /v1/chat/completions", &bearer("k"), &body).await.json();
    assert_eq!(whole["choices"][0]["message"]["content"], TEXT);
    let body = json!({ "model": "m", "messages": [{ "role": "user", "content": "Hi" }], "stream": false });
    let whole = send(&vendor, "POST /api/chat", "", &body).await.json();
    assert_eq!((&whole["message"]["content"], &whole["done"]), (&json!(TEXT), &json!(true)));
    assert!(vendor.calls().iter().all(|call| call.finished && !call.aborted));
}

#[tokio::test]
async fn a_probe_for_one_token_gets_one_token() {
    let vendor = Simulator::start().await.unwrap();
    let body = json!({
        "contents": [{ "role": "user", "parts": [{ "text": "Hi" }] }],
        "generationConfig": { "maxOutputTokens": 1 },
    });
    let probe =
        send(&vendor, "POST /v1beta/models/g:generateContent", "x-goog-api-key: k\r\n", &body).await.json();
    assert_eq!(probe["candidates"][0]["finishReason"], "MAX_TOKENS");
    assert_eq!(probe["usageMetadata"]["candidatesTokenCount"], 1);
    let body = json!({ "model": "m", "messages": [{ "role": "user", "content": "Hi" }], "max_tokens": 1 });
    let probe = send(&vendor, "POST /v1/chat/completions", &bearer("k"), &body).await.json();
    assert_eq!(probe["choices"][0]["finish_reason"], "length");
    let options = json!({ "num_predict": 1 });
    let body = json!({ "model": "m", "messages": [{ "role": "user", "content": "Hi" }], "options": options });
    let probe = send(&vendor, "POST /api/chat", "", &body).await;
    assert_eq!((probe.frames().len(), &probe.frames()[1]["done_reason"]), (2, &json!("length")));
}

#[tokio::test]
async fn keys_are_wanted_in_their_header() {
    let vendor = Simulator::start().await.unwrap();
    let body = json!({ "contents": [{ "parts": [{ "text": "Hi" }] }] });
    let in_url =
        send(&vendor, "POST /v1beta/models/g:generateContent?key=k", "x-goog-api-key: k\r\n", &body).await;
    assert_eq!((in_url.status, in_url.json()["error"]["status"].as_str()), (400, Some("INVALID_ARGUMENT")));
    let none = send(&vendor, "POST /v1beta/models/g:generateContent", "", &body).await;
    assert_eq!((none.status, none.json()["error"]["status"].as_str()), (403, Some("PERMISSION_DENIED")));
    let none = send(&vendor, "GET /v1/models", "", &Value::Null).await;
    assert_eq!(none.status, 401);
    let unknown = send(
        &vendor,
        "POST /v1beta/models/g:generateContent",
        "x-goog-api-key: k\r\n",
        &json!({ "contents": [{ "parts": [{ "text": "Hi" }] }], "messages": [] }),
    )
    .await;
    assert!(unknown.status == 400 && unknown.body().contains("Cannot find field"));
}

#[tokio::test]
async fn models_tokens_and_vectors() {
    let vendor = Simulator::start().await.unwrap();
    let google = "x-goog-api-key: k\r\n";
    let models = send(&vendor, "GET /v1beta/models", google, &Value::Null).await.json();
    assert!(models["models"][0]["name"].as_str().unwrap().starts_with("models/gemini"));
    let model = send(&vendor, "GET /v1beta/models/gemini-x", google, &Value::Null).await.json();
    assert_eq!(model["name"], "models/gemini-x");
    assert_eq!(send(&vendor, "GET /v1/models", &bearer("k"), &Value::Null).await.json()["object"], "list");
    assert!(send(&vendor, "GET /api/tags", "", &Value::Null).await.json()["models"][0]["digest"].is_string());
    let body = json!({ "contents": [{ "parts": [{ "text": "sixteen letters!" }] }] });
    let count = send(&vendor, "POST /v1beta/models/g:countTokens", google, &body).await.json();
    assert_eq!(count["totalTokens"], 4);

    let norm = |vector: &Value| {
        vector.as_array().unwrap().iter().map(|x| x.as_f64().unwrap().powi(2)).sum::<f64>().sqrt()
    };
    let item = json!({ "model": "models/g", "content": { "parts": [{ "text": "heart" }] }, "outputDimensionality": 384 });
    let body = json!({ "requests": [item, item] });
    let vectors = send(&vendor, "POST /v1beta/models/g:batchEmbedContents", google, &body).await.json();
    assert_eq!(vectors["embeddings"][0]["values"].as_array().unwrap().len(), 384);
    assert_eq!(vectors["embeddings"][0], vectors["embeddings"][1]);
    assert!(norm(&vectors["embeddings"][0]["values"]) < 0.5, "truncated vectors are not normalised");
    let body = json!({ "model": "e", "input": ["heart", "lung"], "dimensions": 384 });
    let vectors = send(&vendor, "POST /v1/embeddings", &bearer("k"), &body).await.json();
    assert_ne!(vectors["data"][0]["embedding"], vectors["data"][1]["embedding"]);
    assert!((norm(&vectors["data"][1]["embedding"]) - 1.0).abs() < 1e-3);
    let vectors = send(&vendor, "POST /api/embed", "", &body).await.json();
    assert_eq!(vectors["embeddings"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn framing_can_be_awkward() {
    let vendor = Simulator::start().await.unwrap();
    vendor.default_script(Script::answers(TEXT).with_crlf().with_multiline_data().with_comments());
    for answer in [gemini(&vendor, "k", "Hi").await, openai(&vendor, "k", "Hi").await] {
        assert_eq!(answer.text(), TEXT);
        assert!(answer.body().starts_with(": OPENROUTER PROCESSING\r\n\r\ndata: {\r\ndata: "));
        assert!(!answer.body().replace("\r\n", "").contains('\n'));
    }
    assert_eq!(ollama(&vendor, "k", "Hi").await.text(), TEXT);
}
