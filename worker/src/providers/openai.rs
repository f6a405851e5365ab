//! Any server that speaks OpenAI's chat API: OpenAI, Groq, `OpenRouter`, vLLM, llama.cpp, LM Studio.

use std::borrow::Cow;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use reqwest::header::{AUTHORIZATION, HeaderMap};
use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::Value;

use super::{
    ChatModel, ChatRequest, ChatStream, Class, Endpoint, Finish, ProviderError, Speaker, Usage, call,
    conversation::{Merged, alternating},
    frames::Framing,
    reading::{Halt, Heard, Protocol},
    retry,
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
        let request = self.http.post(url).json(&Body::new(&endpoint.model, request));
        let request = call::with_key(request, AUTHORIZATION, "Bearer ", &endpoint.secret)?;
        call::open::<Self>(request, &endpoint.secret, now).await
    }

    async fn list(&self, endpoint: &Endpoint, now: DateTime<Utc>) -> Result<(), ProviderError> {
        let url = call::address(&endpoint.base_url, "v1", &["models"])?;
        let request = call::with_key(self.http.get(url), AUTHORIZATION, "Bearer ", &endpoint.secret)?;
        call::succeed::<Self>(request, &endpoint.secret, now).await
    }
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    max_tokens: u32,
    temperature: f32,
    stream: bool,
    stream_options: StreamOptions,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
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
    fn all(request: &'a ChatRequest) -> Vec<Self> {
        let system = Some(request.system.as_str()).filter(|system| !system.trim().is_empty());
        let system = system.map(|text| Self { role: "system", content: Content::Text(text.into()) });
        system.into_iter().chain(alternating(&request.turns).into_iter().map(Self::of)).collect()
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

impl<'a> Body<'a> {
    fn new(model: &'a str, request: &'a ChatRequest) -> Self {
        Self {
            model,
            messages: Message::all(request),
            max_tokens: request.max_output_tokens,
            temperature: request.temperature,
            stream: true,
            stream_options: StreamOptions { include_usage: true },
        }
    }
}

#[derive(Deserialize)]
struct Chunk {
    error: Option<IgnoredAny>,
    choices: Option<Vec<Choice>>,
    usage: Option<Counts>,
}

#[derive(Deserialize)]
struct Choice {
    delta: Option<Delta>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Delta {
    content: Option<String>,
    /// Where a model declines in a field of its own. It is what the model says all the same.
    refusal: Option<String>,
}

#[derive(Deserialize)]
struct Counts {
    prompt_tokens: Option<i64>,
    completion_tokens: Option<i64>,
}

/// What older vLLM sends for an error.
#[derive(Deserialize)]
struct Bare<'a> {
    #[serde(borrow)]
    object: Option<Cow<'a, str>>,
}

impl Counts {
    fn usage(&self) -> Option<Usage> {
        Some(Usage::Exact {
            prompt: u32::try_from(self.prompt_tokens?).ok()?,
            completion: u32::try_from(self.completion_tokens?).ok()?,
            thoughts: None,
        })
    }
}

impl Protocol for OpenAi {
    const FRAMING: Framing = Framing::Events;

    fn hear(frame: &[u8], heard: &mut Heard) -> Result<String, Halt> {
        if frame == b"[DONE]" {
            heard.over = true;
            let ended = heard.finish.is_some();
            return if ended { Ok(String::new()) } else { Err(ProviderError::broken_off().into()) };
        }
        let chunk: Chunk = serde_json::from_slice(frame)?;
        if chunk.error.is_some() {
            return Err(Halt::Refused);
        }
        if let Some(usage) = chunk.usage.and_then(|counts| counts.usage()) {
            heard.usage = usage;
        }
        let Some(choices) = chunk.choices else {
            let bare: Bare<'_> = serde_json::from_slice(frame)?;
            let refused = bare.object.as_deref() == Some("error");
            return if refused { Err(Halt::Refused) } else { Ok(String::new()) };
        };
        let Some(choice) = choices.into_iter().next() else { return Ok(String::new()) };
        if let Some(reason) = choice.finish_reason.as_deref().filter(|reason| !reason.is_empty()) {
            heard.finish = Some(finish(reason)?);
        }
        let Some(delta) = choice.delta else { return Ok(String::new()) };
        Ok(delta.content.filter(|text| !text.is_empty()).or(delta.refusal).unwrap_or_default())
    }

    fn classify(status: u16, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> ProviderError {
        let spoken = call::object(body);
        let fault = spoken.as_ref().map(Fault::of).unwrap_or_default();
        let status = call::status_of(status, fault.number);
        let (class, reason) = fault.verdict(status);
        let retry_at = match class {
            Class::Rate => {
                retry::from_headers(headers, now).or_else(|| retry::from_rate_limits(headers, now))
            }
            Class::Quota | Class::Overload => retry::from_headers(headers, now),
            _ => None,
        };
        let code = fault.code.or(fault.kind);
        ProviderError::new(class, Some(status), reason).code(code).retry_at(retry_at)
    }
}

/// What an end mark means; what is newer than this code counts as a plain end.
fn finish(reason: &str) -> Result<Finish, ProviderError> {
    match reason {
        "length" | "max_tokens" => Ok(Finish::Length),
        "content_filter" => Ok(Finish::Blocked(reason.to_owned())),
        // OpenRouter, vLLM and DeepSeek: the answer was given up half way.
        "error" | "abort" | "insufficient_system_resource" => {
            Err(ProviderError::broken_off().code(Some(reason)))
        }
        _ => Ok(Finish::Stop),
    }
}

/// What an error's body says, as far as it bears on the class.
#[derive(Default)]
struct Fault<'a> {
    spoken: bool,
    /// Its `code`, where that is a number.
    number: Option<u16>,
    code: Option<&'a str>,
    kind: Option<&'a str>,
    /// `OpenRouter` names what a moderator found.
    moderated: bool,
}

impl<'a> Fault<'a> {
    fn of(body: &'a Value) -> Self {
        let error = body.get("error").filter(|error| error.is_object()).unwrap_or(body);
        let text = |field| error.get(field).and_then(Value::as_str);
        let number = match error.get("code") {
            Some(Value::String(code)) => code.parse().ok(),
            code => code.and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok()),
        };
        Self {
            spoken: true,
            number,
            code: text("code").filter(|_| number.is_none()),
            kind: text("type"),
            moderated: error.pointer("/metadata/reasons").is_some(),
        }
    }

    /// A code that we know says more than the status, which gateways like to change.
    fn verdict(&self, status: u16) -> (Class, &'static str) {
        if self.moderated {
            return (Class::Blocked, "the provider blocks this prompt");
        }
        let known = self.code.and_then(known).or_else(|| self.kind.and_then(known));
        known.unwrap_or_else(|| match self.kind {
            _ if status >= 300 => call::by_status(status, self.spoken),
            Some("invalid_request_error" | "BadRequestError") => call::by_status(400, true),
            _ if self.spoken => call::by_status(500, true),
            _ => call::by_status(status, false),
        })
    }
}

