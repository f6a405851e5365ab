//! An Ollama server.

use std::borrow::Cow;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use reqwest::header::{AUTHORIZATION, HeaderMap};
use serde::{Deserialize, Serialize, de::IgnoredAny};

use super::{
    ChatModel, ChatRequest, ChatStream, Class, Endpoint, Finish, ProviderError, Usage, call,
    conversation::alternating,
    frames::Framing,
    openai::role,
    reading::{Halt, Heard, Protocol},
    retry,
};

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
        let request = self.http.post(url).json(&Body::new(&endpoint.model, request));
        let request = call::with_key(request, AUTHORIZATION, "Bearer ", &endpoint.secret)?;
        call::open::<Self>(request, &endpoint.secret, now).await
    }

    async fn list(&self, endpoint: &Endpoint, now: DateTime<Utc>) -> Result<(), ProviderError> {
        let url = call::address(&endpoint.base_url, "api", &["tags"])?;
        let request = call::with_key(self.http.get(url), AUTHORIZATION, "Bearer ", &endpoint.secret)?;
        call::succeed::<Self>(request, &endpoint.secret, now).await
    }
}

/// Whether to think is left to the model: to ask one that cannot is an error.
#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    stream: bool,
    options: Options,
}

#[derive(Serialize)]
struct Options {
    num_predict: u32,
    temperature: f32,
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
    fn all(request: &'a ChatRequest) -> Vec<Self> {
        let system = Some(request.system.as_str()).filter(|system| !system.trim().is_empty());
        let system = system.map(|text| Self { role: "system", content: text.into(), images: Vec::new() });
        let turns = alternating(&request.turns).into_iter().map(|turn| Self {
            role: role(turn.speaker),
            content: turn.text,
            images: turn.images.into_iter().map(|image| &*image.base64).collect(),
        });
        system.into_iter().chain(turns).collect()
    }
}

impl<'a> Body<'a> {
    fn new(model: &'a str, request: &'a ChatRequest) -> Self {
        let options = Options { num_predict: request.max_output_tokens, temperature: request.temperature };
        Self { model, messages: Message::all(request), stream: true, options }
    }
}

#[derive(Deserialize)]
struct Line {
    error: Option<IgnoredAny>,
    message: Option<Said>,
    done: Option<bool>,
    done_reason: Option<String>,
    prompt_eval_count: Option<i64>,
    eval_count: Option<i64>,
}

#[derive(Deserialize)]
struct Said {
    content: Option<String>,
}

impl Line {
    /// Older servers leave the prompt's count out where they had it in their cache.
    fn usage(&self) -> Option<Usage> {
        Some(Usage::Exact {
            prompt: u32::try_from(self.prompt_eval_count?).ok()?,
            completion: u32::try_from(self.eval_count?).ok()?,
            thoughts: None,
        })
    }
}

impl Protocol for Ollama {
    const FRAMING: Framing = Framing::Lines;

    fn hear(frame: &[u8], heard: &mut Heard) -> Result<String, Halt> {
        let line: Line = serde_json::from_slice(frame)?;
        if line.error.is_some() {
            return Err(Halt::Refused);
        }
        if line.done == Some(true) {
            heard.usage = line.usage().unwrap_or(Usage::Missing);
            let length = line.done_reason.as_deref() == Some("length");
            heard.finish = Some(if length { Finish::Length } else { Finish::Stop });
            heard.over = true;
        }
        Ok(line.message.and_then(|message| message.content).unwrap_or_default())
    }

    /// Ollama has no codes, only sentences, so that the status has to do.
    fn classify(status: u16, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> ProviderError {
        let spoken = call::object(body).is_some_and(|body| body.get("error").is_some());
        let (class, reason) = match status {
            200 if spoken => call::by_status(500, true),
            _ => call::by_status(status, spoken),
        };
        let retry_at = match class {
            Class::Quota | Class::Rate | Class::Overload => retry::from_headers(headers, now),
            _ => None,
        };
        ProviderError::new(class, Some(status), reason).retry_at(retry_at)
    }
}
#[cfg(test)]
mod tests;
