//! Quotas that really count.

use std::collections::HashMap;

use crate::{Behaviour, Script, clock};

const MINUTE: u64 = 60;

/// What was used, by key or group.
#[derive(Debug, Default)]
pub(crate) struct Quotas(HashMap<String, Used>);

#[derive(Debug, Default)]
struct Used {
    day: Window,
    minute: Window,
}

#[derive(Debug, Default)]
struct Window {
    number: u64,
    calls: u64,
}

/// Which limit a call hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spent {
    /// How the vendor says so.
    pub(crate) behaviour: Behaviour,
    /// The limit.
    pub(crate) limit: u64,
}

impl Quotas {
    /// Takes one call, or says which limit forbids it; then nothing is taken. Returns what is left of the
    /// minute.
    pub(crate) fn take(&mut self, name: &str, script: &Script, now_s: u64) -> Result<Option<u64>, Spent> {
        if script.quota_per_day.is_none() && script.rate_per_minute.is_none() {
            return Ok(None);
        }
        let used = self.0.entry(name.to_owned()).or_default();
        used.day.turn_to(now_s / clock::DAY);
        used.minute.turn_to(now_s / MINUTE);
        if let Some(limit) = script.quota_per_day.filter(|limit| used.day.calls >= *limit) {
            return Err(Spent { behaviour: Behaviour::DailyQuota, limit });
        }
        if let Some(limit) = script.rate_per_minute.filter(|limit| used.minute.calls >= *limit) {
            let retry_after_s = clock::until_next(MINUTE, now_s);
            return Err(Spent { behaviour: Behaviour::RateLimited { retry_after_s }, limit });
        }
        used.day.calls += 1;
        used.minute.calls += 1;
        Ok(script.rate_per_minute.map(|limit| limit - used.minute.calls))
    }
}

impl Window {
    fn turn_to(&mut self, number: u64) {
        if self.number != number {
            *self = Self { number, calls: 0 };
        }
    }
}
