//! Google's Gemini API.

use std::borrow::Cow;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use reqwest::header::HeaderName;
use serde::Serialize;
use serde_json::Value;

use super::{
    Abilities, ChatModel, ChatRequest, ChatStream, Class, Endpoint, Field, Finish, Image, ProviderError,
    Speaker, Usage, call,
    conversation::{Merged, Prepared},
    openai::{OpenAi, count},
    reading::{FrameText, Protocol, StreamState},
    withheld,
};

/// Where the key goes, and nowhere else: a URL ends up in traces.
pub(super) const KEY_HEADER: HeaderName = HeaderName::from_static("x-goog-api-key");

/// Speaks Gemini's protocol.
pub(super) struct Gemini {
    http: reqwest::Client,
}

impl Gemini {
    pub(super) fn new(http: reqwest::Client) -> Self {
        Self { http }
    }
}

#[async_trait]
impl ChatModel for Gemini {
    async fn stream(
        &self,
        endpoint: &Endpoint,
        request: &ChatRequest,
        now: DateTime<Utc>,
    ) -> Result<ChatStream, ProviderError> {
        let bound = Bound::of(&endpoint.model);
        let prepared = Prepared::new(request, &endpoint.abilities, bound.room(), None);
        let sent = prepared.sent.clone();
        let body = Body::new(prepared, request.temperature, bound, &endpoint.abilities);
        let request = self.http.post(address(endpoint)?).json(&body);
        let request = call::with_key(request, KEY_HEADER, "", &endpoint.secret)?;
        call::open::<Self>(request, sent, &endpoint.secret, now).await
    }

    async fn list(&self, endpoint: &Endpoint, now: DateTime<Utc>) -> Result<(), ProviderError> {
        let url = call::address(&endpoint.base_url, "v1beta", &["models"])?;
        let request = call::with_key(self.http.get(url), KEY_HEADER, "", &endpoint.secret)?;
        call::succeed(request, &endpoint.secret, now).await
    }
}

fn address(endpoint: &Endpoint) -> Result<reqwest::Url, ProviderError> {
    let model = endpoint.model.trim();
    let (kind, name) = model.split_once('/').unwrap_or(("models", model));
    let operation = format!("{name}:streamGenerateContent");
    let mut url = call::address(&endpoint.base_url, "v1beta", &[kind, &operation])?;
    url.query_pairs_mut().append_pair("alt", "sse");
    Ok(url)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    contents: Vec<Content<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system_instruction: Option<Content<'a>>,
    generation_config: GenerationConfig<'a>,
}

#[derive(Serialize)]
struct Content<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    parts: Vec<Part<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Part<'a> {
    InlineData(InlineData<'a>),
    #[serde(untagged)]
    Text {
        text: Cow<'a, str>,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InlineData<'a> {
    mime_type: &'a str,
    data: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GenerationConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking_config: Option<ThinkingConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_mime_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_json_schema: Option<&'a Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ThinkingConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking_budget: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking_level: Option<&'static str>,
}

/// How the thoughts of a model are bounded, as far as its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    /// It does not think, or nobody knows how to bound it.
    None,
    /// By a number of tokens.
    Budget,
    /// By a word.
    Level,
}

/// The most tokens of thoughts, which every model with such a bound takes.
const BUDGET: u32 = 1_024;

/// What thoughts without such a bound take at a low level.
const LOW_LEVEL: u32 = 4_096;

impl Bound {
    fn of(model: &str) -> Self {
        let name = model.trim().rsplit('/').next().unwrap_or_default().to_lowercase();
        let begins = |known: &[&str]| known.iter().any(|known| name.starts_with(known));
        let draws =
            ["image", "tts", "audio", "embedding", "live"].into_iter().any(|word| name.contains(word));
        match name.as_str() {
            _ if draws => Self::None,
            _ if begins(&[
                "gemini-2.5",
                "gemini-flash-latest",
                "gemini-flash-lite-latest",
                "gemini-pro-latest",
            ]) =>
            {
                Self::Budget
            }
            _ if begins(&["gemini-3", "gemini-4"]) => Self::Level,
            _ => Self::None,
        }
    }

    const fn room(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Budget => BUDGET,
            Self::Level => LOW_LEVEL,
        }
    }

    const fn config(self) -> Option<ThinkingConfig> {
        match self {
            Self::None => None,
            Self::Budget => Some(ThinkingConfig { thinking_budget: Some(BUDGET), thinking_level: None }),
            Self::Level => Some(ThinkingConfig { thinking_budget: None, thinking_level: Some("low") }),
        }
    }
}

