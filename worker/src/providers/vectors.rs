//! Embeds any number of texts at an endpoint, with what it takes at once, and without what it cannot embed.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use domain::keys::Provider;
use futures::future::BoxFuture;
use ingest::embed::{Purpose, Vector};
use tokio::time::timeout;

use super::{Class, Endpoint, Lack, ProviderError, embeddings::embed_once};

/// The most texts of one call, unless an endpoint takes fewer.
const BATCH: usize = 64;

/// How long one call may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// A text that every model can embed: where it cannot, the fault is not in the student's.
const NEUTRAL: &str = "The heart pumps blood.";

/// What came of embedding many texts.
#[derive(Debug, Clone, Default)]
pub struct Embedded {
    /// For each text that was asked about, in their order, its vector; `None` where the provider can make none of
    /// this text. Shorter than the texts where `failed` says why.
    pub vectors: Vec<Option<Vector>>,
    /// What the endpoint has shown that it cannot do.
    pub lacks: Vec<Lack>,
    /// Why the texts after those were not embedded: another key may go on from there.
    pub failed: Option<ProviderError>,
}

/// Embeds texts with as many calls as it takes: no batch is longer than the endpoint is known to take, one that is
/// refused is halved, a field that is refused is left out, and a text that cannot be embedded costs itself only.
pub async fn embed_each(
    provider: Provider,
    http: &reqwest::Client,
    endpoint: &Endpoint,
    texts: &[String],
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Embedded {
    let mut work = Work {
        provider,
        http,
        endpoint: endpoint.clone(),
        purpose,
        now,
        done: Embedded::default(),
        works: false,
    };
    let failed = work.embed(texts).await.err();
    Embedded { failed, ..work.done }
}

struct Work<'a> {
    provider: Provider,
    http: &'a reqwest::Client,
    /// With what was learnt meanwhile.
    endpoint: Endpoint,
    purpose: Purpose,
    now: DateTime<Utc>,
    done: Embedded,
    /// Whether it has embedded anything.
    works: bool,
}

impl Work<'_> {
    /// Embeds texts in their order. Says whether one call was enough.
    fn embed<'s>(&'s mut self, texts: &'s [String]) -> BoxFuture<'s, Result<bool, ProviderError>> {
        Box::pin(async move {
            let most = self.endpoint.abilities.batch.and_then(|most| usize::try_from(most).ok());
            let most = most.unwrap_or(BATCH).clamp(1, BATCH);
            if texts.len() > most {
                for batch in texts.chunks(most) {
                    // What it learns makes the next ones shorter, too.
                    self.embed(batch).await?;
                }
                return Ok(false);
            }
            if texts.is_empty() {
                return Ok(true);
            }
            match self.call(texts).await {
                Ok(vectors) => {
                    self.works = true;
                    self.done.vectors.extend(vectors);
                    Ok(true)
                }
                Err(error) if self.notes(&error, texts.len()) => self.embed(texts).await.map(|_| false),
                Err(error) if is_about_the_texts(&error) || self.may_be_one_text(&error, texts) => {
                    self.part(texts, error).await.map(|()| false)
                }
                Err(error) => Err(error),
            }
        })
    }

    /// Something about these texts is refused: the number of them, or one of them.
    async fn part(&mut self, texts: &[String], error: ProviderError) -> Result<(), ProviderError> {
        if !self.works && (texts.len() == 1 || error.class == Class::Overload) {
            // Before a text is blamed, the endpoint shows that it embeds at all.
            self.call(&[NEUTRAL.to_owned()]).await?;
            self.works = true;
        }
        if texts.len() == 1 {
            self.done.vectors.push(None);
            return Ok(());
        }
        let half = texts.len().div_ceil(2);
        let (first, second) = texts.split_at(half);
        let (first, second) = (self.embed(first).await?, self.embed(second).await?);
        if first && second && error.class == Class::Refusal {
            self.note(Lack::Batch(u32::try_from(half).unwrap_or(u32::MAX)));
        }
        Ok(())
    }

    /// Whether vectors of another length may be one text's fault: of several, or of an endpoint that has made right ones.
    fn may_be_one_text(&self, error: &ProviderError, texts: &[String]) -> bool {
        error.class == Class::Refusal && error.status == Some(200) && (texts.len() > 1 || self.works)
    }

    async fn call(&self, texts: &[String]) -> Result<Vec<Option<Vector>>, ProviderError> {
        let call = embed_once(self.provider, self.http, &self.endpoint, texts, self.purpose, self.now);
        let silent = || ProviderError::new(Class::Overload, None, "the provider did not answer in time");
        timeout(PATIENCE, call).await.unwrap_or_else(|_elapsed| Err(silent()))
    }

    /// Whether an error names something to leave out that was not left out.
    fn notes(&mut self, error: &ProviderError, sent: usize) -> bool {
        let Some(lack) = error.lacks.clone() else { return false };
        let helps = match &lack {
            Lack::Field(field) => !self.endpoint.abilities.refuses(*field),
            Lack::Batch(most) => usize::try_from(*most).is_ok_and(|most| (1..sent).contains(&most)),
            _ => false,
        };
        if helps {
            self.note(lack);
        }
        helps
    }

    fn note(&mut self, lack: Lack) {
        Arc::make_mut(&mut self.endpoint.abilities).note(&lack);
        self.done.lacks.push(lack);
    }
}

/// Whether other texts may fare better. A server that is overloaded is none of their faults.
fn is_about_the_texts(error: &ProviderError) -> bool {
    match error.class {
        // A vector of another length is one whatever the text.
        Class::Refusal => {
            error.status.is_some_and(|status| status >= 400 && !matches!(status, 404 | 405 | 410))
        }
        Class::Blocked | Class::Withheld | Class::EmptyByLength => true,
        Class::Overload => error.status == Some(500),
        Class::Credential | Class::Quota | Class::Rate => false,
    }
}
