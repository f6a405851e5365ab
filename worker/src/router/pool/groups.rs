//! Keys that share their limits: those of one project of a provider.

use std::collections::HashMap;

use domain::{
    ids::{KeyId, UserId},
    keys::{CallLimits, Key, Provider},
};

/// Limits are counted per project of a provider; a student's own keys are nobody else's group.
pub(super) type GroupId = (Provider, String, Option<UserId>);

pub(super) fn group(key: &Key) -> Option<GroupId> {
    let group = key.quota_group.clone()?;
    Some((key.provider, group, key.owner))
}

/// Which keys share their limits, and what the strictest of each allows.
pub(super) struct Groups(HashMap<GroupId, (Vec<KeyId>, CallLimits)>);

impl Groups {
    pub(super) fn of<'a>(keys: impl Iterator<Item = &'a Key>) -> Self {
        let mut groups = HashMap::<_, (Vec<_>, CallLimits)>::new();
        for key in keys {
            if let Some(group) = group(key) {
                let (members, limits) = groups.entry(group).or_default();
                members.push(key.id);
                *limits = stricter(*limits, key.limits);
            }
        }
        Self(groups)
    }

    /// The keys that one shares its limits with, and these; nobody where there are none.
    pub(super) fn around(&self, key: &Key) -> (Vec<KeyId>, CallLimits) {
        let (members, limits) = group(key)
            .and_then(|group| self.0.get(&group).cloned())
            .unwrap_or_else(|| (vec![key.id], key.limits));
        if limits == CallLimits::default() { (Vec::new(), limits) } else { (members, limits) }
    }
}

fn stricter(one: CallLimits, other: CallLimits) -> CallLimits {
    let least = |one: Option<u32>, other: Option<u32>| one.into_iter().chain(other).min();
    CallLimits {
        rpm: least(one.rpm, other.rpm),
        tpm: least(one.tpm, other.tpm),
        rpd: least(one.rpd, other.rpd),
    }
}
