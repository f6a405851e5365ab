//! OpenAI and all that speak like it: `/v1/…`.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State as In},
    http::{HeaderMap, Uri},
    response::Response,
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{
    Ask, Script,
    answer::{Answer, Closing},
    anthropic, clock, embedding, serve,
    state::State,
    wire::{Framing, Wire, quoted},
};

pub(crate) mod errors;
mod request;

const MODELS: [&str; 2] = ["gpt-4o-mini", "text-embedding-3-small"];

pub(crate) fn router() -> Router<Arc<State>> {
    Router::new()
        .route("/v1/models", get(models))
        .route("/v1/models/{*model}", get(model))
        .route("/v1/chat/completions", post(chat))
        .route("/v1/embeddings", post(embeddings))
}

async fn models(In(state): In<Arc<State>>, uri: Uri, headers: HeaderMap) -> Response {
    if anthropic::is_meant(&headers) {
        return anthropic::models(state, uri, headers).await;
    }
    let ask = request::read(&uri, &headers, None);
    serve::other(state, ask, |_| json!({ "object": "list", "data": MODELS.map(describe) })).await
}

async fn model(
    In(state): In<Arc<State>>,
    Path(model): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let mut ask = request::read(&uri, &headers, None);
    ask.model = Some(model);
    serve::other(state, ask, |ask| describe(ask.model())).await
}

fn describe(model: &str) -> Value {
    json!({ "id": model, "object": "model", "created": 1_721_172_741, "owned_by": "simulator" })
}

async fn chat(In(state): In<Arc<State>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let mut ask = request::read(&uri, &headers, Some(&body));
    request::check_chat(&mut ask);
    serve::chat(state, ask).await
}

async fn embeddings(In(state): In<Arc<State>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let mut ask = request::read(&uri, &headers, Some(&body));
    let (texts, dimensions) = request::check_embeddings(&mut ask);
    let vector = |(index, text): (usize, &String)| json!({ "object": "embedding", "index": index, "embedding": embedding::embed(text, dimensions, 1.0) });
    serve::other(state, ask, |ask| {
        json!({
            "object": "list",
            "data": texts.iter().enumerate().map(vector).collect::<Vec<_>>(),
            "model": ask.model(),
            "usage": { "prompt_tokens": ask.prompt_tokens, "total_tokens": ask.prompt_tokens },
        })
    })
    .await
}

/// The stream: chunks, the finish reason, usage where it was asked for, `[DONE]`.
pub(crate) fn stream(ask: &Ask, script: &Script, answer: &Answer) -> Wire {
    let mut wire = Wire::new(Framing::Sse, script, answer.len());
    let head = format!(
        r#"{{"id":"{}","object":"chat.completion.chunk","created":{},"model":{},"system_fingerprint":"fp_simulator","#,
        id(),
        clock::now().as_secs(),
        quoted(ask.model())
    );
    let tail = if ask.include_usage { r#","usage":null}"# } else { "}" };
    let chunk = |delta: &str, finish: &str| {
        format!(
            r#"{head}"choices":[{{"index":0,"delta":{delta},"logprobs":null,"finish_reason":{finish}}}]{tail}"#
        )
    };
    wire.frame(&chunk(r#"{"role":"assistant","content":"","refusal":null}"#, "null"));
    if answer.thoughts > 0 {
        wire.frame(&chunk(r#"{"reasoning_content":"Considering the question."}"#, "null"));
    }
    for text in answer.chunks() {
        wire.token(&chunk(&format!(r#"{{"content":{}}}"#, quoted(text)), "null"));
    }
    wire.first_pause();
    match answer.closing {
        Closing::Stop | Closing::Length | Closing::Blocked | Closing::PromptBlocked => {
            wire.frame(&chunk("{}", finish_reason(answer.closing)));
            if ask.include_usage && script.usage {
                wire.frame(&format!(r#"{head}"choices":[],"usage":{}}}"#, usage(ask, answer)));
            }
            wire.frame("[DONE]");
        }
        Closing::Missing => {}
        Closing::Error => wire.frame(&errors::in_stream().to_string()),
        Closing::NumericError => wire.frame(&format!(
            r#"{head}"error":{{"code":502,"message":"Provider returned error"}},"choices":[{{"index":0,"delta":{{"content":""}},"finish_reason":"error"}}]}}"#
        )),
    }
    wire
}

/// The same in one piece.
pub(crate) fn whole(ask: &Ask, script: &Script, answer: &Answer) -> String {
    match answer.closing {
        Closing::Error => return errors::in_stream().to_string(),
        Closing::NumericError => return errors::numeric(502, "Provider returned error").to_string(),
        _ => {}
    }
    let usage = if script.usage { format!(r#","usage":{}"#, usage(ask, answer)) } else { String::new() };
    format!(
        r#"{{"id":"{}","object":"chat.completion","created":{},"model":{},"choices":[{{"index":0,"message":{{"role":"assistant","content":{},"refusal":null}},"logprobs":null,"finish_reason":{}}}]{usage},"system_fingerprint":"fp_simulator"}}"#,
        id(),
        clock::now().as_secs(),
        quoted(ask.model()),
        quoted(answer.text()),
        finish_reason(answer.closing)
    )
}

/// The headers of every good answer.
pub(crate) fn headers(script: &Script, left: Option<u64>) -> Vec<(&'static str, String)> {
    let limit = script.rate_per_minute.unwrap_or(10_000);
    let reset = match left {
        Some(_) => format!("{}s", clock::until_next(60, clock::now().as_secs())),
        None => "6m0s".to_owned(),
    };
    let left = left.unwrap_or(limit.saturating_sub(1));
    vec![
        ("x-request-id", format!("req_{:x}", clock::now().as_micros())),
        ("x-ratelimit-limit-requests", limit.to_string()),
        ("x-ratelimit-remaining-requests", left.to_string()),
        ("x-ratelimit-reset-requests", reset),
        ("x-ratelimit-limit-tokens", "200000".to_owned()),
        ("x-ratelimit-remaining-tokens", "199960".to_owned()),
        ("x-ratelimit-reset-tokens", "12ms".to_owned()),
    ]
}

fn finish_reason(closing: Closing) -> &'static str {
    match closing {
        Closing::Stop => r#""stop""#,
        Closing::Length => r#""length""#,
        Closing::Blocked | Closing::PromptBlocked => r#""content_filter""#,
        Closing::Missing | Closing::Error | Closing::NumericError => "null",
    }
}

/// Completion tokens include those of reasoning.
fn usage(ask: &Ask, answer: &Answer) -> String {
    let prompt = ask.prompt_tokens;
    let thoughts = answer.thoughts;
    let completion = answer.len() + thoughts;
    let total = prompt + completion;
    format!(
        r#"{{"prompt_tokens":{prompt},"completion_tokens":{completion},"total_tokens":{total},"prompt_tokens_details":{{"cached_tokens":0}},"completion_tokens_details":{{"reasoning_tokens":{thoughts}}}}}"#
    )
}

fn id() -> String {
    format!("chatcmpl-sim{:x}", clock::now().as_micros())
}
