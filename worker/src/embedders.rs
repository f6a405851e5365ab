//! Which model embeds: the one on this machine, or a provider's through the pool of keys. Vectors carry the model's
//! name, so that the right one is found again for what it made.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::keys::{Provider, provider::RELEVANCE_FLOOR};
use ingest::embed::{Embedder, Local, Purpose, Vector};

use crate::router::{Router, embed::NotEmbedded};

/// The model that embeds new documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EmbedderChoice {
    /// The one on this machine.
    Local,
    /// A provider's, by its name.
    Remote(Provider, String),
}

/// All models that can embed.
pub(crate) struct Embedders {
    local: Arc<Local>,
    choice: EmbedderChoice,
    router: Arc<Router>,
}

impl Embedders {
    pub(crate) const fn new(local: Arc<Local>, choice: EmbedderChoice, router: Arc<Router>) -> Self {
        Self { local, choice, router }
    }

    /// The one for new documents.
    pub(crate) fn current(&self) -> Arc<dyn Embedder> {
        match &self.choice {
            EmbedderChoice::Local => self.local.clone(),
            EmbedderChoice::Remote(provider, model) => Arc::new(self.remote(*provider, model)),
        }
    }

    /// The one that has this name, if there is one.
    pub(crate) fn named(&self, name: &str) -> Option<Arc<dyn Embedder>> {
        if name == Embedder::model(&*self.local) {
            return Some(self.local.clone());
        }
        let (provider, model) = name.split_once(':')?;
        let provider = Provider::embedding().find(|known| known.as_str() == provider)?;
        Some(Arc::new(self.remote(provider, model)))
    }

    fn remote(&self, provider: Provider, model: &str) -> Remote {
        let name = format!("{}:{model}", provider.as_str());
        Remote { router: Arc::clone(&self.router), provider, called: model.to_owned(), model: name }
    }
}

impl fmt::Debug for Embedders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embedders").field("choice", &self.choice).finish_non_exhaustive()
    }
}

/// How near a passage must be to a question to be cited. No citation is better than a wrong one.
pub(crate) fn relevance_floor(model: &str) -> f64 {
    let provider = model.split_once(':').and_then(|(name, _)| Provider::named(name).ok());
    let embedding = provider.and_then(|provider| provider.description().can.embedding);
    embedding.map_or(RELEVANCE_FLOOR, |embedding| embedding.relevance_floor)
}

/// A provider's model.
#[derive(Debug)]
struct Remote {
    router: Arc<Router>,
    provider: Provider,
    /// As the provider calls it.
    called: String,
    /// As it is stored.
    model: String,
}

/// The most texts of one call, which every provider takes.
const BATCH: usize = 64;

#[async_trait]
impl Embedder for Remote {
    fn model(&self) -> &str {
        &self.model
    }

    async fn embed(&self, texts: &[String], purpose: Purpose) -> anyhow::Result<Vec<Option<Vector>>> {
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            vectors.extend(self.router.embed(self.provider, &self.called, batch, purpose).await?);
        }
        Ok(vectors)
    }
}

/// How long an embedder is left alone whose keys are all away without a word when they come back.
const LEAVE_ALONE: TimeDelta = TimeDelta::seconds(30);

/// When an embedder that cannot serve now may serve again. An outage is waited out.
pub(crate) fn serves_again(error: &anyhow::Error, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match error.downcast_ref::<NotEmbedded>() {
        Some(NotEmbedded::Wait(until)) => Some(*until),
        Some(NotEmbedded::Exhausted) => Some(now + LEAVE_ALONE),
        _ => None,
    }
}
