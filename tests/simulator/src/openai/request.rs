//! Reads and checks requests.

use axum::http::{HeaderMap, Uri};
use serde_json::Value;

use crate::{
    Ask,
    ask::{self, Provider, Refusal},
};

const ROLES: [&str; 5] = ["system", "developer", "user", "assistant", "tool"];

/// The length of a vector unless another is asked for.
const DIMENSIONS: usize = 1536;

/// Key, body and model.
pub(super) fn read(uri: &Uri, headers: &HeaderMap, body: Option<&[u8]>) -> Ask {
    let mut ask = Ask::new(Provider::OpenAi, uri.path());
    match ask::bearer(headers) {
        Some(key) => ask.key = key,
        None => ask.refuse(Refusal::NoKey),
    }
    if let Some(body) = body {
        ask.counts = true;
        ask.read_body(body);
        ask.model = ask.body.get("model").and_then(Value::as_str).map(str::to_owned);
        if ask.model.is_none() {
            ask.refuse(Refusal::Malformed("you must provide a model parameter".to_owned()));
        }
    }
    ask
}

/// A chat: messages, prompt, limit, stream.
pub(super) fn check_chat(ask: &mut Ask) {
    let body = std::mem::take(&mut ask.body);
    let messages = body.get("messages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if messages.is_empty() {
        ask.refuse(Refusal::Malformed("Missing required parameter: 'messages'.".to_owned()));
    }
    let role = |message: &Value| message.get("role").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(message) = messages.iter().find(|message| !ROLES.contains(&role(message).as_str())) {
        let wrong = role(message);
        let reason =
            format!("Invalid value: '{wrong}'. Supported values are: 'system', 'assistant', 'user'.");
        ask.refuse(Refusal::Malformed(reason));
    }
    ask.count_prompt(messages.iter().flat_map(texts));
    let asked = messages.iter().rev().find(|message| role(message) == "user");
    let question = asked.and_then(|message| texts(message).into_iter().next_back());
    question.unwrap_or_default().clone_into(&mut ask.question);
    let flag = |pointer| body.pointer(pointer).and_then(Value::as_bool).unwrap_or_default();
    ask.streamed = flag("/stream");
    ask.include_usage = flag("/stream_options/include_usage");
    ask.body = body;
    ask.read_limit("/max_completion_tokens");
    ask.read_limit("/max_tokens");
}

/// The texts to embed and the length of their vectors.
pub(super) fn check_embeddings(ask: &mut Ask) -> (Vec<String>, usize) {
    let texts: Vec<String> = match ask.body.get("input") {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    if texts.is_empty() {
        ask.refuse(Refusal::Malformed("'$.input' is invalid.".to_owned()));
    }
    ask.count_prompt(texts.iter().map(String::as_str));
    let dimensions = ask.body.get("dimensions").and_then(Value::as_u64);
    let dimensions = dimensions.and_then(|dimensions| usize::try_from(dimensions).ok());
    (texts, dimensions.unwrap_or(DIMENSIONS))
}

/// The texts of a message: content is a string or a list of parts.
fn texts(message: &Value) -> Vec<&str> {
    match message.get("content") {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(parts)) => parts.iter().filter_map(|part| part.get("text")?.as_str()).collect(),
        _ => Vec::new(),
    }
}
