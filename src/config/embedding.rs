//! Who embeds documents and searches.

use clap::Args;
use worker::EmbedderChoice;

use super::Providers;
use crate::providers::{self, EmbedderKind, LOCAL};

/// Who embeds.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Embedding")]
pub struct Embedding {
    /// Who embeds documents and searches: the model on this machine, or a provider.
    #[arg(long, env, global = true, help = providers::embedders(), value_parser = EmbedderKind::parser(), default_value = LOCAL)]
    pub embedder: EmbedderKind,
}

impl Embedding {
    /// Which model embeds.
    pub fn choice(&self, providers: &Providers) -> EmbedderChoice {
        match self.embedder {
            EmbedderKind::Local => EmbedderChoice::Local,
            EmbedderKind::Of(provider) => {
                EmbedderChoice::Remote(provider, providers.endpoints.embedding_model(provider))
            }
        }
    }
}
