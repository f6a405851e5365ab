//! Any server that speaks OpenAI's chat API: OpenAI, Groq, `OpenRouter`, vLLM, llama.cpp, LM Studio.

use std::borrow::Cow;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use reqwest::header::AUTHORIZATION;
use serde::Serialize;
use serde_json::Value;

use super::{
    Abilities, ChatModel, ChatRequest, ChatStream, Endpoint, Field, Finish, ProviderError, Speaker, Usage,
    call,
    conversation::{Merged, Prepared},
    ollama::Ollama,
    reading::{FrameText, Protocol, StreamState},
    withheld,
};

/// Speaks OpenAI's chat protocol.
pub(super) struct OpenAi {
    http: reqwest::Client,
}

impl OpenAi {
    pub(super) fn new(http: reqwest::Client) -> Self {
        Self { http }
    }
}

#[async_trait]
impl ChatModel for OpenAi {
    async fn stream(
        &self,
        endpoint: &Endpoint,
        request: &ChatRequest,
        now: DateTime<Utc>,
    ) -> Result<ChatStream, ProviderError> {
        let url = call::address(&endpoint.base_url, "v1", &["chat", "completions"])?;
        let thinker = Thinker::of(&endpoint.model);
        let prepared = Prepared::new(request, &endpoint.abilities, thinker.room, None);
        let sent = prepared.sent.clone();
        let body = Body::new(&endpoint.model, prepared, request.temperature, thinker, &endpoint.abilities);
        let request =
            call::with_key(self.http.post(url).json(&body), AUTHORIZATION, "Bearer ", &endpoint.secret)?;
        call::open::<Self>(request, sent, &endpoint.secret, now).await
    }

    async fn list(&self, endpoint: &Endpoint, now: DateTime<Utc>) -> Result<(), ProviderError> {
        let url = call::address(&endpoint.base_url, "v1", &["models"])?;
        let request = call::with_key(self.http.get(url), AUTHORIZATION, "Bearer ", &endpoint.secret)?;
        call::succeed(request, &endpoint.secret, now).await
    }
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_effort: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "json_schema")]
struct ResponseFormat<'a> {
    json_schema: JsonSchema<'a>,
}

#[derive(Serialize)]
struct JsonSchema<'a> {
    name: &'static str,
    strict: bool,
    schema: &'a Value,
}

/// A turn.
#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Content<'a>,
}

/// Words, or with images a list of parts.
#[derive(Serialize)]
#[serde(untagged)]
enum Content<'a> {
    Text(Cow<'a, str>),
    Parts(Vec<Part<'a>>),
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part<'a> {
    Text { text: Cow<'a, str> },
    ImageUrl { image_url: ImageUrl },
}

#[derive(Serialize)]
struct ImageUrl {
    url: String,
}

impl<'a> Message<'a> {
    /// The system's words, if any, and the conversation.
    fn all(prepared: Prepared<'a>) -> Vec<Self> {
        let system = prepared.system.map(|text| Self { role: "system", content: Content::Text(text) });
        system.into_iter().chain(prepared.turns.into_iter().map(Self::of)).collect()
    }

    fn of(turn: Merged<'a>) -> Self {
        let role = role(turn.speaker);
        if turn.images.is_empty() {
            return Self { role, content: Content::Text(turn.text) };
        }
        let seen = turn.images.into_iter().map(|image| {
            let url = format!("data:{};base64,{}", image.content_type, image.base64);
            Part::ImageUrl { image_url: ImageUrl { url } }
        });
        Self { role, content: Content::Parts(seen.chain([Part::Text { text: turn.text }]).collect()) }
    }
}

/// How a speaker is called, also by Ollama.
pub(super) const fn role(speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::User => "user",
        Speaker::Assistant => "assistant",
    }
}

/// What is known of how a model thinks, before it was ever asked.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Thinker {
    /// Tokens that are added for thoughts.
    pub(super) room: u32,
    /// It takes a bound on them: `reasoning_effort`.
    pub(super) effort: bool,
    /// It wants `max_completion_tokens`, and no temperature.
    strict: bool,
}

/// Thoughts with little effort take less than this.
const ROOM_FOR_THOUGHTS: u32 = 2_048;

