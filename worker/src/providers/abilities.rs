//! What an endpoint (an address and a model) can do, as far as its refusals have shown.
//!
//! Adapters obey it when they write a request; the router learns it from [`ProviderError::lacks`] and keeps it for a
//! day. The default is an endpoint that has refused nothing yet.
//!
//! [`ProviderError::lacks`]: super::ProviderError::lacks

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Something that an endpoint has shown it cannot do.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "lack", content = "of", rename_all = "snake_case")]
pub enum Lack {
    /// Look at pictures.
    Vision,
    /// Take system text: it goes before the student's first words instead.
    SystemText,
    /// Take a field of the request: it is left out, or put in its other form where there is one
    /// (`max_tokens`, `max_completion_tokens`).
    Field(Field),
    /// Take more texts than this with one call of embedding.
    Batch(u32),
    /// Answer under a JSON schema.
    Schema,
    /// Take a prompt of more than so many tokens, as far as is known.
    Context(u32),
    /// Give an answer of more than so many tokens, thoughts included.
    Output(u32),
}

/// A field of a request that some servers refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// How freely words are chosen.
    Temperature,
    /// `stream_options` of OpenAI's protocol: the usage then comes or not.
    StreamOptions,
    /// `max_tokens` of OpenAI's protocol: `max_completion_tokens` is sent in its place.
    MaxTokens,
    /// `max_completion_tokens` of OpenAI's protocol, refused by servers that know only the older one.
    MaxCompletionTokens,
    /// The vendor's bound on thoughts: `thinkingConfig`, `reasoning_effort`, `think`.
    Thinking,
    /// `dimensions` of an embedding.
    Dimensions,
    /// `encoding_format` of an embedding.
    EncodingFormat,
    /// `options.num_ctx` of Ollama.
    ContextLength,
    /// `stream`: one object is asked for instead.
    Stream,
    /// `taskType` of an embedding of Gemini's.
    TaskType,
    /// `truncate` of an embedding of Ollama's.
    Truncate,
}

/// What an endpoint can do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Abilities {
    /// It cannot look at pictures.
    pub blind: bool,
    /// It takes no system text.
    pub no_system_text: bool,
    /// Fields that it refuses.
    pub refuses: BTreeSet<Field>,
    /// The most texts of one call of embedding.
    pub batch: Option<u32>,
    /// It answers under no schema.
    pub no_schema: bool,
    /// The longest prompt that it takes, in tokens, as far as is known.
    pub context: Option<u32>,
    /// The longest answer that it gives, in tokens, thoughts included.
    pub output: Option<u32>,
    /// The longest context to ask for of a server that has to be told (`num_ctx`), as the operator bounds it. Not
    /// learnt.
    pub context_limit: Option<u32>,
    /// What it takes for thoughts on top of an answer, in tokens: added to the limit of a request.
    pub thoughts: u32,
}

impl Abilities {
    /// Adds what was shown.
    pub fn note(&mut self, lack: &Lack) {
        match lack {
            Lack::Vision => self.blind = true,
            Lack::SystemText => self.no_system_text = true,
            Lack::Field(field) => {
                self.refuses.insert(*field);
            }
            Lack::Batch(most) => self.batch = Some(self.batch.map_or(*most, |known| known.min(*most))),
            Lack::Schema => self.no_schema = true,
            Lack::Context(most) => self.context = Some(self.context.map_or(*most, |known| known.min(*most))),
            Lack::Output(most) => self.output = Some(self.output.map_or(*most, |known| known.min(*most))),
        }
    }

    /// Whether it refuses a field.
    pub fn refuses(&self, field: Field) -> bool {
        self.refuses.contains(&field)
    }
}
