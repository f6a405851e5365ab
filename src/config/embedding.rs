//! Who embeds documents and searches.

use clap::{Args, ValueEnum};
use domain::keys::Provider;
use worker::EmbedderChoice;

/// Who embeds.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Embedding")]
pub struct Embedding {
    /// Who embeds documents and searches: `local`, `gemini`, `openai` or `ollama`.
    #[arg(long, env, global = true, value_enum, default_value = "local")]
    pub embedder: EmbedderKind,
    /// The model that embeds where `EMBEDDER` is `gemini`.
    #[arg(long, env, global = true, default_value = "gemini-embedding-001")]
    pub gemini_embedding_model: String,
    /// The model that embeds where `EMBEDDER` is `openai`.
    #[arg(long, env, global = true, default_value = "text-embedding-3-small")]
    pub openai_embedding_model: String,
    /// The model that embeds where `EMBEDDER` is `ollama`.
    #[arg(long, env, global = true, default_value = "all-minilm")]
    pub ollama_embedding_model: String,
}

/// Who embeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EmbedderKind {
    /// A small model on this machine.
    Local,
    /// Gemini, through the pool of keys.
    Gemini,
    /// A service that speaks OpenAI's protocol, through the pool of keys.
    Openai,
    /// Ollama, through the pool of keys.
    Ollama,
}

impl Embedding {
    /// Which model embeds.
    pub fn choice(&self) -> EmbedderChoice {
        let (provider, model) = match self.embedder {
            EmbedderKind::Local => return EmbedderChoice::Local,
            EmbedderKind::Gemini => (Provider::Gemini, &self.gemini_embedding_model),
            EmbedderKind::Openai => (Provider::OpenAi, &self.openai_embedding_model),
            EmbedderKind::Ollama => (Provider::Ollama, &self.ollama_embedding_model),
        };
        EmbedderChoice::Remote(provider, model.clone())
    }
}
