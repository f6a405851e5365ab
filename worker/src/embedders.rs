//! Which model embeds: the one on this machine, or a provider's through the pool of keys. Vectors carry the model's
//! name, so that the right one is found again for what it made.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use domain::keys::Provider;
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
        let provider = [Provider::Gemini, Provider::OpenAi, Provider::Ollama]
            .into_iter()
            .find(|known| known.as_str() == provider)?;
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
    match model.split_once(':') {
        // Its vectors all lie near one another.
        Some(("gemini", _)) => 0.55,
        _ => 0.30,
    }
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
        let calls = ByRouter { remote: self, purpose };
        let mut vectors = Vec::with_capacity(texts.len());
        for batch in texts.chunks(BATCH) {
            vectors.extend(halving(batch, &calls).await?);
        }
        Ok(vectors)
    }
}

/// A call with some texts: a vector for each, or none for one that was tried by itself.
#[async_trait]
trait Calls: Sync {
    async fn call(&self, texts: &[String]) -> Result<Vec<Option<Vector>>, NotEmbedded>;
}

struct ByRouter<'a> {
    remote: &'a Remote,
    purpose: Purpose,
}

#[async_trait]
impl Calls for ByRouter<'_> {
    async fn call(&self, texts: &[String]) -> Result<Vec<Option<Vector>>, NotEmbedded> {
        let Remote { router, provider, called, .. } = self.remote;
        let made = router.embed(*provider, called, texts, self.purpose).await?;
        Ok(made.into_iter().map(Into::into).collect())
    }
}

/// Says nothing that anybody could refuse: where it is not embedded either, the texts are not at fault.
const HARMLESS: &str = "The heart has four chambers.";

/// Embeds texts; what is not taken together is tried in halves, so that a text that cannot be embedded costs itself
/// only. Where nothing else is embedded either, it is an error.
async fn halving(texts: &[String], calls: &impl Calls) -> Result<Vec<Option<Vector>>, NotEmbedded> {
    let mut vectors = Vec::with_capacity(texts.len());
    let mut parts = vec![texts];
    let mut is_alive = texts.is_empty();
    while let Some(part) = parts.pop() {
        match calls.call(part).await {
            Ok(made) => {
                is_alive |= made.iter().any(Option::is_some);
                vectors.extend(made);
                continue;
            }
            Err(error @ NotEmbedded::Wait(_)) => return Err(error),
            // Keys that failed may have failed at a text; they have not, where they fail at any other.
            Err(NotEmbedded::Exhausted) => {
                embeds_at_all(calls).await?;
                is_alive = true;
            }
            Err(NotEmbedded::Refused(_)) => {}
        }
        match part {
            [] | [_] => vectors.extend(part.iter().map(|_| None)),
            _ => {
                let (first, second) = part.split_at(part.len() / 2);
                parts.extend([second, first]);
            }
        }
    }
    if !is_alive {
        embeds_at_all(calls).await?;
    }
    Ok(vectors)
}

async fn embeds_at_all(calls: &impl Calls) -> Result<(), NotEmbedded> {
    let made = calls.call(&[HARMLESS.to_owned()]).await?;
    let one = made.into_iter().next().flatten();
    one.map(drop).ok_or_else(|| NotEmbedded::Refused("it embeds nothing".to_owned()))
}

/// When an embedder that cannot serve now may serve again, where it said so.
pub(crate) fn serves_again(error: &anyhow::Error) -> Option<chrono::DateTime<chrono::Utc>> {
    match error.downcast_ref::<NotEmbedded>() {
        Some(NotEmbedded::Wait(until)) => Some(*until),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use ingest::embed::DIMENSIONS;
    use proptest::prelude::*;

    use super::*;

    fn vector(text: &str) -> Vector {
        let mut numbers = vec![0.0; DIMENSIONS];
        numbers[text.len() % DIMENSIONS] = 1.0;
        Vector::new(numbers).unwrap()
    }

    /// A provider that takes so many texts at once, and none that says `bad`.
    struct Fake {
        most: usize,
        refuses: NotEmbedded,
        calls: AtomicUsize,
    }

    #[async_trait]
    impl Calls for Fake {
        async fn call(&self, texts: &[String]) -> Result<Vec<Option<Vector>>, NotEmbedded> {
            self.calls.fetch_add(1, Ordering::Relaxed);
            if texts.len() > self.most || texts.iter().any(|text| text.contains("bad")) {
                return Err(self.refuses.clone());
            }
            Ok(texts.iter().map(|text| Some(vector(text))).collect())
        }
    }

    type Embedded = Result<Vec<Option<Vector>>, NotEmbedded>;

    fn embedded(texts: &[String], most: usize, as_failure: bool) -> (Embedded, usize) {
        let refuses = if as_failure { NotEmbedded::Exhausted } else { NotEmbedded::Refused("no".to_owned()) };
        let fake = Fake { most, refuses, calls: AtomicUsize::new(0) };
        let made = futures::executor::block_on(halving(texts, &fake));
        (made, fake.calls.into_inner())
    }

    proptest! {
        #[test]
        fn a_text_that_cannot_be_embedded_costs_itself_only(
            texts in prop::collection::vec("(bad|good)[a-z]{0,9}", 1..40), most in 1_usize..64, as_failure: bool,
        ) {
            let (made, _) = embedded(&texts, most, as_failure);
            let right: Vec<_> =
                texts.iter().map(|text| (!text.contains("bad")).then(|| vector(text))).collect();
            prop_assert_eq!(made, Ok(right));
        }
    }

    #[test]
    fn one_bad_text_of_many_costs_a_few_calls() {
        let mut texts = vec!["good".to_owned(); 64];
        texts[17] = "bad".to_owned();
        assert!(embedded(&texts, 64, false).1 <= 14);
    }

    #[test]
    fn a_provider_that_takes_nothing_is_no_texts_fault() {
        let texts = ["good".to_owned(), "bad".to_owned()];
        for as_failure in [false, true] {
            assert!(embedded(&texts, 0, as_failure).0.is_err());
        }
        let refuses = NotEmbedded::Wait(chrono::DateTime::UNIX_EPOCH);
        let fake = Fake { most: 0, refuses: refuses.clone(), calls: AtomicUsize::new(0) };
        assert_eq!(futures::executor::block_on(halving(&texts, &fake)), Err(refuses));
        assert_eq!(fake.calls.into_inner(), 1);
    }
}
