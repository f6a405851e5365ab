//! Ollama: `/api/…`.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::State as In,
    http::{HeaderMap, Uri},
    response::Response,
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{
    Ask, Script,
    answer::{Answer, Closing},
    clock, embedding, serve,
    state::State,
    wire::{Framing, Wire, quoted},
};

pub(crate) mod errors;
mod request;

const MODELS: [&str; 2] = ["llama3.2:latest", "nomic-embed-text:latest"];

/// What one token takes, as the timings report it.
const TOKEN_NS: usize = 20_000_000;

pub(crate) fn router() -> Router<Arc<State>> {
    Router::new()
        .route("/", get(|| async { "Ollama is running" }))
        .route("/api/version", get(|| async { Json(json!({ "version": "0.12.0" })) }))
        .route("/api/tags", get(tags))
        .route("/api/chat", post(chat))
        .route("/api/embed", post(embed))
}

async fn tags(In(state): In<Arc<State>>, uri: Uri, headers: HeaderMap) -> Response {
    let ask = request::read(&uri, &headers, None);
    serve::other(state, ask, |_| json!({ "models": MODELS.map(describe) })).await
}

fn describe(model: &str) -> Value {
    json!({
        "name": model,
        "model": model,
        "modified_at": clock::rfc3339(),
        "size": 2_019_393_189_u64,
        "digest": "a80c4f17acd55265feec403c7aef86be0c25983ab279d83f3bcd3abbcb5b8b72",
        "details": {
            "parent_model": "",
            "format": "gguf",
            "family": "llama",
            "families": ["llama"],
            "parameter_size": "3.2B",
            "quantization_level": "Q4_K_M",
        },
    })
}

async fn chat(In(state): In<Arc<State>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let mut ask = request::read(&uri, &headers, Some(&body));
    request::check_chat(&mut ask);
    serve::chat(state, ask).await
}

async fn embed(In(state): In<Arc<State>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let mut ask = request::read(&uri, &headers, Some(&body));
    let (texts, dimensions) = request::check_embed(&mut ask);
    serve::other(state, ask, |ask| {
        let vectors: Vec<_> = texts.iter().map(|text| embedding::embed(text, dimensions, 1.0)).collect();
        json!({
            "model": ask.model(),
            "embeddings": vectors,
            "total_duration": 14_143_917,
            "load_duration": 1_019_500,
            "prompt_eval_count": ask.prompt_tokens,
        })
    })
    .await
}

/// The stream: a line a chunk; the line with `done: true` is its end.
pub(crate) fn stream(ask: &Ask, script: &Script, answer: &Answer) -> Wire {
    let mut wire = Wire::new(Framing::NdJson, script, answer.len());
    let head = head(ask);
    if answer.thoughts > 0 {
        wire.frame(&format!(
            r#"{head}"message":{{"role":"assistant","content":"","thinking":"Considering the question."}},"done":false}}"#
        ));
    }
    for chunk in answer.chunks() {
        let chunk = quoted(chunk);
        wire.token(&format!(r#"{head}"message":{{"role":"assistant","content":{chunk}}},"done":false}}"#));
    }
    wire.first_pause();
    match answer.closing {
        Closing::Missing => {}
        Closing::Error | Closing::NumericError => wire.frame(&errors::in_stream().to_string()),
        _ => wire.frame(&last(&head, "", ask, script, answer)),
    }
    wire
}

/// The same in one piece.
pub(crate) fn whole(ask: &Ask, script: &Script, answer: &Answer) -> String {
    let head = head(ask);
    match answer.closing {
        Closing::Missing => {
            let text = quoted(answer.text());
            format!(r#"{head}"message":{{"role":"assistant","content":{text}}},"done":false}}"#)
        }
        Closing::Error | Closing::NumericError => errors::in_stream().to_string(),
        _ => last(&head, answer.text(), ask, script, answer),
    }
}

fn head(ask: &Ask) -> String {
    format!(r#"{{"model":{},"created_at":"{}","#, quoted(ask.model()), clock::rfc3339())
}

/// The line that ends an answer.
fn last(head: &str, text: &str, ask: &Ask, script: &Script, answer: &Answer) -> String {
    let reason = if answer.closing == Closing::Length { "length" } else { "stop" };
    let prompt = ask.prompt_tokens;
    let said = answer.len() + answer.thoughts;
    let counts = if script.usage {
        format!(r#","prompt_eval_count":{prompt},"eval_count":{said}"#)
    } else {
        String::new()
    };
    let (reading, speaking) = (prompt.saturating_mul(TOKEN_NS / 20), said.saturating_mul(TOKEN_NS));
    let total = reading.saturating_add(speaking);
    format!(
        r#"{head}"message":{{"role":"assistant","content":{}}},"done":true,"done_reason":"{reason}","total_duration":{total},"load_duration":1334875{counts},"prompt_eval_duration":{reading},"eval_duration":{speaking}}}"#,
        quoted(text)
    )
}
