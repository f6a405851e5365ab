//! Adapters: one file per vendor, each an implementation of [`ChatModel`].
//!
//! An adapter is request in, typed events out. It knows nothing of pools, retries or health: it
//! says what happened in terms of [`ProviderError`], and the router decides what follows.

use std::{fmt, pin::Pin, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::keys::{Provider, Remaining, Secret};
use futures::Stream;
use rustls::crypto::{CryptoProvider, ring};

pub mod abilities;
mod anthropic;
mod call;
mod conversation;
pub mod embeddings;
mod error;
mod fault;
mod frames;
mod gemini;
mod json;
mod lacking;
mod ollama;
mod openai;
pub mod public_only;
mod quoted;
mod reading;
mod retry;
mod thoughts;
mod vectors;
mod verdict;

pub use abilities::{Abilities, Field, Lack};
pub use error::{Class, ProviderError};

/// Where a call goes, and as whom.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Such as `https://generativelanguage.googleapis.com`, without a slash at its end.
    pub base_url: String,
    /// The model to ask.
    pub model: String,
    /// The key.
    pub secret: Secret,
    /// What this address and model have shown that they can do.
    pub abilities: Arc<Abilities>,
}

/// Who said a turn of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// The student.
    User,
    /// The model.
    Assistant,
}

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Who said it.
    pub speaker: Speaker,
    /// What was said.
    pub text: String,
    /// What was shown with it.
    pub images: Vec<Image>,
}

/// An image that a model is to look at.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    /// `image/png` or `image/jpeg`.
    pub content_type: String,
    /// Its bytes.
    pub base64: Arc<str>,
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Image({}, {} bytes)", self.content_type, self.base64.len())
    }
}

/// What a model is asked.
#[derive(Debug, Clone)]
pub struct ChatRequest {
    /// How the model should behave.
    pub system: String,
    /// The conversation, oldest first; the last turn is the student's.
    pub turns: Vec<Turn>,
    /// The most tokens that the answer may have.
    pub max_output_tokens: u32,
    /// How freely the model may choose its words, 0 to 2.
    pub temperature: f32,
    /// In which form the answer is wanted.
    pub format: Format,
}

/// The form of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Format {
    /// Text, as a person would write it.
    #[default]
    Text,
    /// One JSON value under a schema. Vendors promise it and do not all keep it, so whoever asks for it checks it.
    Json(Arc<Schema>),
}

impl Format {
    /// The schema, where there is one.
    pub fn schema(&self) -> Option<&Schema> {
        match self {
            Self::Text => None,
            Self::Json(schema) => Some(schema),
        }
    }
}

/// A JSON schema, in the part of the language that all vendors take: an object at its root, `type`, `properties`, all of them
/// `required`, `additionalProperties: false`, `items`, `enum`, `anyOf` below the root, `description`, `minItems`,
/// `maxItems`, and bounds of integers.
#[derive(Debug, PartialEq, Eq)]
pub struct Schema {
    /// What it describes: letters, digits, `_` and `-`, 64 at the most.
    pub name: &'static str,
    /// The schema itself.
    pub schema: serde_json::Value,
}

/// What a model's stream says: perhaps what is left of the quota, signs of life, any number of deltas, then one end.
#[derive(Debug, Clone, PartialEq)]
pub enum ChatEvent {
    /// What the vendor says is left of the key's quota.
    Remaining(Remaining),
    /// The model thinks: a sign of life without text that anybody sees.
    Thinking,
    /// The server says that it is there, and no more (a comment, an empty frame, a ping): proves only a proxy.
    Alive,
    /// The next piece of text, never empty.
    Delta(String),
    /// All text so far was a thought, as its closing tag says that had no opening one: it is taken back, and the answer
    /// begins with the next piece.
    Restart,
    /// The stream said that it is complete.
    End(End),
}

/// How a complete stream ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Why.
    pub finish: Finish,
    /// What it cost.
    pub usage: Usage,
    /// The server read far fewer tokens of the prompt than were sent: it cut the rest away without a word. Nothing
    /// may be cited from what it was sent, since nobody knows which part it saw.
    pub prompt_cut: bool,
}

impl End {
    /// What the endpoint has shown that it cannot do, although it answered.
    pub fn lacks(&self) -> Option<Lack> {
        match self.usage {
            Usage::Exact { prompt, .. } if self.prompt_cut => Some(Lack::Context(prompt)),
            _ => None,
        }
    }
}

