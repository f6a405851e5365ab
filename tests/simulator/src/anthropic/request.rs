//! Reads and checks requests. Anthropic refuses fields that it does not know, and turns that do not fit.

use axum::http::{HeaderMap, Uri};
use serde_json::Value;

use super::{text_of, texts};
use crate::{
    Ask,
    ask::{Provider, Refusal},
};

/// The header without which no call is read.
pub(crate) const VERSION: &str = "anthropic-version";

const FIELDS: [&str; 12] = [
    "model",
    "max_tokens",
    "system",
    "messages",
    "temperature",
    "stream",
    "stop_sequences",
    "top_p",
    "top_k",
    "tools",
    "tool_choice",
    "thinking",
];

/// The key of a request.
pub(crate) fn key(headers: &HeaderMap) -> Option<String> {
    let key = headers.get("x-api-key")?.to_str().ok()?;
    Some(key.to_owned()).filter(|key| !key.is_empty())
}

/// Key, version, body and model.
pub(super) fn read(uri: &Uri, headers: &HeaderMap, body: Option<&[u8]>) -> Ask {
    let mut ask = Ask::new(Provider::Anthropic, uri.path());
    match key(headers) {
        Some(key) => ask.key = key,
        None => ask.refuse(Refusal::NoKey),
    }
    if !headers.contains_key(VERSION) {
        ask.refuse(Refusal::Malformed(format!("{VERSION}: header is required")));
    }
    if let Some(body) = body {
        ask.counts = true;
        ask.read_body(body);
        ask.model = ask.body.get("model").and_then(Value::as_str).map(str::to_owned);
        if ask.model.is_none() {
            ask.refuse(Refusal::Malformed("model: Field required".to_owned()));
        }
    }
    ask
}

/// A chat: fields, turns, prompt, limit, stream.
pub(super) fn check_chat(ask: &mut Ask) {
    let body = std::mem::take(&mut ask.body);
    if let Some(problem) = problem(&body) {
        ask.refuse(Refusal::Malformed(problem));
    }
    ask.count_prompt(texts(&body));
    let turns = body.get("messages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let asked = turns.iter().rev().find(|turn| role(turn) == "user").and_then(|turn| turn.get("content"));
    let question = asked.and_then(|content| text_of(content).into_iter().next_back());
    question.unwrap_or_default().clone_into(&mut ask.question);
    ask.streamed = body.get("stream").and_then(Value::as_bool).unwrap_or_default();
    body.pointer("/tools/0/name").and_then(Value::as_str).unwrap_or_default().clone_into(&mut ask.tool);
    ask.body = body;
    ask.read_limit("/max_tokens");
}

fn role(turn: &Value) -> &str {
    turn.get("role").and_then(Value::as_str).unwrap_or_default()
}

/// What is wrong with a body, in the vendor's words.
fn problem(body: &Value) -> Option<String> {
    let unknown = |body: &serde_json::Map<String, Value>| {
        body.keys().find(|name| !FIELDS.contains(&name.as_str())).cloned()
    };
    if let Some(name) = body.as_object().and_then(unknown) {
        return Some(format!("{name}: Extra inputs are not permitted"));
    }
    if body.get("max_tokens").and_then(Value::as_u64).is_none_or(|most| most == 0) {
        return Some("max_tokens: Field required".to_owned());
    }
    if body.get("temperature").and_then(Value::as_f64).is_some_and(|free| !(0.0..=1.0).contains(&free)) {
        return Some("temperature: range: 0..1".to_owned());
    }
    let turns = body.get("messages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let roles: Vec<&str> = turns.iter().map(role).collect();
    match roles.as_slice() {
        [] => return Some("messages: at least one message is required".to_owned()),
        [first, ..] if *first != "user" => {
            return Some("messages: first message must use the \"user\" role".to_owned());
        }
        _ => {}
    }
    if let Some(wrong) = roles.iter().find(|role| !["user", "assistant"].contains(*role)) {
        return Some(format!(
            "messages: Unexpected role \"{wrong}\". The Messages API accepts a top-level `system` parameter, not \"system\" as an input message role."
        ));
    }
    let empty = |turn: &Value| {
        let blocks = turn.get("content").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let blank = |block: &Value| {
            block.get("text").and_then(Value::as_str).is_some_and(|text| text.trim().is_empty())
        };
        blocks.iter().any(blank)
    };
    turns.iter().any(empty).then(|| "messages: text content blocks must be non-empty".to_owned())
}