impl Thinker {
    /// By its name, with or without its maker's.
    pub(super) fn of(model: &str) -> Self {
        let model = model.trim().to_lowercase();
        let name = model.rsplit('/').next().unwrap_or_default();
        let begins = |known: &[&str]| known.iter().any(|known| name.starts_with(known));
        let has = |known: &[&str]| known.iter().any(|known| name.contains(known));
        if begins(&["o1-mini", "o1-preview"]) {
            return Self { room: ROOM_FOR_THOUGHTS, effort: false, strict: true };
        }
        let numbered = |known: &str| name == known || name.starts_with(&format!("{known}-"));
        if (["o1", "o3", "o4"].into_iter().any(numbered) || begins(&["gpt-5"])) && !has(&["chat"]) {
            return Self { room: ROOM_FOR_THOUGHTS, effort: true, strict: true };
        }
        if begins(&["gpt-oss"]) {
            return Self { room: ROOM_FOR_THOUGHTS, effort: true, strict: false };
        }
        let thinks = begins(&["qwq", "magistral", "qwen3", "grok-3-mini", "grok-4"])
            || has(&["deepseek-r1", "deepseek-reasoner", "thinking", "reasoning", "reasoner"]);
        let silent = has(&["non-reasoning", "instruct", "coder", "embed"]);
        Self { room: if thinks && !silent { ROOM_FOR_THOUGHTS } else { 0 }, effort: false, strict: false }
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
        let newer = (thinker.strict || !takes(Field::MaxTokens)) && takes(Field::MaxCompletionTokens);
        let (most, schema) = (prepared.most, prepared.schema);
        let json_schema = schema.map(|of| JsonSchema { name: of.name, strict: true, schema: &of.schema });
        Self {
            model,
            messages: Message::all(prepared),
            max_tokens: (!newer && takes(Field::MaxTokens)).then_some(most),
            max_completion_tokens: newer.then_some(most),
            temperature: (!thinker.strict && takes(Field::Temperature)).then_some(temperature),
            reasoning_effort: (thinker.effort && takes(Field::Thinking)).then_some("low"),
            response_format: json_schema.map(|json_schema| ResponseFormat { json_schema }),
            stream: takes(Field::Stream).then_some(true),
            stream_options: (takes(Field::Stream) && takes(Field::StreamOptions))
                .then_some(StreamOptions { include_usage: true }),
        }
    }
}

impl Protocol for OpenAi {
    fn parse_frame(frame: &Value, state: &mut StreamState) -> FrameText {
        let choices = frame.get("choices").and_then(Value::as_array);
        let Some(choices) = choices else {
            if frame.get("message").is_some_and(Value::is_object) || frame.get("response").is_some() {
                return Ollama::parse_frame(frame, state);
            }
            note_usage(frame, state);
            return FrameText::default();
        };
        note_usage(frame, state);
        let is_first = |choice: &&Value| choice.get("index").and_then(Value::as_u64).unwrap_or_default() == 0;
        let Some(choice) = choices.iter().find(is_first) else {
            // The last frame has the usage only.
            state.over |= choices.is_empty()
                && state.finish.is_some()
                && frame.get("usage").is_some_and(Value::is_object);
            return FrameText::default();
        };
        note_usage(choice, state);
        // The second is how Google's gateway has it.
        let mut reasons =
            ["finish_reason", "finishReason"].into_iter().filter_map(|name| choice.get(name)?.as_str());
        if let Some(reason) = reasons.find(|reason| !reason.is_empty()) {
            finish(reason, state);
        }
        let whole = choice.get("message").filter(|message| message.is_object());
        if whole.is_some() && state.finish.is_none() && state.failed.is_none() {
            state.finish = Some(Finish::Stop);
        }
        let delta = choice.get("delta").filter(|delta| delta.is_object());
        // Some repeat the whole message at the end of its pieces.
        let message = delta.or(whole.filter(|_| !state.in_pieces));
        let mut said = message.map(text_in).unwrap_or_default();
        state.in_pieces |= delta.is_some() && !said.text.is_empty();
        if said.text.is_empty() {
            // The older protocol, which some still speak.
            said.text = choice.get("text").map(text_of).unwrap_or_default();
        }
        said
    }
}

