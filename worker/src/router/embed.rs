//! Embeddings through the pool: one key, and up to three more of the same provider. Another provider's vectors would
//! mean nothing beside these.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    chat::history::estimate_tokens,
    feature::Feature,
    ids::JobId,
    keys::{Provider, endpoints::EndpointId, health::Source},
};
use ingest::embed::{Purpose, Vector};
use tokio::time::{Duration, Instant, timeout};

use super::{
    Router, Tokens,
    decide::{Decision, Need, Tried},
    patience::silent,
    pool::{Asking, Chosen},
};
use crate::providers::{self, Class, Endpoint, embeddings::Embedded};

/// How long a key may take over a text, and over many.
const PATIENCE: [Duration; 2] = [Duration::from_mins(1), Duration::from_mins(3)];

/// Why nothing was embedded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotEmbedded {
    /// A key will serve at this time.
    #[error("no key can embed before {0}")]
    Wait(DateTime<Utc>),
    /// No key will serve soon enough.
    #[error("no key can embed")]
    Exhausted,
    /// The provider does not take the texts.
    #[error("the provider does not embed this: {0}")]
    Refused(String),
}

impl Router {
    /// Embeds texts with one model of one provider; `None` for a text of which it can make no vector.
    ///
    /// # Errors
    /// Why not.
    pub async fn embed(
        &self,
        provider: Provider,
        model: &str,
        texts: &[String],
        purpose: Purpose,
    ) -> Result<Vec<Option<Vector>>, NotEmbedded> {
        let mut tried = Tried::default();
        let mut refused = None;
        let mut vectors = Vec::with_capacity(texts.len());
        loop {
            let rest = texts.get(vectors.len()..).unwrap_or_default();
            // Of no job: whoever waits for a vector comes back by itself, and is in nobody's way meanwhile.
            let asking = Asking { job: JobId::generate(), tokens: tokens_of(rest) };
            let chosen = self.next_that_embeds(provider, &tried, asking).await;
            self.pool.waits_no_more(asking.job);
            let chosen = match (chosen, refused) {
                (Ok(chosen), _) => chosen,
                (Err(NotEmbedded::Exhausted), Some(reason)) => return Err(NotEmbedded::Refused(reason)),
                (Err(error), _) => return Err(error),
            };
            tried.keys.push(chosen.id);
            let Embedded { vectors: made, failed, .. } = self.embed_with(&chosen, model, rest, purpose).await;
            vectors.extend(made);
            let Some(error) = failed else { return Ok(vectors) };
            refused = None;
            if matches!(error.class, Class::Refusal | Class::Blocked) {
                tried.refused.push(Arc::clone(&chosen.endpoint));
                refused = Some(error.reason);
            }
        }
    }

    /// As much as one key embeds, and what that teaches.
    async fn embed_with(&self, chosen: &Chosen, model: &str, texts: &[String], purpose: Purpose) -> Embedded {
        // A key's own model is one that chats.
        let id = EndpointId { model: model.to_owned(), ..EndpointId::clone(&chosen.endpoint) };
        let endpoint = Endpoint {
            model: model.to_owned(),
            abilities: self.pool.abilities(&id),
            ..self.endpoint(chosen)
        };
        let began = Instant::now();
        let now = self.clock.now();
        let http = match self.http_for(chosen, &endpoint) {
            Ok(http) => http,
            Err(error) => return Embedded { failed: Some(error), ..Embedded::default() },
        };
        let call = providers::embeddings::embed_each(chosen.provider, http, &endpoint, texts, purpose, now);
        let patience = if texts.len() > 1 { PATIENCE[1] } else { PATIENCE[0] };
        let called = timeout(patience, call).await;
        let called =
            called.unwrap_or_else(|_elapsed| Embedded { failed: Some(silent()), ..Embedded::default() });
        for lack in &called.lacks {
            self.pool.note_lack(&id, lack, "an embedding was refused").await;
        }
        let tokens = tokens_of(texts.get(..called.vectors.len()).unwrap_or_default());
        let tokens = u32::try_from(tokens).unwrap_or(u32::MAX);
        self.pool.settle(chosen, tokens);
        if !called.vectors.is_empty() || called.failed.is_none() {
            self.pool.spent(chosen, Tokens { prompt: tokens, ..Tokens::default() });
            self.pool.succeeded(chosen.id, began.elapsed(), tokens).await;
        }
        if let Some(error) = &called.failed {
            self.pool.failed(chosen.id, error, Source::Call).await;
        }
        called
    }

    async fn next_that_embeds(
        &self,
        provider: Provider,
        tried: &Tried,
        asking: Asking,
    ) -> Result<Chosen, NotEmbedded> {
        loop {
            let need =
                Need { only: Some(provider), ..self.need_of(None, Feature::Embedding, self.clock.now()) };
            let chosen = match self.pool.next(&need, tried, asking) {
                Ok(chosen) => chosen,
                Err(Decision::WaitUntil(until)) => return Err(NotEmbedded::Wait(until)),
                Err(_) => return Err(NotEmbedded::Exhausted),
            };
            if !chosen.needs_trial || self.pool.begin_trial(chosen.id).await {
                return Ok(chosen);
            }
            self.pool.not_called(&chosen);
        }
    }
}

/// What texts take, about.
fn tokens_of(texts: &[String]) -> i64 {
    let chars = texts.iter().map(|text| text.chars().count()).sum();
    i64::try_from(estimate_tokens(chars)).unwrap_or(i64::MAX)
}
