//! What endpoints have shown, as a worker process holds it: read with the pool, and learnt by its own calls at once.

use std::{collections::HashMap, sync::Arc};

use domain::{
    feature::Feature,
    keys::{
        Key, Provider,
        endpoints::{self, EndpointFact, EndpointId, KEPT},
    },
};

use super::Pool;
use crate::{
    WorkerSettings,
    providers::{Abilities, Lack},
    router::endpoints::{THOUGHTS, recall, stored},
};

/// The most room that is given to thoughts, in tokens.
const MOST_THOUGHTS: u32 = 16_384;

/// What is known, by the endpoint.
#[derive(Debug, Default)]
pub(super) struct Known {
    abilities: HashMap<EndpointId, Arc<Abilities>>,
    /// What an endpoint of which nothing is known is taken for, by the protocol.
    unknown: HashMap<Provider, Arc<Abilities>>,
}

/// Whether a key may be shown pictures: one that is kept for something else is not for them.
pub(super) fn sees(key: &Key, abilities: &Abilities) -> bool {
    key.feature.is_none_or(|feature| feature == Feature::Image) && !abilities.blind
}

impl Known {
    /// From rows.
    pub(super) fn of(facts: Vec<EndpointFact>, settings: &WorkerSettings) -> Self {
        let unknown = |provider: Provider| {
            let can = &provider.description().can;
            let context_limit = (provider == Provider::Ollama).then_some(settings.ollama_context);
            let abilities = Abilities {
                blind: !can.vision,
                no_schema: !can.schema,
                context_limit,
                ..Abilities::default()
            };
            (provider, Arc::new(abilities))
        };
        let unknown = Provider::ALL.map(unknown).into();
        let mut known = Self { abilities: HashMap::new(), unknown };
        for fact in facts {
            known.change(&fact.endpoint, |abilities| recall(abilities, &fact));
        }
        known
    }

    /// What an endpoint can do, as far as is known.
    pub(super) fn abilities(&self, endpoint: &EndpointId) -> Arc<Abilities> {
        let known = self.abilities.get(endpoint).or_else(|| self.unknown.get(&endpoint.provider));
        known.cloned().unwrap_or_default()
    }

    /// Changes what is known. Says whether that made a difference.
    fn change(&mut self, endpoint: &EndpointId, change: impl FnOnce(&mut Abilities)) -> bool {
        let before = self.abilities(endpoint);
        let mut after = Abilities::clone(&before);
        change(&mut after);
        let changed = after != *before;
        if changed {
            self.abilities.insert(endpoint.clone(), Arc::new(after));
        }
        changed
    }
}

impl Pool {
    /// What an endpoint can do, as far as is known.
    pub fn abilities(&self, endpoint: &EndpointId) -> Arc<Abilities> {
        self.lock().known.abilities(endpoint)
    }

    /// An endpoint has shown that it cannot do something. Says whether that is news.
    pub async fn note_lack(&self, endpoint: &EndpointId, lack: &Lack, reason: &str) -> bool {
        let (lesson, amount) = stored(lack);
        let news = self.lock().known.change(endpoint, |abilities| abilities.note(lack));
        if news {
            tracing::info!(lesson, amount, model = endpoint.model, "an endpoint cannot do this");
            self.keep(endpoint, lesson, amount, Some(reason.to_owned())).await;
        }
        news
    }

    /// What an answer took for thoughts. More is believed at once, and less little by little; where the thoughts left
    /// no room for a word, nobody knows how many more there would have been.
    pub async fn note_thoughts(&self, endpoint: &EndpointId, thoughts: u32, was_too_little: bool) {
        let known = self.abilities(endpoint).thoughts;
        let learnt = room_for(known, thoughts, was_too_little);
        // Small changes are not worth a write.
        if learnt.abs_diff(known) <= known / 4 {
            return;
        }
        self.lock().known.change(endpoint, |abilities| abilities.thoughts = learnt);
        self.keep(endpoint, THOUGHTS.to_owned(), Some(learnt.into()), None).await;
    }

    async fn keep(&self, endpoint: &EndpointId, lesson: String, amount: Option<i64>, reason: Option<String>) {
        let now = self.clock.now();
        let fact = EndpointFact {
            endpoint: endpoint.clone(),
            lesson,
            amount,
            reason,
            learnt_at: now,
            until: now + KEPT,
        };
        self.write(async {
            let mut conn = self.db.pool().acquire().await?;
            endpoints::remember(&mut conn, &fact).await
        })
        .await;
    }
}

/// The room that thoughts are to have from now on.
fn room_for(known: u32, thoughts: u32, was_too_little: bool) -> u32 {
    let learnt = match (was_too_little, thoughts > known) {
        (true, _) => thoughts.max(known).saturating_mul(2),
        (false, true) => thoughts,
        (false, false) => known - (known - thoughts) / 8,
    };
    learnt.min(MOST_THOUGHTS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn room_for_thoughts_grows_at_once_shrinks_slowly_and_is_bounded(known in 0..=MOST_THOUGHTS, thoughts: u32, was_too_little: bool) {
            let room = room_for(known, thoughts, was_too_little);
            prop_assert!(room <= MOST_THOUGHTS);
            prop_assert!(room >= thoughts.min(MOST_THOUGHTS));
            prop_assert!(room >= known - known / 8);
            prop_assert!(!was_too_little || thoughts == 0 || room > known || room == MOST_THOUGHTS);
        }
    }
}
