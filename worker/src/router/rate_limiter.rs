//! Limits of keys, respected before their provider has to say no.
//!
//! A call is counted when its key is chosen, under the pool's lock, so that a process never passes a
//! limit, however many calls begin at once. Processes tell each other about once a second.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Timelike as _, Utc};
use domain::{
    ids::KeyId,
    keys::{
        CallLimits, Provider,
        quota_day::quota_day,
        usage::{Span, Used},
    },
};

/// How long a call counts towards limits of a minute: a minute, and the second that it began in, of
/// which only the beginning is known.
const MINUTE: TimeDelta = TimeDelta::seconds(61);

/// What calls used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Use {
    requests: i64,
    tokens: i64,
}

/// What was used when.
#[derive(Debug, Default)]
struct UsageWindow(BTreeMap<(Span, DateTime<Utc>), Use>);

/// What was used of one key: as everybody knows, on its way there, and not yet told.
#[derive(Debug, Default)]
struct Count {
    known: UsageWindow,
    sent: UsageWindow,
    fresh: UsageWindow,
}

/// Counts calls of keys that have limits.
#[derive(Debug, Default)]
pub(super) struct RateLimiter(HashMap<KeyId, Count>);

/// Where a call was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    second: DateTime<Utc>,
    day: DateTime<Utc>,
    /// The tokens that it was expected to take.
    tokens: i64,
}

/// What a call would take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    /// Tokens, estimated.
    pub(super) tokens: i64,
    /// Calls that have a right to go first.
    pub(super) ahead: i64,
}

/// Keys whose limits are counted together, and what is allowed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group<'a> {
    /// Whose protocol they speak.
    pub(super) provider: Provider,
    /// Them.
    pub(super) members: &'a [KeyId],
    /// What the strictest of them allows.
    pub(super) limits: CallLimits,
}

impl RateLimiter {
    /// Counts a call that begins.
    pub(super) fn take(
        &mut self,
        key: KeyId,
        provider: Provider,
        tokens: i64,
        now: DateTime<Utc>,
    ) -> Counted {
        let second = now.with_nanosecond(0).unwrap_or(now);
        let counted = Counted { second, day: quota_day(provider, now).0, tokens };
        self.0.entry(key).or_default().fresh.note(counted, Use { requests: 1, tokens });
        counted
    }

    /// Takes back a call that was not made.
    pub(super) fn take_back(&mut self, key: KeyId, counted: Counted) {
        let off = Use { requests: -1, tokens: -counted.tokens };
        self.0.entry(key).or_default().fresh.note(counted, off);
    }

    /// Puts a call's tokens right, once they are known.
    pub(super) fn correct(&mut self, key: KeyId, counted: Counted, tokens: i64) {
        let off = Use { requests: 0, tokens: tokens.saturating_sub(counted.tokens) };
        if off.tokens != 0 {
            self.0.entry(key).or_default().fresh.note(counted, off);
        }
    }

    /// When the limits let a call through; `None` is now.
    pub(super) fn free_at(
        &self,
        group: Group<'_>,
        asked: Asked,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let CallLimits { rpm, tpm, rpd } = group.limits;
        let mut free = None;
        if rpm.is_some() || tpm.is_some() {
            let minute = self.minute(group.members, now);
            if let Some(rpm) = rpm {
                free = free.max(requests_free_at(&minute, rpm.into(), asked.ahead, now));
            }
            if let Some(tpm) = tpm {
                free = free.max(tokens_free_at(&minute, tpm.into(), asked.tokens));
            }
        }
        if let Some(rpd) = rpd {
            let (start, end) = quota_day(group.provider, now);
            let full = self.requests_since(group.members, start).saturating_add(asked.ahead) >= rpd.into();
            free = free.max(full.then_some(end));
        }
        free
    }

    /// Requests that the day's limit still allows, and when it resets.
    pub(super) fn left_today(
        &self,
        group: Group<'_>,
        now: DateTime<Utc>,
    ) -> Option<(i64, i64, DateTime<Utc>)> {
        let rpd = i64::from(group.limits.rpd?);
        let (start, end) = quota_day(group.provider, now);
        Some((rpd.saturating_sub(self.requests_since(group.members, start)).max(0), rpd, end))
    }

