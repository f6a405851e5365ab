//! What keys did since it was last written: kept in memory, so that no call costs a write.

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    ids::KeyId,
    keys::{
        Remaining,
        activity::{self, Activity},
        calls::Call,
        days::Spent,
        store::Figures,
    },
};
use jobs::answers::{Cell, Count, minute_of};

/// What is to be written.
#[derive(Debug, Default)]
pub(super) struct CallCounters {
    figures: HashMap<KeyId, Figures>,
    activity: HashMap<(KeyId, DateTime<Utc>), Activity>,
    spent: HashMap<(KeyId, NaiveDate), Spent>,
    answers: HashMap<(DateTime<Utc>, &'static str), Count>,
    calls: Vec<Call>,
}

/// The same as rows.
#[derive(Debug)]
pub(super) struct Rows {
    /// Of keys.
    pub(super) figures: Vec<(KeyId, Figures)>,
    /// Of keys, by five minutes.
    pub(super) activity: Vec<((KeyId, DateTime<Utc>), Activity)>,
    /// Of keys, by the day.
    pub(super) spent: Vec<((KeyId, NaiveDate), Spent)>,
    /// Of questions and failed calls, by the minute.
    pub(super) answers: Vec<Cell>,
    /// Of calls, each by itself.
    pub(super) calls: Vec<Call>,
}

impl CallCounters {
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

    /// A call used tokens, whether it delivered or not.
    pub(super) fn spent(&mut self, id: KeyId, prompt: i64, completion: i64, now: DateTime<Utc>) {
        let spent = Spent { calls: 1, prompt_tokens: prompt, completion_tokens: completion };
        self.spent.entry((id, now.date_naive())).or_default().add(spent);
    }

    /// A question ended, or a call failed, in this way.
    pub(super) fn count_end(
        &mut self,
        outcome: &'static str,
        first_token: Option<Duration>,
        now: DateTime<Utc>,
    ) {
        let ms = first_token.map(|after| i64::try_from(after.as_millis()).unwrap_or(i64::MAX));
        self.answers.entry((minute_of(now), outcome)).or_default().note(ms);
    }

    /// A call for a question came out.
    pub(super) fn made(&mut self, call: Call) {
        self.calls.push(call);
    }

    /// A provider said what is left.
    pub(super) fn note_remaining(&mut self, id: KeyId, remaining: Remaining) {
        let figures = self.figures.entry(id).or_default();
        figures.remaining = figures.remaining.updated(remaining);
    }

    fn did(&mut self, id: KeyId, now: DateTime<Utc>, done: Activity) {
        self.activity.entry((id, activity::bucket_of(now))).or_default().add(done);
    }

    /// Takes everything out.
    pub(super) fn take(&mut self) -> Rows {
        Rows {
            figures: self.figures.drain().collect(),
            activity: self.activity.drain().collect(),
            spent: self.spent.drain().collect(),
            answers: self.answers.drain().collect(),
            calls: std::mem::take(&mut self.calls),
        }
    }
}
