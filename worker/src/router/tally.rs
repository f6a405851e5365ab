//! What keys did since it was last written: kept in memory, so that no call costs a write.

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, Utc};
use domain::{
    ids::KeyId,
    keys::{
        Remaining,
        activity::{self, Activity},
        store::Figures,
    },
};

/// What is to be written.
#[derive(Debug, Default)]
pub(super) struct Tally {
    figures: HashMap<KeyId, Figures>,
    activity: HashMap<(KeyId, DateTime<Utc>), Activity>,
}

/// The same as rows.
pub(super) type Rows = (Vec<(KeyId, Figures)>, Vec<((KeyId, DateTime<Utc>), Activity)>);

impl Tally {
    /// A student's call succeeded.
    pub(super) fn succeeded(
        &mut self,
        id: KeyId,
        first_token_after: Duration,
        tokens: i64,
        now: DateTime<Utc>,
    ) {
        let latency = i32::try_from(first_token_after.as_millis()).unwrap_or(i32::MAX);
        let figures = self.figures.entry(id).or_default();
        figures.successes += 1;
        figures.last_used_at = Some(now);
        figures.last_success_at = Some(now);
        // A moving mean over about eight calls.
        figures.latency_ms = Some(figures.latency_ms.map_or(latency, |mean| mean + (latency - mean) / 8));
        self.did(id, now, Activity { calls: 1, failures: 0, latency_ms: latency.into(), tokens });
    }

    /// A call failed by the key's or provider's fault.
    pub(super) fn failed(&mut self, id: KeyId, now: DateTime<Utc>) {
        let figures = self.figures.entry(id).or_default();
        figures.failures += 1;
        figures.last_used_at = Some(now);
        self.did(id, now, Activity { calls: 1, failures: 1, ..Activity::default() });
    }

    /// A provider said what is left.
    pub(super) fn learnt(&mut self, id: KeyId, remaining: Remaining) {
        let figures = self.figures.entry(id).or_default();
        figures.remaining = figures.remaining.updated(remaining);
    }

    fn did(&mut self, id: KeyId, now: DateTime<Utc>, done: Activity) {
        self.activity.entry((id, activity::bucket_of(now))).or_default().add(done);
    }

    /// Takes everything out.
    pub(super) fn take(&mut self) -> Rows {
        (self.figures.drain().collect(), self.activity.drain().collect())
    }
}