impl<'a> Body<'a> {
    fn new(prepared: Prepared<'a>, temperature: f32, bound: Bound, abilities: &Abilities) -> Self {
        let takes = |field| !abilities.refuses(field);
        let role = |speaker| match speaker {
            Speaker::User => "user",
            Speaker::Assistant => "model",
        };
        let content = |turn: Merged<'a>| {
            let seen = |image: &'a Image| {
                Part::InlineData(InlineData { mime_type: &image.content_type, data: &image.base64 })
            };
            let parts = turn.images.into_iter().map(seen).chain([Part::Text { text: turn.text }]).collect();
            Content { role: Some(role(turn.speaker)), parts }
        };
        let system = |text: Cow<'a, str>| Content { role: None, parts: vec![Part::Text { text }] };
        Self {
            contents: prepared.turns.into_iter().map(content).collect(),
            system_instruction: prepared.system.map(system),
            generation_config: GenerationConfig {
                max_output_tokens: takes(Field::MaxTokens).then_some(prepared.most),
                temperature: takes(Field::Temperature).then_some(temperature),
                thinking_config: bound.config().filter(|_| takes(Field::Thinking)),
                response_mime_type: prepared.schema.map(|_| "application/json"),
                response_json_schema: prepared.schema.map(|schema| &schema.schema),
            },
        }
    }
}

/// A field in either of the spellings that Google's own libraries use.
fn field<'a>(value: &'a Value, camel: &str, snake: &str) -> Option<&'a Value> {
    value.get(camel).or_else(|| value.get(snake)).filter(|value| !value.is_null())
}

impl Protocol for Gemini {
    fn parse_frame(frame: &Value, state: &mut StreamState) -> FrameText {
        // Some gateways wrap each frame.
        let frame =
            frame.get("response").filter(|within| within.get("candidates").is_some()).unwrap_or(frame);
        if frame.get("choices").is_some_and(Value::is_array) {
            return OpenAi::parse_frame(frame, state);
        }
        if let Some(usage) = field(frame, "usageMetadata", "usage_metadata").and_then(usage) {
            state.usage = usage;
        }
        let feedback = field(frame, "promptFeedback", "prompt_feedback");
        let blocked = feedback.and_then(|feedback| field(feedback, "blockReason", "block_reason")?.as_str());
        if let Some(code) = blocked.filter(|code| !code.is_empty() && !code.ends_with("UNSPECIFIED")) {
            let error = ProviderError::new(Class::Blocked, Some(200), "the provider blocks this prompt");
            state.failed = Some(if code == "OTHER" { withheld(code) } else { error.code(Some(code)) });
            return FrameText::default();
        }
        let candidates = frame.get("candidates").and_then(Value::as_array);
        let Some(candidate) = candidates.and_then(|candidates| candidates.first()) else {
            return FrameText::default();
        };
        if let Some(reason) = field(candidate, "finishReason", "finish_reason").and_then(Value::as_str) {
            finish(reason, state);
        }
        let mut said = FrameText::default();
        for part in candidate.pointer("/content/parts").and_then(Value::as_array).into_iter().flatten() {
            let Some(text) = part.get("text").and_then(Value::as_str) else { continue };
            if part.get("thought").and_then(Value::as_bool) == Some(true) {
                said.thinks = true;
            } else {
                said.text.push_str(text);
            }
        }
        said
    }
}

/// Google's JSON leaves zeros out, but no prompt has zero tokens.
fn usage(counts: &Value) -> Option<Usage> {
    let told = |camel, snake| field(counts, camel, snake).map(count);
    let prompt = told("promptTokenCount", "prompt_token_count")??;
    let candidates = told("candidatesTokenCount", "candidates_token_count").unwrap_or(Some(0))?;
    let thoughts = match told("thoughtsTokenCount", "thoughts_token_count") {
        Some(thoughts) => Some(thoughts?),
        None => None,
    };
    let completion = candidates.saturating_add(thoughts.unwrap_or(0));
    Some(Usage::Exact { prompt, completion, thoughts })
}

/// Takes in an end mark. What Google keeps back for reasons of its own, or spoils, says nothing about the question:
/// another provider may answer it. Reasons newer than this code count as a plain end: what was said stands.
fn finish(reason: &str, state: &mut StreamState) {
    state.finish = Some(match reason {
        "" | "FINISH_REASON_UNSPECIFIED" => return,
        "MAX_TOKENS" => Finish::Length,
        "SAFETY"
        | "BLOCKLIST"
        | "PROHIBITED_CONTENT"
        | "SPII"
        | "IMAGE_SAFETY"
        | "IMAGE_PROHIBITED_CONTENT" => Finish::Blocked(reason.to_owned()),
        "RECITATION"
        | "LANGUAGE"
        | "OTHER"
        | "IMAGE_RECITATION"
        | "IMAGE_OTHER"
        | "NO_IMAGE"
        | "UNEXPECTED_TOOL_CALL"
        | "TOO_MANY_TOOL_CALLS"
        | "MISSING_THOUGHT_SIGNATURE" => {
            state.failed = Some(withheld(reason));
            return;
        }
        _ if reason.starts_with("MALFORMED_") => {
            state.failed = Some(withheld(reason));
            return;
        }
        _ => Finish::Stop,
    });
}

#[cfg(test)]
mod tests;