/// Why a model stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finish {
    /// It had said all.
    Stop,
    /// It reached the most tokens that it may use.
    Length,
    /// An end mark came, and then neither more text nor the end of the stream for as long as one waits. The answer may
    /// be whole, and is told as cut. The key is not to blame.
    Unclosed,
    /// The vendor's safety rules cut the answer. The reason is the vendor's code, such as `SAFETY`.
    Blocked(String),
}

/// The tokens of one call, and how sure we are of them. An explicit zero is not missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    /// As the vendor counted them.
    Exact {
        /// Tokens of the prompt.
        prompt: u32,
        /// Tokens of the answer, thoughts included.
        completion: u32,
        /// Those of them that went into thoughts, where the vendor says so.
        thoughts: Option<u32>,
    },
    /// The vendor said nothing.
    Missing,
}

/// An answer as it arrives: [`ChatEvent::Delta`]s, then exactly one [`ChatEvent::End`] or error.
/// A stream that stops without its end mark yields an error of [`Class::Overload`] with
/// `truncated` set, never an end.
pub type ChatStream = Pin<Box<dyn Stream<Item = Result<ChatEvent, ProviderError>> + Send>>;

/// A chat model behind any vendor.
#[async_trait]
pub trait ChatModel: Send + Sync {
    /// Starts an answer. Returns when the vendor has accepted the call (its status line).
    /// `now` is what "retry in 38 s" is counted from.
    async fn stream(
        &self,
        endpoint: &Endpoint,
        request: &ChatRequest,
        now: DateTime<Utc>,
    ) -> Result<ChatStream, ProviderError>;

    /// Has the vendor list its models, which is free. It proves that the vendor is there and accepts the
    /// key, and nothing about quotas.
    async fn list(&self, endpoint: &Endpoint, now: DateTime<Utc>) -> Result<(), ProviderError>;
}

/// The adapter that speaks a provider's protocol.
pub fn chat_model(provider: Provider, http: &reqwest::Client) -> Arc<dyn ChatModel> {
    match provider {
        Provider::Gemini => Arc::new(gemini::Gemini::new(http.clone())),
        Provider::OpenAi | Provider::Demo => Arc::new(openai::OpenAi::new(http.clone())),
        Provider::Anthropic => Arc::new(anthropic::Anthropic::new(http.clone())),
        Provider::Ollama => Arc::new(ollama::Ollama::new(http.clone())),
    }
}

/// The only way to make a client for providers: with timeouts, without redirects (a key must not
/// follow one), and with `TCP_NODELAY`, since Nagle with delayed ACK costs 40 ms.
///
/// # Errors
/// Where the TLS back end cannot be set up.
pub fn http_client() -> reqwest::Result<reqwest::Client> {
    client_builder().build()
}

/// The same for servers on this machine, which no proxy reaches, whatever the environment names.
///
/// # Errors
/// Where the TLS back end cannot be set up.
pub fn local_http_client() -> reqwest::Result<reqwest::Client> {
    client_builder().no_proxy().build()
}

/// The same for addresses that students name: names are resolved to hosts of the public internet only.
///
/// # Errors
/// Where the TLS back end cannot be set up.
pub fn public_http_client() -> reqwest::Result<reqwest::Client> {
    for_the_public(client_builder()).build()
}

/// Without a proxy, whatever the environment names: it would look names up itself, in the network that is to be kept
/// from students.
fn for_the_public(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder.no_proxy().dns_resolver(Arc::new(public_only::PublicOnly))
}

/// An answer that a provider keeps back for reasons of its own, or spoils.
fn withheld(reason: &str) -> ProviderError {
    ProviderError::new(Class::Withheld, Some(200), "the provider withholds this answer").code(Some(reason))
}

fn client_builder() -> reqwest::ClientBuilder {
    use_ring();
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(5))
        .tcp_nodelay(true)
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(512)
}

/// reqwest is built without a crypto provider, and panics where the process has set none.
pub(crate) fn use_ring() {
    if CryptoProvider::get_default().is_none() {
        // An error says that another thread was first, and then its provider stands.
        drop(ring::default_provider().install_default());
    }
}

#[cfg(test)]
mod tests;
