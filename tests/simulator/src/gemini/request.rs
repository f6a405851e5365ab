//! Reads and checks requests. Gemini refuses fields that it does not know.

use axum::http::{HeaderMap, Uri};
use serde_json::Value;

use crate::{Ask, ask::Refusal};

const FIELDS: [&str; 10] = [
    "contents",
    "systemInstruction",
    "generationConfig",
    "safetySettings",
    "tools",
    "toolConfig",
    "cachedContent",
    "model",
    "system_instruction",
    "generation_config",
];

/// Key, body and framing.
pub(super) fn read(uri: &Uri, headers: &HeaderMap, body: Option<&[u8]>) -> Ask {
    let mut ask = super::blank(uri);
    match super::key(uri, headers) {
        Ok(key) => ask.key = key,
        Err(refusal) => ask.refuse(refusal),
    }
    ask.sse = uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "alt=sse"));
    if let Some(body) = body {
        ask.read_body(body);
    }
    ask
}

/// A chat: fields, turns, prompt, limit.
pub(super) fn check_chat(ask: &mut Ask) {
    let unknown =
        ask.body.as_object().and_then(|body| body.keys().find(|name| !FIELDS.contains(&name.as_str()))).map(
            |name| format!("Invalid JSON payload received. Unknown name \"{name}\": Cannot find field."),
        );
    if let Some(message) = unknown {
        ask.refuse(Refusal::Malformed(message));
    }
    check_count(ask);
    ask.read_limit("/generationConfig/maxOutputTokens");
    ask.read_limit("/generation_config/max_output_tokens");
}

/// Turns and prompt.
pub(super) fn check_count(ask: &mut Ask) {
    let turns = turns(&ask.body);
    let is_turn = |turn: &&Value| {
        let role = turn.get("role").and_then(Value::as_str);
        role.is_none_or(|role| role == "user" || role == "model")
            && turn.get("parts").is_some_and(|p| !is_empty(p))
    };
    let sound = turns.iter().all(|turn| is_turn(&turn));
    let message = if turns.is_empty() {
        Some("* GenerateContentRequest.contents: contents is not specified\n")
    } else if sound {
        None
    } else {
        Some("Please use a valid role: user, model; parts must not be empty.")
    };
    let system = ask.body.get("systemInstruction").or_else(|| ask.body.get("system_instruction"));
    let prompt: Vec<&str> = turns.iter().chain(system).flat_map(texts).collect();
    let tokens = super::tokens(&prompt);
    let asked = turns.iter().rev().find(|turn| turn.get("role").and_then(Value::as_str) != Some("model"));
    let question = asked.and_then(|turn| texts(turn).last()).unwrap_or_default().to_owned();
    ask.prompt_tokens = tokens;
    ask.question = question;
    if let Some(message) = message {
        ask.refuse(Refusal::Malformed(message.to_owned()));
    }
}

/// The text to embed and the length of its vector.
pub(super) fn check_embedding(ask: &mut Ask) -> (String, u16) {
    let body = std::mem::take(&mut ask.body);
    let embedding = embedding(ask, &body);
    ask.prompt_tokens = super::tokens(&[&embedding.0]);
    ask.body = body;
    embedding
}

/// The same for many.
pub(super) fn check_batch(ask: &mut Ask) -> Vec<(String, u16)> {
    let body = std::mem::take(&mut ask.body);
    let requests = body.get("requests").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let all: Vec<_> = requests.iter().map(|request| embedding(ask, request)).collect();
    if all.is_empty() {
        ask.refuse(Refusal::Malformed("* BatchEmbedContentsRequest.requests: at least one".to_owned()));
    }
    if requests.iter().any(|request| request.get("model").and_then(Value::as_str).is_none()) {
        let message = "* BatchEmbedContentsRequest.requests[0].model: unexpected model name format";
        ask.refuse(Refusal::Malformed(message.to_owned()));
    }
    ask.prompt_tokens = super::tokens(&all.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>());
    ask.body = body;
    all
}

fn embedding(ask: &mut Ask, request: &Value) -> (String, u16) {
    let content = request.get("content").unwrap_or(&Value::Null);
    if content.get("parts").is_none_or(is_empty) {
        ask.refuse(Refusal::Malformed(
            "* EmbedContentRequest.content: contents is not specified\n".to_owned(),
        ));
    }
    let dimensions = request.get("outputDimensionality").and_then(Value::as_u64);
    let dimensions = dimensions.and_then(|dimensions| u16::try_from(dimensions).ok());
    (texts(content).collect::<Vec<_>>().join(" "), dimensions.unwrap_or(super::DIMENSIONS))
}

fn turns(body: &Value) -> &[Value] {
    body.get("contents").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn texts(content: &Value) -> impl Iterator<Item = &str> {
    let parts = content.get("parts").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    parts.iter().filter_map(|part| part.get("text")?.as_str())
}

fn is_empty(list: &Value) -> bool {
    list.as_array().is_none_or(Vec::is_empty)
}
