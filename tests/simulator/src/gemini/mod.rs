//! Gemini: `/v1beta/models/…`.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State as In},
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};
use serde_json::{Value, json};

use crate::{
    Ask, Script,
    answer::{Answer, Closing},
    ask::{self, Provider, Refusal},
    embedding, serve,
    state::State,
    wire::{Framing, Wire, quoted},
};

pub(crate) mod errors;
mod request;

const MODELS: [&str; 3] = ["gemini-2.5-flash", "gemini-2.5-pro", "gemini-embedding-001"];

/// The length of a vector that is not truncated; only such a one is normalised.
const DIMENSIONS: u16 = 3072;

pub(crate) fn router() -> Router<Arc<State>> {
    Router::new().route("/v1beta/models", get(models)).route("/v1beta/models/{*call}", get(model).post(call))
}

async fn models(In(state): In<Arc<State>>, uri: Uri, headers: HeaderMap) -> Response {
    let ask = request::read(&uri, &headers, None);
    serve::other(state, ask, |_| json!({ "models": MODELS.map(describe) })).await
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
    let methods: &[&str] = if model.contains("embedding") {
        &["embedContent", "batchEmbedContents", "countTokens"]
    } else {
        &["generateContent", "streamGenerateContent", "countTokens"]
    };
    json!({
        "name": format!("models/{model}"),
        "version": "001",
        "displayName": model,
        "description": "Simulated",
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": methods,
    })
}

async fn call(
    In(state): In<Arc<State>>,
    Path(call): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut ask = request::read(&uri, &headers, Some(&body));
    let (model, method) = call.rsplit_once(':').unwrap_or((&call, ""));
    ask.model = Some(model.to_owned());
    ask.counts = method != "countTokens";
    match method {
        "generateContent" | "streamGenerateContent" => {
            ask.streamed = method == "streamGenerateContent";
            request::check_chat(&mut ask);
            serve::chat(state, ask).await
        }
        "countTokens" => {
            request::check_count(&mut ask);
            serve::other(state, ask, |ask| count(ask.prompt_tokens)).await
        }
        "embedContent" => {
            let text = request::check_embedding(&mut ask);
            serve::other(state, ask, |_| json!({ "embedding": { "values": vector(&text) } })).await
        }
        "batchEmbedContents" => {
            let texts = request::check_batch(&mut ask);
            let values = |text| json!({ "values": vector(text) });
            serve::other(
                state,
                ask,
                |_| json!({ "embeddings": texts.iter().map(values).collect::<Vec<_>>() }),
            )
            .await
        }
        _ => {
            ask.refuse(Refusal::from(crate::Behaviour::UnknownModel));
            serve::chat(state, ask).await
        }
    }
}

fn count(tokens: usize) -> Value {
    json!({ "totalTokens": tokens, "promptTokensDetails": [{ "modality": "TEXT", "tokenCount": tokens }] })
}

fn vector((text, dimensions): &(String, u16)) -> Vec<f32> {
    let share = f32::from(*dimensions) / f32::from(DIMENSIONS);
    embedding::embed(text, usize::from(*dimensions), share.min(1.0).sqrt())
}

