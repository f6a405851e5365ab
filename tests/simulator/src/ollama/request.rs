//! Reads and checks requests.

use axum::http::{HeaderMap, Uri};
use serde_json::Value;

use crate::{
    Ask,
    ask::{self, Provider, Refusal},
};

/// The length of a vector unless another is asked for.
const DIMENSIONS: usize = 768;

/// Key, body and model. No key is needed.
pub(super) fn read(uri: &Uri, headers: &HeaderMap, body: Option<&[u8]>) -> Ask {
    let mut ask = Ask::new(Provider::Ollama, uri.path());
    ask.key = ask::bearer(headers).unwrap_or_default();
    if let Some(body) = body {
        ask.counts = true;
        ask.read_body(body);
        ask.model = ask.body.get("model").and_then(Value::as_str).map(str::to_owned);
        if ask.model.is_none() {
            ask.refuse(Refusal::Malformed("model is required".to_owned()));
        }
    }
    ask
}

/// A chat: prompt, limit, stream, which is on unless it is turned off.
pub(super) fn check_chat(ask: &mut Ask) {
    let body = std::mem::take(&mut ask.body);
    let messages = body.get("messages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if messages.iter().any(|message| message.get("content").is_some_and(|content| !content.is_string())) {
        let reason =
            "json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string";
        ask.refuse(Refusal::Malformed(reason.to_owned()));
    }
    let text =
        |message: &Value| message.get("content").and_then(Value::as_str).unwrap_or_default().to_owned();
    let texts: Vec<String> = messages.iter().map(text).collect();
    ask.count_prompt(texts.iter().map(String::as_str));
    let asked = messages.iter().rev().find(|message| message.get("role").is_some_and(|role| role == "user"));
    ask.question = asked.map(text).unwrap_or_default();
    ask.streamed = body.get("stream").and_then(Value::as_bool).unwrap_or(true);
    ask.body = body;
    ask.read_limit("/options/num_predict");
}

/// The texts to embed and the length of their vectors.
pub(super) fn check_embed(ask: &mut Ask) -> (Vec<String>, usize) {
    let texts: Vec<String> = match ask.body.get("input") {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    ask.count_prompt(texts.iter().map(String::as_str));
    let dimensions = ask.body.get("dimensions").and_then(Value::as_u64);
    let dimensions = dimensions.and_then(|dimensions| usize::try_from(dimensions).ok());
    (texts, dimensions.unwrap_or(DIMENSIONS))
}
