//! Google's Gemini API.

use std::borrow::Cow;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, HeaderName};
use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::Value;

use super::{
    ChatModel, ChatRequest, ChatStream, Class, Endpoint, Finish, Image, ProviderError, Speaker, Usage, call,
    conversation::{Merged, alternating},
    error::NOT_ITS_PROTOCOL,
    frames::Framing,
    reading::{Halt, Heard, Protocol},
    retry,
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
        let request = self.http.post(address(endpoint)?).json(&Body::from(request));
        let request = call::with_key(request, KEY_HEADER, "", &endpoint.secret)?;
        call::open::<Self>(request, &endpoint.secret, now).await
    }

    async fn list(&self, endpoint: &Endpoint, now: DateTime<Utc>) -> Result<(), ProviderError> {
        let url = call::address(&endpoint.base_url, "v1beta", &["models"])?;
        let request = call::with_key(self.http.get(url), KEY_HEADER, "", &endpoint.secret)?;
        call::succeed::<Self>(request, &endpoint.secret, now).await
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
    generation_config: GenerationConfig,
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
struct GenerationConfig {
    max_output_tokens: u32,
    temperature: f32,
}

impl<'a> From<&'a ChatRequest> for Body<'a> {
    fn from(request: &'a ChatRequest) -> Self {
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
        let system = request.system.as_str();
        let system = || Content { role: None, parts: vec![Part::Text { text: system.into() }] };
        Self {
            contents: alternating(&request.turns).into_iter().map(content).collect(),
            system_instruction: (!request.system.trim().is_empty()).then(system),
            generation_config: GenerationConfig {
                max_output_tokens: request.max_output_tokens,
                temperature: request.temperature,
            },
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Frame {
    error: Option<IgnoredAny>,
    candidates: Option<Vec<Candidate>>,
    prompt_feedback: Option<PromptFeedback>,
    usage_metadata: Option<UsageMetadata>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PromptFeedback {
    block_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    content: Option<Said>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    parts: Option<Vec<SaidPart>>,
}

#[derive(Deserialize)]
struct SaidPart {
    text: Option<String>,
    thought: Option<bool>,
}

#[derive(Deserialize)]
struct UsageMetadata {
    #[serde(rename = "promptTokenCount")]
    prompt: Option<i64>,
    #[serde(rename = "candidatesTokenCount")]
    candidates: Option<i64>,
    #[serde(rename = "thoughtsTokenCount")]
    thoughts: Option<i64>,
}

impl Said {
    fn text(self) -> String {
        let parts = self.parts.unwrap_or_default().into_iter();
        let spoken = parts.filter(|part| part.thought != Some(true)).filter_map(|part| part.text);
        spoken.reduce(|text, more| text + &more).unwrap_or_default()
    }
}

impl UsageMetadata {
    /// Google's JSON leaves zeros out, but no prompt has zero tokens.
    fn usage(&self) -> Option<Usage> {
        let count = |tokens: Option<i64>| u32::try_from(tokens.unwrap_or(0)).ok();
        let completion = count(self.candidates)?.saturating_add(count(self.thoughts)?);
        Some(Usage::Exact { prompt: count(Some(self.prompt?))?, completion, thoughts: None })
    }
}

impl Protocol for Gemini {
    const FRAMING: Framing = Framing::Events;

    fn hear(frame: &[u8], heard: &mut Heard) -> Result<String, Halt> {
        let frame: Frame = serde_json::from_slice(frame)?;
        if frame.error.is_some() {
            return Err(Halt::Refused);
        }
        if let Some(usage) = frame.usage_metadata.and_then(|usage| usage.usage()) {
            heard.usage = usage;
        }
        if let Some(code) = frame.prompt_feedback.and_then(|feedback| feedback.block_reason) {
            let error = ProviderError::new(Class::Blocked, Some(200), "the provider blocks this prompt");
            return Err(error.code(Some(&code)).into());
        }
        let Some(candidate) = frame.candidates.into_iter().flatten().next() else {
            return Ok(String::new());
        };
        let text = candidate.content.map(Said::text).unwrap_or_default();
        if let Some(reason) = candidate.finish_reason.as_deref().filter(|reason| !reason.is_empty()) {
            let answered = heard.said > 0 || !text.is_empty();
            heard.finish = finish(reason, answered)?.or(heard.finish.take());
        }
        Ok(text)
    }

    fn classify(status: u16, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> ProviderError {
        let spoken = call::object(body);
        let fault = spoken.as_ref().map(Fault::of).unwrap_or_default();
        let status = call::status_of(status, fault.number);
        let (class, reason) = match (status, fault.reason, fault.status) {
            (400, Some(reason), _) if reason.starts_with("API_KEY_") => {
                (Class::Credential, "the key is not valid")
            }
            (400, _, Some("FAILED_PRECONDITION")) => {
                (Class::Credential, "the key's project is not served from here")
            }
            (429, ..) if fault.per_day() => (Class::Quota, "the day's quota is spent"),
            _ => call::by_status(status, fault.spoken),
        };
        let retry_at = match class {
            // Its RetryInfo says some seconds even now.
            Class::Quota if fault.per_day() => Some(retry::next_midnight_pacific(now)),
            Class::Quota | Class::Rate | Class::Overload => fault
                .retry_delay
                .and_then(retry::duration)
                .and_then(|wait| retry::after(now, wait))
                .or_else(|| retry::from_headers(headers, now)),
            _ => None,
        };
        let code = if reason == NOT_ITS_PROTOCOL { None } else { fault.code() };
        ProviderError::new(class, Some(status), reason).code(code).retry_at(retry_at)
    }
}

/// What an end mark means. `None` is no end mark.
///
/// A malformed answer is a failure of the model's, and another try may do better; so is `OTHER`
/// ("unknown reason") that left no text. Reasons newer than this code count as a plain end: what
/// was said stands.
fn finish(reason: &str, answered: bool) -> Result<Option<Finish>, ProviderError> {
    match reason {
        "FINISH_REASON_UNSPECIFIED" => Ok(None),
        "MAX_TOKENS" => Ok(Some(Finish::Length)),
        "SAFETY"
        | "RECITATION"
        | "LANGUAGE"
        | "BLOCKLIST"
        | "PROHIBITED_CONTENT"
        | "SPII"
        | "IMAGE_SAFETY"
        | "IMAGE_PROHIBITED_CONTENT"
        | "IMAGE_RECITATION" => Ok(Some(Finish::Blocked(reason.to_owned()))),
        _ if reason.starts_with("MALFORMED_") || (reason == "OTHER" && !answered) => {
            let error = ProviderError::new(Class::Overload, Some(200), "the model gave no proper answer");
            Err(error.code(Some(reason)))
        }
        _ => Ok(Some(Finish::Stop)),
    }
}

/// What an error's body says, as far as it bears on the class.
#[derive(Default)]
struct Fault<'a> {
    spoken: bool,
    number: Option<u16>,
    status: Option<&'a str>,
    /// The reason of its `google.rpc.ErrorInfo`.
    reason: Option<&'a str>,
    /// The quotas of its `google.rpc.QuotaFailure`.
    quotas: Vec<&'a str>,
    /// The delay of its `google.rpc.RetryInfo`.
    retry_delay: Option<&'a str>,
}

impl<'a> Fault<'a> {
    fn of(body: &'a Value) -> Self {
        let error = body.get("error").unwrap_or(body);
        let text = |value: &'a Value, field| value.get(field).and_then(Value::as_str);
        let details = || error.get("details").and_then(Value::as_array).into_iter().flatten();
        let violations = |detail: &'a Value| detail.get("violations").and_then(Value::as_array);
        Self {
            spoken: true,
            number: error.get("code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok()),
            status: text(error, "status"),
            reason: details().find_map(|detail| text(detail, "reason")),
            quotas: details()
                .filter_map(violations)
                .flatten()
                .filter_map(|violation| text(violation, "quotaId"))
                .collect(),
            retry_delay: details().find_map(|detail| text(detail, "retryDelay")),
        }
    }

    fn per_day(&self) -> bool {
        self.quotas.iter().any(|quota| quota.contains("PerDay"))
    }

    /// The most telling code: the quota that is spent, the reason, or the status.
    fn code(&self) -> Option<&'a str> {
        let daily = self.quotas.iter().find(|quota| quota.contains("PerDay"));
        daily.or(self.quotas.first()).copied().or(self.reason).or(self.status)
    }
}

#[cfg(test)]
mod tests;
