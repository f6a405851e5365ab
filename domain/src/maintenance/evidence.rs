//! What shows that a key cannot serve. One misreading closes nothing: a question that failed is confirmed by a neutral
//! probe, unless the provider itself named the time until which a budget is spent.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ids::KeyId,
    keys::{
        Key, KeyStatus, Provider,
        health::{Source, log::Entry},
    },
};

/// The most calls of one key that are shown as evidence.
const MOST: usize = 3;

/// What befell keys since each last answered, latest first.
#[derive(Debug, Clone, Default)]
pub struct Failures(HashMap<KeyId, Vec<Entry>>);

impl FromIterator<Entry> for Failures {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        let mut failures = HashMap::<_, Vec<_>>::new();
        for entry in entries {
            failures.entry(entry.key).or_default().push(entry);
        }
        Self(failures)
    }
}

impl Failures {
    /// The calls that show that a key cannot serve now; `None` where it may.
    pub fn proof<'a>(&'a self, key: &'a Key, keys: &'a [Key], now: DateTime<Utc>) -> Option<Vec<&'a Entry>> {
        let mut proof = Vec::new();
        if key.cooldown_until.is_some_and(|until| until > now) {
            proof.extend(self.of_its_budget(key, keys).filter(|entry| is_spent(entry)));
        }
        if proof.is_empty() && key.status == KeyStatus::Degraded {
            proof = self.confirmed(key);
        }
        proof.truncate(MOST);
        (!proof.is_empty()).then_some(proof)
    }

    fn of(&self, key: &Key) -> impl Iterator<Item = &Entry> {
        let since = key.last_success_at;
        let entries = self.0.get(&key.id).into_iter().flatten();
        entries.filter(move |entry| since.is_none_or(|since| entry.at > since))
    }

    /// A budget is its project's: what befell a sibling counts.
    fn of_its_budget<'a>(&'a self, key: &'a Key, keys: &'a [Key]) -> impl Iterator<Item = &'a Entry> {
        let shares = |other: &&Key| {
            other.id == key.id
                || (key.quota_group.is_some()
                    && (other.provider, &other.quota_group, other.owner)
                        == (key.provider, &key.quota_group, key.owner))
        };
        keys.iter().filter(shares).flat_map(|sibling| self.of(sibling))
    }

    /// The latest failures, as long as each is evidence; none unless a probe is among them.
    fn confirmed(&self, key: &Key) -> Vec<&Entry> {
        let is_away = |entry: &&Entry| {
            entry.evidence && matches!(entry.class.as_deref(), Some("credential" | "overload"))
        };
        let latest: Vec<_> = self.of(key).take_while(is_away).collect();
        let confirmed = latest.iter().any(|entry| entry.source == Source::Probe);
        if confirmed { latest } else { Vec::new() }
    }
}

/// Whether a provider said so itself, with the time; or said it again to a probe.
fn is_spent(entry: &Entry) -> bool {
    match entry.class.as_deref() {
        Some("quota") => entry.evidence || entry.source == Source::Probe,
        // One header alone is no proof.
        Some("rate") => entry.evidence && entry.source == Source::Probe,
        _ => false,
    }
}

/// A call that led to a closing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ClosingCall)]
pub struct Witness {
    /// When.
    pub at: DateTime<Utc>,
    /// With which key; it may be gone.
    pub key: KeyId,
    /// Its last four characters.
    pub last_four: String,
    /// Whose protocol it speaks.
    pub provider: Provider,
    /// What kind of failure it was.
    pub class: Option<String>,
    /// The status of the provider's answer, where there was one.
    pub http_status: Option<i16>,
    /// In our words, with the vendor's code in brackets.
    pub reason: Option<String>,
    /// Who met it.
    pub source: Source,
    /// Until when the key rests.
    pub rests_until: Option<DateTime<Utc>>,
}

impl Witness {
    /// Of a key's failed call.
    pub fn of(key: &Key, entry: &Entry, now: DateTime<Utc>) -> Self {
        Self {
            at: entry.at,
            key: key.id,
            last_four: key.last_four.clone(),
            provider: key.provider,
            class: entry.class.clone(),
            http_status: entry.http_status,
            reason: entry.reason.clone(),
            source: entry.source,
            rests_until: key.cooldown_until.filter(|until| *until > now),
        }
    }
}
