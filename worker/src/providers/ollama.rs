//! An Ollama server.

use std::borrow::Cow;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use reqwest::header::AUTHORIZATION;
use serde::Serialize;
use serde_json::Value;

use super::{
    Abilities, ChatModel, ChatRequest, ChatStream, Endpoint, Field, Finish, ProviderError, Usage, call,
    conversation::{Prepared, in_words},
    openai::{OpenAi, Thinker, count, role},
    reading::{FrameText, Protocol, StreamState},
};

/// The shortest context that is asked for. A server loads its model anew for each other length, so there are few.
const SHORTEST_CONTEXT: u32 = 8_192;

/// The longest, unless the operator says otherwise: a context takes memory.
const LONGEST_CONTEXT: u32 = 16_384;

/// Speaks Ollama's protocol.
pub(super) struct Ollama {
    http: reqwest::Client,
}

impl Ollama {
    pub(super) fn new(http: reqwest::Client) -> Self {
        Self { http }
    }
}

#[async_trait]
impl ChatModel for Ollama {
    async fn stream(
        &self,
        endpoint: &Endpoint,
        request: &ChatRequest,
        now: DateTime<Utc>,
    ) -> Result<ChatStream, ProviderError> {
        let url = call::address(&endpoint.base_url, "api", &["chat"])?;
        let thinker = Thinker::of(&endpoint.model);
        let limit = endpoint.abilities.context_limit.unwrap_or(LONGEST_CONTEXT);
        let prepared = Prepared::new(request, &endpoint.abilities, thinker.room, Some(limit));
        let sent = prepared.sent.clone();
        let body = Body::new(&endpoint.model, prepared, request.temperature, thinker, &endpoint.abilities);
        let request =
            call::with_key(self.http.post(url).json(&body), AUTHORIZATION, "Bearer ", &endpoint.secret)?;
        call::open::<Self>(request, sent, &endpoint.secret, now).await
    }

    async fn list(&self, endpoint: &Endpoint, now: DateTime<Utc>) -> Result<(), ProviderError> {
        let url = call::address(&endpoint.base_url, "api", &["tags"])?;
        let request = call::with_key(self.http.get(url), AUTHORIZATION, "Bearer ", &endpoint.secret)?;
        call::succeed(request, &endpoint.secret, now).await
    }
}

/// Whether to think is left to the model: to ask one that cannot is an error.
#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    think: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'a Value>,
    options: Options,
}

#[derive(Serialize)]
struct Options {
    num_predict: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_ctx: Option<u32>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Cow<'a, str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    images: Vec<&'a str>,
}

impl<'a> Message<'a> {
    /// The system's words, if any, and the conversation.
    fn all(prepared: Prepared<'a>) -> Vec<Self> {
        // A server holds the answer to a schema without a word to the model.
        let system = match prepared.schema {
            Some(schema) => Some(in_words(prepared.system, schema)),
            None => prepared.system,
        };
        let system = system.map(|content| Self { role: "system", content, images: Vec::new() });
        let turns = prepared.turns.into_iter().map(|turn| Self {
            role: role(turn.speaker),
            content: turn.text,
            images: turn.images.into_iter().map(|image| &*image.base64).collect(),
        });
        system.into_iter().chain(turns).collect()
    }
}

impl<'a> Body<'a> {
    fn new(
        model: &'a str,
        prepared: Prepared<'a>,
        temperature: f32,
        thinker: Thinker,
        abilities: &Abilities,
    ) -> Self {
        let takes = |field| !abilities.refuses(field);
        let limit = abilities.context_limit.unwrap_or(LONGEST_CONTEXT);
        let options = Options {
            num_predict: prepared.most,
            temperature: takes(Field::Temperature).then_some(temperature),
            num_ctx: takes(Field::ContextLength).then(|| context(prepared.prompt, prepared.most, limit)),
        };
        let stream = (!takes(Field::Stream)).then_some(false).or(Some(true));
        let think = (thinker.effort && takes(Field::Thinking)).then_some("low");
        let format = prepared.schema.map(|schema| &schema.schema);
        Self { model, messages: Message::all(prepared), stream, think, format, options }
    }
}

/// How long a context to ask for: prompt and answer fit, and the operator's bound holds.
fn context(prompt: u32, most: u32, limit: u32) -> u32 {
    let needed = prompt.saturating_add(most);
    let step = std::iter::successors(Some(SHORTEST_CONTEXT), |length| length.checked_mul(2))
        .find(|length| *length >= needed);
    step.unwrap_or(limit).min(limit)
}

impl Protocol for Ollama {
    fn parse_frame(frame: &Value, state: &mut StreamState) -> FrameText {
        if frame.get("choices").is_some_and(Value::is_array) {
            return OpenAi::parse_frame(frame, state);
        }
        let text = |pointer| frame.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        if frame.get("done").and_then(Value::as_bool) == Some(true) {
            state.usage = usage(frame).unwrap_or(Usage::Missing);
            state.finish = Some(if text("/done_reason") == "length" { Finish::Length } else { Finish::Stop });
            state.over = true;
        }
        let said = [text("/message/content"), text("/response")].into_iter().find(|text| !text.is_empty());
        let thinks = !text("/message/thinking").is_empty() || !text("/thinking").is_empty();
        FrameText { text: said.unwrap_or_default().to_owned(), thinks }
    }
}

/// Older servers leave the prompt's count out where they had it in their cache.
fn usage(line: &Value) -> Option<Usage> {
    let prompt = count(line.get("prompt_eval_count")?)?;
    Some(Usage::Exact { prompt, completion: count(line.get("eval_count")?)?, thoughts: None })
}

#[cfg(test)]
mod tests;