    /// What was used within the last minute, by the second.
    fn minute(&self, members: &[KeyId], now: DateTime<Utc>) -> BTreeMap<DateTime<Utc>, Use> {
        let mut minute = BTreeMap::<_, Use>::new();
        for window in self.windows(members) {
            for ((span, slot), used) in &window.0 {
                if *span == Span::Second && *slot + MINUTE > now {
                    minute.entry(*slot).or_default().add(*used);
                }
            }
        }
        minute
    }

    fn requests_since(&self, members: &[KeyId], start: DateTime<Utc>) -> i64 {
        let of = |window: &UsageWindow| {
            let today = window.0.range((Span::Day, start)..);
            today.map(|(_, used)| used.requests).sum::<i64>()
        };
        self.windows(members).map(of).sum()
    }

    fn windows<'a>(&'a self, members: &'a [KeyId]) -> impl Iterator<Item = &'a UsageWindow> {
        let counts = members.iter().filter_map(|key| self.0.get(key));
        counts.flat_map(|count| [&count.known, &count.sent, &count.fresh])
    }

    /// Takes out what others do not know yet, to be told.
    pub(super) fn unsent(&mut self) -> Vec<Used> {
        let mut unsent = Vec::new();
        for (key, count) in &mut self.0 {
            count.sent.absorb(&mut count.fresh);
            let used = count.sent.0.iter().map(|((span, slot), used)| Used {
                key: *key,
                span: *span,
                slot: *slot,
                requests: used.requests,
                tokens: used.tokens,
            });
            unsent.extend(used);
        }
        unsent
    }

    /// It was told, and this is what everybody used.
    pub(super) fn confirmed(&mut self, known: Vec<Used>) {
        for count in self.0.values_mut() {
            count.known.0.clear();
            count.sent.0.clear();
        }
        for Used { key, span, slot, requests, tokens } in known {
            self.0.entry(key).or_default().known.0.insert((span, slot), Use { requests, tokens });
        }
    }

    /// It could not be told: the next time, then.
    pub(super) fn unconfirmed(&mut self) {
        for count in self.0.values_mut() {
            let Count { sent, fresh, .. } = count;
            fresh.absorb(sent);
        }
    }

    /// Forgets keys that have no limits any more.
    pub(super) fn keep(&mut self, metered: impl Fn(KeyId) -> bool) {
        self.0.retain(|key, _| metered(*key));
    }
}

impl UsageWindow {
    fn note(&mut self, counted: Counted, used: Use) {
        self.0.entry((Span::Second, counted.second)).or_default().add(used);
        self.0.entry((Span::Day, counted.day)).or_default().add(used);
    }

    fn absorb(&mut self, other: &mut Self) {
        for (slot, used) in std::mem::take(&mut other.0) {
            self.0.entry(slot).or_default().add(used);
        }
    }
}

impl Use {
    const fn add(&mut self, other: Self) {
        self.requests = self.requests.saturating_add(other.requests);
        self.tokens = self.tokens.saturating_add(other.tokens);
    }
}

/// When a minute's requests leave room for one more, with `ahead` others going first: as many minutes
/// later as those fill.
fn requests_free_at(
    minute: &BTreeMap<DateTime<Utc>, Use>,
    limit: i64,
    ahead: i64,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let limit = limit.max(1);
    let rounds = i32::try_from(ahead / limit).unwrap_or(i32::MAX);
    let free = room_at(minute.iter().map(|(slot, used)| (*slot, used.requests)), limit, ahead % limit + 1);
    if rounds == 0 { free } else { MINUTE.checked_mul(rounds).map(|later| free.unwrap_or(now) + later) }
}

/// When a minute's tokens leave room for so many. More than a minute allows go alone.
fn tokens_free_at(minute: &BTreeMap<DateTime<Utc>, Use>, limit: i64, tokens: i64) -> Option<DateTime<Utc>> {
    room_at(minute.iter().map(|(slot, used)| (*slot, used.tokens)), limit, tokens.min(limit))
}

/// When enough of what was used, oldest first, is a minute old.
fn room_at(
    used: impl Iterator<Item = (DateTime<Utc>, i64)> + Clone,
    limit: i64,
    wanted: i64,
) -> Option<DateTime<Utc>> {
    let mut total = used.clone().fold(0_i64, |total, (_, used)| total.saturating_add(used));
    let mut free = None;
    for (slot, used) in used {
        if total.saturating_add(wanted) <= limit {
            break;
        }
        total = total.saturating_sub(used);
        free = Some(slot + MINUTE);
    }
    free
}

#[cfg(test)]
#[path = "rate_limiter_tests.rs"]
mod tests;
