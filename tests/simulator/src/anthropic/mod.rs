//! Anthropic's Messages API: `/v1/messages`.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::State as In,
    http::{HeaderMap, Uri},
    response::Response,
    routing::post,
};
use serde_json::{Value, json};

use crate::{
    Ask, Script,
    answer::{Answer, Closing},
    clock, serve,
    state::State,
    wire::{Framing, Wire, quoted},
};

pub(crate) mod cases;
pub(crate) mod errors;
mod request;

pub(crate) use request::{VERSION, key};

const MODELS: [&str; 2] = ["claude-haiku-4-5", "claude-sonnet-4-5"];

/// What a signature of thoughts looks like; nobody reads one.
const SIGNATURE: &str = "EqQBCgIYAhIMSimulatorSignatureOfThoughts";

pub(crate) fn router() -> Router<Arc<State>> {
    Router::new().route("/v1/messages", post(chat))
}

async fn chat(In(state): In<Arc<State>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let mut ask = request::read(&uri, &headers, Some(&body));
    request::check_chat(&mut ask);
    serve::chat(state, ask).await
}

/// Whether a request is of this vendor: its list of models has the path of OpenAI's.
pub(crate) fn is_meant(headers: &HeaderMap) -> bool {
    headers.contains_key(VERSION)
}

/// The list of models.
pub(crate) async fn models(state: Arc<State>, uri: Uri, headers: HeaderMap) -> Response {
    let ask = request::read(&uri, &headers, None);
    let describe = |model: &str| json!({ "type": "model", "id": model, "display_name": model, "created_at": "2025-10-01T00:00:00Z" });
    serve::other(state, ask, |_| {
        json!({ "data": MODELS.map(describe), "has_more": false, "first_id": MODELS[0], "last_id": MODELS[1] })
    })
    .await
}

