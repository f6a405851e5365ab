//! A request as all protocols mean it.

use axum::http::{HeaderMap, header::AUTHORIZATION};
use serde_json::Value;

use crate::{Behaviour, quota::Spent};

/// Whose protocol is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Provider {
    Gemini,
    OpenAi,
    Anthropic,
    Ollama,
}

impl Provider {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Gemini => "gemini",
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Ollama => "ollama",
        }
    }
}

/// A request that was read.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the request")]
pub(crate) struct Ask {
    pub(crate) provider: Provider,
    pub(crate) path: String,
    pub(crate) key: String,
    pub(crate) model: Option<String>,
    pub(crate) streamed: bool,
    /// Counts against quotas.
    pub(crate) counts: bool,
    /// The body as it came.
    pub(crate) raw: Vec<u8>,
    /// The same, until the call log takes it.
    pub(crate) body: Value,
    /// What the user said last.
    pub(crate) question: String,
    /// The tool that must be used, as Anthropic names it.
    pub(crate) tool: String,
    pub(crate) prompt_tokens: usize,
    /// The most tokens that the answer may have.
    pub(crate) limit: Option<usize>,
    /// OpenAI's `stream_options.include_usage`.
    pub(crate) include_usage: bool,
    /// Gemini's `alt=sse`.
    pub(crate) sse: bool,
    /// Why the request is refused, whatever the script says.
    pub(crate) refusal: Option<Refusal>,
}

impl Ask {
    pub(crate) fn new(provider: Provider, path: &str) -> Self {
        Self {
            provider,
            path: path.to_owned(),
            key: String::new(),
            model: None,
            streamed: false,
            counts: false,
            raw: Vec::new(),
            body: Value::Null,
            question: String::new(),
            tool: String::new(),
            prompt_tokens: 0,
            limit: None,
            include_usage: false,
            sse: false,
            refusal: None,
        }
    }

    /// The model's name, for messages.
    pub(crate) fn model(&self) -> &str {
        self.model.as_deref().unwrap_or("unnamed")
    }

    /// Refuses the request; the first reason stands.
    pub(crate) fn refuse(&mut self, refusal: Refusal) {
        self.refusal.get_or_insert(refusal);
    }

    /// Reads the body.
    pub(crate) fn read_body(&mut self, bytes: &[u8]) {
        self.raw = bytes.to_vec();
        match serde_json::from_slice(bytes) {
            Ok(body) => self.body = body,
            Err(error) => self.refuse(Refusal::Malformed(format!("the body is not JSON: {error}"))),
        }
    }

    /// Takes a whole number from the body as the most tokens of the answer.
    pub(crate) fn read_limit(&mut self, pointer: &str) {
        let limit = self.body.pointer(pointer).and_then(Value::as_u64).filter(|limit| *limit > 0);
        self.limit = self.limit.or(limit.and_then(|limit| usize::try_from(limit).ok()));
    }

    /// Counts the prompt: four characters are a token.
    pub(crate) fn count_prompt<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) {
        self.prompt_tokens = tokens(texts);
    }
}

/// Four characters are a token.
pub(crate) fn tokens<'a>(texts: impl IntoIterator<Item = &'a str>) -> usize {
    texts.into_iter().map(|text| text.chars().count()).sum::<usize>() / 4
}

/// Why a call is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The vendor wants a key, and there was none.
    NoKey,
    /// The key is in the URL, where it would end in traces.
    KeyInUrl,
    /// The request breaks the protocol.
    Malformed(String),
    /// The script says so, or a quota that counts.
    Scripted(Spent),
}

impl From<Behaviour> for Refusal {
    fn from(behaviour: Behaviour) -> Self {
        Self::Scripted(Spent { behaviour, limit: 20 })
    }
}

/// The key of `Authorization: Bearer`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim().to_owned()).filter(|key| !key.is_empty())
}