/// The stream: no `[DONE]`, the finish reason is its end.
pub(crate) fn stream(ask: &Ask, script: &Script, answer: &Answer) -> Wire {
    let framing = if ask.sse { Framing::Sse } else { Framing::Array };
    let mut wire = Wire::new(framing, script, answer.len());
    let tail = format!(r#""modelVersion":{},"responseId":"{}"}}"#, quoted(ask.model()), id());
    let usage = |said| usage(ask, script, said, answer.thoughts);
    let part = |part: &str, finish: &str, said| {
        format!(
            r#"{{"candidates":[{{"content":{{"parts":[{part}],"role":"model"}},{finish}"index":0}}],{}{tail}"#,
            usage(said)
        )
    };
    if answer.thoughts > 0 && answer.closing != Closing::PromptBlocked {
        wire.frame(&part(r#"{"text":"**Considering the question**","thought":true}"#, "", 0));
    }
    for (said, chunk) in answer.chunks().enumerate() {
        wire.token(&part(&format!(r#"{{"text":{}}}"#, quoted(chunk)), "", said + 1));
    }
    wire.first_pause();
    let all = answer.len();
    match answer.closing {
        Closing::Stop => wire.frame(&part(r#"{"text":""}"#, r#""finishReason":"STOP","#, all)),
        Closing::Length => wire.frame(&part(r#"{"text":""}"#, r#""finishReason":"MAX_TOKENS","#, all)),
        Closing::Blocked => wire.frame(&format!(
            r#"{{"candidates":[{{"finishReason":"SAFETY","index":0,"safetyRatings":[{{"category":"HARM_CATEGORY_DANGEROUS_CONTENT","probability":"HIGH","blocked":true}}]}}],{}{tail}"#,
            usage(all)
        )),
        Closing::PromptBlocked => wire.frame(&format!(
            r#"{{"promptFeedback":{{"blockReason":"PROHIBITED_CONTENT"}},{}{tail}"#,
            usage(0)
        )),
        Closing::Missing => {}
        Closing::Error | Closing::NumericError => wire.frame(&errors::in_stream().to_string()),
    }
    wire
}

/// The same in one piece.
pub(crate) fn whole(ask: &Ask, script: &Script, answer: &Answer) -> String {
    let tail = format!(r#""modelVersion":{},"responseId":"{}"}}"#, quoted(ask.model()), id());
    let usage = usage(ask, script, answer.len(), answer.thoughts);
    let finish = match answer.closing {
        Closing::Stop => r#""finishReason":"STOP","#,
        Closing::Length => r#""finishReason":"MAX_TOKENS","#,
        Closing::Blocked => r#""finishReason":"SAFETY","#,
        Closing::Missing => "",
        Closing::PromptBlocked => {
            return format!(r#"{{"promptFeedback":{{"blockReason":"PROHIBITED_CONTENT"}},{usage}{tail}"#);
        }
        Closing::Error | Closing::NumericError => return errors::in_stream().to_string(),
    };
    let text = quoted(answer.text());
    format!(
        r#"{{"candidates":[{{"content":{{"parts":[{{"text":{text}}}],"role":"model"}},{finish}"index":0}}],{usage}{tail}"#
    )
}

/// The usage so far, as a field with its comma. Candidates do not include thoughts.
fn usage(ask: &Ask, script: &Script, said: usize, thoughts: usize) -> String {
    if !script.usage {
        return String::new();
    }
    let prompt = ask.prompt_tokens;
    let thought = if thoughts > 0 { format!(r#""thoughtsTokenCount":{thoughts},"#) } else { String::new() };
    // A frame without text says nothing of candidates; it does not say zero.
    let candidates = if said > 0 { format!(r#""candidatesTokenCount":{said},"#) } else { String::new() };
    let total = prompt + said + thoughts;
    format!(
        r#""usageMetadata":{{"promptTokenCount":{prompt},{candidates}{thought}"totalTokenCount":{total},"promptTokensDetails":[{{"modality":"TEXT","tokenCount":{prompt}}}]}},"#
    )
}

fn id() -> String {
    format!("sim{:x}", crate::clock::now().as_micros())
}

/// The key, and where it stands.
pub(crate) fn key(uri: &Uri, headers: &HeaderMap) -> Result<String, Refusal> {
    let in_url = |pair: &str| pair.starts_with("key=") || pair.starts_with("access_token=");
    if uri.query().is_some_and(|query| query.split('&').any(in_url)) {
        return Err(Refusal::KeyInUrl);
    }
    let key = headers.get("x-goog-api-key").and_then(|key| key.to_str().ok());
    key.filter(|key| !key.is_empty()).map(str::to_owned).ok_or(Refusal::NoKey)
}

/// An empty request of this vendor.
fn blank(uri: &Uri) -> Ask {
    Ask::new(Provider::Gemini, uri.path())
}

/// Tokens of all the text in a piece of the request.
fn tokens(texts: &[&str]) -> usize {
    ask::tokens(texts.iter().copied())
}