/// The stream: the message begins, its blocks come one after another, its end says why and what it took.
pub(crate) fn stream(ask: &Ask, script: &Script, answer: &Answer) -> Wire {
    let mut wire = Wire::new(Framing::Named, script, answer.len());
    wire.frame(&format!(r#"{{"type":"message_start","message":{}}}"#, message(ask, script, "[]", "null", 1)));
    let block = usize::from(answer.thoughts > 0);
    if answer.thoughts > 0 {
        think(&mut wire);
    }
    if answer.closing != Closing::PromptBlocked {
        let begins = if answer.structured {
            format!(r#"{{"type":"tool_use","id":"toolu_1","name":{},"input":{{}}}}"#, quoted(&ask.tool))
        } else {
            r#"{"type":"text","text":""}"#.to_owned()
        };
        wire.frame(&format!(r#"{{"type":"content_block_start","index":{block},"content_block":{begins}}}"#));
    }
    wire.frame(r#"{"type":"ping"}"#);
    for text in answer.chunks() {
        let (kind, field) =
            if answer.structured { ("input_json_delta", "partial_json") } else { ("text_delta", "text") };
        wire.token(&format!(
            r#"{{"type":"content_block_delta","index":{block},"delta":{{"type":"{kind}","{field}":{}}}}}"#,
            quoted(text)
        ));
    }
    wire.first_pause();
    match answer.closing {
        Closing::Stop | Closing::Length | Closing::Blocked | Closing::PromptBlocked => {
            if answer.closing != Closing::PromptBlocked {
                wire.frame(&format!(r#"{{"type":"content_block_stop","index":{block}}}"#));
            }
            let usage = if script.usage {
                format!(r#","usage":{{"output_tokens":{}}}"#, answer.len() + answer.thoughts)
            } else {
                String::new()
            };
            wire.frame(&format!(
                r#"{{"type":"message_delta","delta":{{"stop_reason":{},"stop_sequence":null}}{usage}}}"#,
                stop_reason(answer)
            ));
            wire.frame(r#"{"type":"message_stop"}"#);
        }
        Closing::Missing => {}
        Closing::Error => wire.frame(&errors::in_stream("overloaded_error", "Overloaded")),
        Closing::NumericError => {
            wire.frame(&errors::in_stream("api_error", "Internal server error"));
        }
    }
    wire
}

/// A block of thoughts.
fn think(wire: &mut Wire) {
    let delta = |delta: &str| format!(r#"{{"type":"content_block_delta","index":0,"delta":{delta}}}"#);
    let block = r#"{"type":"thinking","thinking":"","signature":""}"#;
    wire.frame(&format!(r#"{{"type":"content_block_start","index":0,"content_block":{block}}}"#));
    wire.frame(&delta(r#"{"type":"thinking_delta","thinking":"Considering the question."}"#));
    wire.frame(&delta(&format!(r#"{{"type":"signature_delta","signature":"{SIGNATURE}"}}"#)));
    wire.frame(r#"{"type":"content_block_stop","index":0}"#);
}

/// The same in one piece.
pub(crate) fn whole(ask: &Ask, script: &Script, answer: &Answer) -> String {
    match answer.closing {
        Closing::Error => return errors::in_stream("overloaded_error", "Overloaded"),
        Closing::NumericError => return errors::in_stream("api_error", "Internal server error"),
        _ => {}
    }
    let content = if answer.structured {
        let (tool, input) = (quoted(&ask.tool), answer.text());
        format!(r#"[{{"type":"tool_use","id":"toolu_1","name":{tool},"input":{input}}}]"#)
    } else {
        format!(r#"[{{"type":"text","text":{}}}]"#, quoted(answer.text()))
    };
    message(ask, script, &content, stop_reason(answer), answer.len() + answer.thoughts)
}

/// A message, as far as it is written. Its usage counts what was said of it so far.
fn message(ask: &Ask, script: &Script, content: &str, reason: &str, said: usize) -> String {
    let usage = if script.usage {
        format!(
            r#","usage":{{"input_tokens":{},"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":{said},"service_tier":"standard"}}"#,
            ask.prompt_tokens
        )
    } else {
        String::new()
    };
    format!(
        r#"{{"id":"msg_sim{:x}","type":"message","role":"assistant","model":{},"content":{content},"stop_reason":{reason},"stop_sequence":null{usage}}}"#,
        clock::now().as_micros(),
        quoted(ask.model())
    )
}

fn stop_reason(answer: &Answer) -> &'static str {
    match answer.closing {
        Closing::Stop if answer.structured => r#""tool_use""#,
        Closing::Stop => r#""end_turn""#,
        Closing::Length => r#""max_tokens""#,
        Closing::Blocked | Closing::PromptBlocked => r#""refusal""#,
        Closing::Missing | Closing::Error | Closing::NumericError => "null",
    }
}

/// The headers of every good answer.
pub(crate) fn headers(script: &Script, left: Option<u64>) -> Vec<(&'static str, String)> {
    let limit = script.rate_per_minute.unwrap_or(4_000);
    let left = left.unwrap_or(limit.saturating_sub(1));
    let mut headers = vec![("request-id", format!("req_{:x}", clock::now().as_micros()))];
    headers.extend(errors::limits(limit, left, clock::until_next(60, clock::now().as_secs())));
    headers
}

/// Tokens of all the text that was sent, in system text and turns.
fn texts(body: &Value) -> Vec<&str> {
    let turns = body.get("messages").and_then(Value::as_array).into_iter().flatten();
    let contents = body.get("system").into_iter().chain(turns.filter_map(|turn| turn.get("content")));
    contents.flat_map(text_of).collect()
}

/// The texts of a content, which is a string or a list of blocks.
fn text_of(content: &Value) -> Vec<&str> {
    match content {
        Value::String(text) => vec![text],
        Value::Array(blocks) => blocks.iter().filter_map(|block| block.get("text")?.as_str()).collect(),
        _ => Vec::new(),
    }
}
