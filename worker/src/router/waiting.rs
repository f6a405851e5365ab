//! Questions that were told to wait, so that they are served in the order of their arrival: what comes
//! later leaves to them what a key's limits still allow.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    feature::Feature,
    ids::{JobId, UserId},
};

use super::decide::{Candidate, Need};

/// How long after its time a question may still come back: then another process has it, or nobody.
const GRACE: TimeDelta = TimeDelta::seconds(5);

/// How long who comes later leaves the first step to one that is due.
const DUE: TimeDelta = TimeDelta::seconds(1);

/// Between two that wait for the same moment, so that they come in their order.
const APART: TimeDelta = TimeDelta::milliseconds(20);

/// The most that the last of them waits longer.
const SPREAD: i32 = 100;

/// Who waits, by the job: its id begins with the time of its arrival.
#[derive(Debug, Default)]
pub(super) struct Waiting(BTreeMap<JobId, Waiter>);

#[derive(Debug)]
struct Waiter {
    user: Option<UserId>,
    feature: Feature,
    until: DateTime<Utc>,
}

impl Waiting {
    /// Notes that a question waits.
    pub(super) fn add(&mut self, job: JobId, need: &Need<'_>, until: DateTime<Utc>) {
        self.0.insert(job, Waiter { user: need.user, feature: need.feature, until });
    }

    /// Until when it waits: a little longer than those that came before it, of whom the database knows so many.
    pub(super) fn take_turn(&mut self, job: JobId, until: DateTime<Utc>, known: usize) -> DateTime<Utc> {
        let before = self.0.range(..job).count().max(known);
        let until = until + APART * i32::try_from(before).unwrap_or(SPREAD).min(SPREAD);
        if let Some(waiter) = self.0.get_mut(&job) {
            waiter.until = until;
        }
        until
    }

    /// It waits no more.
    pub(super) fn remove(&mut self, job: JobId) {
        self.0.remove(&job);
    }

    /// Forgets those that did not come back.
    pub(super) fn forget_stale(&mut self, now: DateTime<Utc>) {
        self.0.retain(|_, waiter| waiter.until + GRACE > now);
    }

    /// Whether somebody who came before this one is just coming back.
    pub(super) fn is_behind(&self, job: JobId, now: DateTime<Utc>) -> bool {
        self.0.range(..job).any(|(_, waiter)| waiter.until <= now && now < waiter.until + DUE)
    }

    /// How many came before this one and can use the key.
    pub(super) fn ahead_of(&self, job: JobId, key: &Candidate) -> i64 {
        let wants = |waiter: &Waiter| {
            key.feature.is_none_or(|feature| feature == waiter.feature)
                && (key.owner.is_none() || key.owner == waiter.user)
        };
        let ahead = self.0.range(..job).filter(|(_, waiter)| wants(waiter)).count();
        i64::try_from(ahead).unwrap_or(i64::MAX)
    }
}