/// What a message, or a piece of one, says.
fn text_in(delta: &Value) -> FrameText {
    let mut said = FrameText::default();
    let filled = |field: &str| {
        delta.get(field).is_some_and(|value| match value {
            Value::String(text) => !text.is_empty(),
            Value::Array(list) => !list.is_empty(),
            Value::Object(_) => true,
            _ => false,
        })
    };
    said.thinks = ["reasoning_content", "reasoning", "reasoning_details", "thinking", "thoughts"]
        .into_iter()
        .any(filled);
    match delta.get("content") {
        Some(Value::Array(parts)) => parts.iter().for_each(|part| add_part(part, &mut said)),
        Some(Value::Object(_)) => delta.get("content").into_iter().for_each(|part| add_part(part, &mut said)),
        Some(content) => said.text = text_of(content),
        None => {}
    }
    if said.text.is_empty() {
        // Where a model declines in a field of its own. It is what the model says all the same.
        said.text = delta.get("refusal").map(text_of).unwrap_or_default();
    }
    said
}

/// Adds a part of a content that is a list.
fn add_part(part: &Value, said: &mut FrameText) {
    let kind = part.get("type").and_then(Value::as_str).unwrap_or("text");
    match kind {
        _ if part.is_string() => said.text.push_str(&text_of(part)),
        "text" | "output_text" | "text_delta" => {
            let text = part.get("text").unwrap_or(&Value::Null);
            said.text.push_str(&text_of(text.get("value").unwrap_or(text)));
        }
        _ if kind.starts_with("think") || kind.starts_with("reason") => said.thinks = true,
        _ => {}
    }
}

/// A text, also where it came as a number, as a doubtful tokeniser has it.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// Takes in the usage, wherever it stands.
fn note_usage(holder: &Value, state: &mut StreamState) {
    let counts = holder.get("usage").filter(|usage| usage.is_object());
    if let Some(usage) = counts.or_else(|| holder.pointer("/x_groq/usage")).and_then(usage) {
        state.usage = usage;
    }
}

fn usage(counts: &Value) -> Option<Usage> {
    let first = |paths: &[&str]| paths.iter().find_map(|path| count(counts.pointer(path)?));
    let cached = first(&["/cache_read_input_tokens"]).unwrap_or(0);
    let prompt = match first(&["/prompt_tokens"]) {
        Some(prompt) => prompt,
        None => first(&["/input_tokens"])?.saturating_add(cached),
    };
    let mut completion = first(&["/completion_tokens", "/output_tokens"])?;
    let thoughts = first(&[
        "/completion_tokens_details/reasoning_tokens",
        "/output_tokens_details/reasoning_tokens",
        "/reasoning_tokens",
    ]);
    // Some count thoughts beside the answer: their total says so.
    if let (Some(thoughts), Some(total)) = (thoughts, first(&["/total_tokens"]))
        && thoughts > 0
        && prompt.saturating_add(completion).saturating_add(thoughts) == total
    {
        completion = completion.saturating_add(thoughts);
    }
    Some(Usage::Exact { prompt, completion, thoughts })
}

/// A number of tokens, in whatever form.
pub(super) fn count(value: &Value) -> Option<u32> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse::<f64>().ok()?,
        _ => return None,
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within bounds, and whole")]
    (number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number)).then_some(number as u32)
}

/// Takes in an end mark; what is newer than this code counts as a plain end.
pub(super) fn finish(reason: &str, state: &mut StreamState) {
    state.finish = Some(match reason.to_lowercase().as_str() {
        "" | "null" | "none" | "finish_reason_unspecified" => return,
        "length" | "max_tokens" | "max_output_tokens" | "model_length" | "max_length" | "token_limit" => {
            Finish::Length
        }
        "content_filter" | "content-filter" | "safety" | "blocklist" | "prohibited_content" | "spii"
        | "sensitive" | "moderation" => Finish::Blocked(reason.to_owned()),
        "recitation" | "language" | "other" | "malformed_response" | "malformed_function_call" => {
            state.failed = Some(withheld(reason));
            return;
        }
        // OpenRouter, vLLM and DeepSeek: the answer was given up half way.
        "error"
        | "abort"
        | "aborted"
        | "cancelled"
        | "insufficient_system_resource"
        | "network_error"
        | "timeout" => {
            state.failed = Some(ProviderError::broken_off().code(Some(reason)));
            return;
        }
        _ => Finish::Stop,
    });
}

#[cfg(test)]
mod tests;
