//! Embeddings through the pool: one call, and up to three more with other keys of the same provider. Another
//! provider's vectors would mean nothing beside these.

use chrono::{DateTime, Utc};
use domain::{feature::Feature, keys::Provider};
use ingest::embed::{Purpose, Vector};
use tokio::time::{Duration, Instant, timeout};

use super::{
    Router,
    decide::{Decision, Need},
    silent,
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
        loop {
            let need = Need { user: None, only: Some(provider), ..self.need_of(None, Feature::Embedding) };
            let chosen = match self.pool.next(&need, &tried) {
                Ok(chosen) => chosen,
                Err(Decision::WaitUntil(until)) => return Err(NotEmbedded::Wait(until)),
                Err(_) => return Err(NotEmbedded::Exhausted),
            };
            tried.push(chosen.id);
            // A key's own model is one that chats.
            let endpoint = Endpoint { model: model.to_owned(), ..self.endpoint(&chosen) };
            let began = Instant::now();
            let call = providers::embeddings::embed(
                provider,
                &self.http,
                &endpoint,
                texts,
                purpose,
                self.clock.now(),
            );
            let called = timeout(PATIENCE, call).await.unwrap_or_else(|_elapsed| Err(silent()));
            match called {
                Ok(vectors) => {
                    self.pool.succeeded(chosen.id, began.elapsed()).await;
                    return Ok(vectors);
                }
                Err(error) => {
                    self.pool.failed(chosen.id, &error).await;
                    if matches!(error.class, Class::Caller | Class::Blocked) {
                        return Err(NotEmbedded::Refused(error.reason));
                    }
                }
            }
        }
    }
}
