//! Embeddings through the pool: one call, and up to three more with other keys of the same provider. Another
//! provider's vectors would mean nothing beside these.

use chrono::{DateTime, Utc};
use domain::{
    chat::history::estimate_tokens,
    feature::Feature,
    ids::{JobId, KeyId},
    keys::{Provider, health::Source},
};
use ingest::embed::{Purpose, Vector};
use tokio::time::{Duration, Instant, timeout};

use super::{
    Router, Tokens,
    call::silent,
    decide::{Decision, Need},
    pool::{Asking, Chosen},
};
use crate::providers::{self, Class, Endpoint};

/// How long one call may take.
const PATIENCE: Duration = Duration::from_mins(1);

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
    /// Embeds texts with one model of one provider.
    ///
    /// # Errors
    /// Why not.
    pub async fn embed(
        &self,
        provider: Provider,
        model: &str,
        texts: &[String],
        purpose: Purpose,
    ) -> Result<Vec<Vector>, NotEmbedded> {
        let mut tried = Vec::new();
        // Of no job: whoever waits for a vector comes back by itself, and is in nobody's way meanwhile.
        let asking = Asking { job: JobId::generate(), tokens: tokens_of(texts) };
        loop {
            let chosen = self.next_that_embeds(provider, &tried, asking).await;
            self.pool.waits_no_more(asking.job);
            let chosen = chosen?;
            tried.push(chosen.id);
            // A key's own model is one that chats.
            let endpoint = Endpoint { model: model.to_owned(), ..self.endpoint(&chosen) };
            let began = Instant::now();
            let now = self.clock.now();
            let call = providers::embeddings::embed(provider, &self.http, &endpoint, texts, purpose, now);
            let called = timeout(PATIENCE, call).await.unwrap_or_else(|_elapsed| Err(silent()));
            match called {
                Ok(vectors) => {
                    let tokens = u32::try_from(asking.tokens).unwrap_or(u32::MAX);
                    self.pool.settle(&chosen, tokens);
                    self.pool.spent(&chosen, Tokens { prompt: tokens, ..Tokens::default() });
                    self.pool.succeeded(chosen.id, began.elapsed(), tokens).await;
                    return Ok(vectors);
                }
                Err(error) => {
                    self.pool.settle(&chosen, 0);
                    self.pool.failed(chosen.id, &error, Source::Call).await;
                    if matches!(error.class, Class::Refusal | Class::Blocked) {
                        return Err(NotEmbedded::Refused(error.reason));
                    }
                }
            }
        }
    }

    async fn next_that_embeds(
        &self,
        provider: Provider,
        tried: &[KeyId],
        asking: Asking,
    ) -> Result<Chosen, NotEmbedded> {
        loop {
            let need = Need { only: Some(provider), ..self.need_of(None, Feature::Embedding) };
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
