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

/// How long after one that waited the next one calls, so that their calls arrive in this order, too.
const STEP: TimeDelta = TimeDelta::milliseconds(10);

/// The most that the last of them waits longer.
const SPREAD: i32 = 100;

/// Who waits, by the job: its id begins with the time of its arrival.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    waiters: BTreeMap<JobId, Waiter>,
    /// Who waited no more last, and when.
    served: Option<(JobId, DateTime<Utc>)>,
}

#[derive(Debug)]
struct Waiter {
    user: Option<UserId>,
    feature: Feature,
    until: DateTime<Utc>,
}

impl Waiting {
    /// Notes that a question waits.
    pub(super) fn add(&mut self, job: JobId, need: &Need<'_>, until: DateTime<Utc>) {
        self.waiters.insert(job, Waiter { user: need.user, feature: need.feature, until });
    }

    /// Until when it waits: a little longer than those that came before it, of whom the database knows so many.
    pub(super) fn take_turn(&mut self, job: JobId, until: DateTime<Utc>, known: usize) -> DateTime<Utc> {
        let before = self.waiters.range(..job).count().max(known);
        let until = until + APART * i32::try_from(before).unwrap_or(SPREAD).min(SPREAD);
        if let Some(waiter) = self.waiters.get_mut(&job) {
            waiter.until = until;
        }
        until
    }

    /// It has its key.
    pub(super) fn serve(&mut self, job: JobId, now: DateTime<Utc>) {
        if self.waiters.remove(&job).is_some() {
            self.served = Some((job, now));
        }
    }

    /// It waits no more.
    pub(super) fn remove(&mut self, job: JobId) {
        self.waiters.remove(&job);
    }

    /// Forgets those that did not come back.
    pub(super) fn forget_stale(&mut self, now: DateTime<Utc>) {
        self.waiters.retain(|_, waiter| waiter.until + GRACE > now);
    }

    /// Whether one that came before this one was served just now.
    pub(super) fn is_on_the_heels(&self, job: JobId, now: DateTime<Utc>) -> bool {
        self.served.is_some_and(|(earlier, at)| earlier < job && now - at < STEP)
    }

    /// Those who came before this one and are just coming back.
    pub(super) fn due_before(&self, job: JobId, now: DateTime<Utc>) -> Vec<JobId> {
        let due = |waiter: &Waiter| waiter.until <= now && now < waiter.until + DUE;
        self.waiters.range(..job).filter(|(_, waiter)| due(waiter)).map(|(job, _)| *job).collect()
    }

    /// How many came before this one and can use the key.
    pub(super) fn ahead_of(&self, job: JobId, key: &Candidate) -> i64 {
        let wants = |waiter: &Waiter| {
            key.feature.is_none_or(|feature| feature == waiter.feature)
                && (key.owner.is_none() || key.owner == waiter.user)
        };
        let ahead = self.waiters.range(..job).filter(|(_, waiter)| wants(waiter)).count();
        i64::try_from(ahead).unwrap_or(i64::MAX)
    }
}