/// The codes, and the types of errors, that say what is wrong.
fn known(code: &str) -> Option<(Class, &'static str)> {
    Some(match code {
        "invalid_api_key" | "invalid_authentication" | "authentication_error" | "account_deactivated" => {
            (Class::Credential, "the key is not valid")
        }
        "model_not_found" | "model_decommissioned" | "invalid_model" | "DeploymentNotFound" => {
            (Class::Credential, "the model is not known to this provider")
        }
        "unsupported_country_region_territory" => {
            (Class::Credential, "the key's project is not served from here")
        }
        "insufficient_quota" | "billing_hard_limit_reached" | "billing_not_active" => {
            (Class::Quota, "the credit is spent")
        }
        // Also under 413, where Groq says that a minute's tokens would not do: another key may.
        "rate_limit_exceeded" | "rate_limit_error" => (Class::Rate, "too many requests"),
        "slow_down" | "server_is_overloaded" | "overloaded_error" | "engine_overloaded" => {
            (Class::Overload, "the provider is overloaded")
        }
        "server_error" | "internal_error" | "internal_server_error" => {
            (Class::Overload, "the provider failed")
        }
        "context_length_exceeded" | "exceed_context_size_error" | "string_above_max_length" => {
            (Class::Refusal, "the conversation is too long for the model")
        }
        "content_filter" | "content_policy_violation" | "invalid_prompt" => {
            (Class::Blocked, "the provider blocks this prompt")
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
