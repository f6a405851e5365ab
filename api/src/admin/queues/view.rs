//! A queue as an admin sees it.

use chrono::{DateTime, TimeDelta, Utc};
use jobs::{
    Queue,
    queue::{
        browse::{self, QueueState, Runs, Slice},
        counters::quantile,
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{App, error::ApiResult};

/// The time that waits and rates are taken over.
const LATELY: TimeDelta = TimeDelta::minutes(5);

/// The time that is charted.
const CHARTED: TimeDelta = TimeDelta::hours(1);

/// A queue in which something waits for this long while nothing runs has nobody who takes from it.
const UNATTENDED_AFTER: TimeDelta = TimeDelta::minutes(2);

/// A queue in which something runs for this long while nothing ends has stalled. A long document, or a sweep of much,
/// is no alarm.
fn stalled_after(queue: &str) -> TimeDelta {
    match Queue::parse(queue) {
        Some(Queue::Ingest) => TimeDelta::minutes(20),
        Some(Queue::Housekeeping) => TimeDelta::minutes(10),
        _ => TimeDelta::minutes(2),
    }
}

/// What is wrong with a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Alarm {
    /// Jobs run, and none ends.
    Stalled,
    /// Jobs wait, and no worker takes them.
    Unattended,
}

/// A queue.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct QueueView {
    pub(in crate::admin) name: String,
    /// Since when it is paused.
    pub(in crate::admin) paused_at: Option<DateTime<Utc>>,
    /// Jobs that wait, for a worker or for their time. Counted up to a hundred thousand of each.
    depth: i64,
    /// Those of them that wait for a worker.
    pub(in crate::admin) ready: i64,
    /// Those of them that wait for their time.
    scheduled: i64,
    pub(in crate::admin) running: i64,
    /// How long half of the jobs of the last five minutes waited at most, in milliseconds.
    wait_p50_ms: Option<f64>,
    wait_p95_ms: Option<f64>,
    run_p50_ms: Option<f64>,
    run_p95_ms: Option<f64>,
    /// Jobs a minute that came to their end, over the last five minutes.
    rate: f64,
    /// Runs a minute that failed.
    failing: f64,
    /// For how many seconds the first in line has waited.
    pub(in crate::admin) oldest_wait_seconds: Option<f64>,
    /// What is wrong with it.
    pub(in crate::admin) alarm: Option<Alarm>,
    /// Since when that is so, about.
    pub(in crate::admin) alarm_since: Option<DateTime<Utc>>,
    /// The last hour by the minute; minutes without jobs are left out.
    history: Vec<Minute>,
}

/// What came through in a minute.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Minute {
    at: DateTime<Utc>,
    done: i64,
    failed: i64,
}

/// All queues, now.
pub(crate) async fn look(app: &App) -> ApiResult<Vec<QueueView>> {
    let now = app.clock.now();
    let pool = app.db.pool();
    let states = browse::queues(pool).await?;
    let runs = browse::runs_since(pool, now - LATELY).await?;
    let slices = browse::by_minute(pool, now - CHARTED).await?;
    Ok(states.into_iter().map(|state| QueueView::new(state, &runs, &slices, now)).collect())
}

impl QueueView {
    fn new(state: QueueState, runs: &[Runs], slices: &[Slice], now: DateTime<Utc>) -> Self {
        let ours = || runs.iter().filter(|runs| runs.queue == state.name);
        let a_minute = |outcomes: &[&str]| {
            let jobs: i64 =
                ours().filter(|runs| outcomes.contains(&&*runs.outcome)).map(|runs| runs.jobs).sum();
            #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
            let rate = jobs as f64 / LATELY.num_minutes() as f64;
            rate
        };
        let (waits, ran) = (sum(ours().map(|runs| &*runs.waits)), sum(ours().map(|runs| &*runs.runs)));
        let history: Vec<_> = slices
            .iter()
            .filter(|slice| slice.queue == state.name)
            .map(|slice| Minute { at: slice.at, done: slice.done, failed: slice.failed })
            .collect();
        let alarm = alarm(&state, &history, now);
        Self {
            alarm: alarm.map(|(alarm, _)| alarm),
            alarm_since: alarm.map(|(_, since)| since),
            paused_at: state.paused_at,
            depth: state.ready + state.scheduled,
            ready: state.ready,
            scheduled: state.scheduled,
            running: state.running,
            wait_p50_ms: quantile(&waits, 0.5),
            wait_p95_ms: quantile(&waits, 0.95),
            run_p50_ms: quantile(&ran, 0.5),
            run_p95_ms: quantile(&ran, 0.95),
            rate: a_minute(&["done"]),
            failing: a_minute(&["retried", "discarded"]),
            oldest_wait_seconds: state.oldest.map(|since| seconds(now - since)),
            history,
            name: state.name,
        }
    }
}

/// What is wrong, and since when.
fn alarm(state: &QueueState, history: &[Minute], now: DateTime<Utc>) -> Option<(Alarm, DateTime<Utc>)> {
    let before = |since: Option<DateTime<Utc>>, limit| since.filter(|since| now - *since > limit);
    let limit = stalled_after(&state.name);
    // The minute in which the time began counts, so that an end just after it is not overlooked.
    let ended = history.iter().any(|minute| minute.at > now - limit - TimeDelta::minutes(1));
    let stalled = before(state.longest, limit).filter(|_| !ended).map(|since| {
        let last = history.iter().map(|minute| minute.at).max();
        (Alarm::Stalled, last.map_or(since, |last| since.max(last)))
    });
    let open = state.paused_at.is_none() && state.running == 0;
    let unattended =
        || before(state.oldest, UNATTENDED_AFTER).filter(|_| open).map(|since| (Alarm::Unattended, since));
    stalled.or_else(unattended)
}

/// Histograms, added up.
pub(in crate::admin) fn sum<'a>(histograms: impl Iterator<Item = &'a [i32]>) -> Vec<i32> {
    histograms.fold(Vec::new(), |mut total, histogram| {
        total.resize(total.len().max(histogram.len()), 0);
        for (all, more) in total.iter_mut().zip(histogram) {
            *all += more;
        }
        total
    })
}

fn seconds(time: TimeDelta) -> f64 {
    time.as_seconds_f64().max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(longest_minutes: Option<i64>, oldest_minutes: Option<i64>, now: DateTime<Utc>) -> QueueState {
        let ago = |minutes: Option<i64>| minutes.map(|minutes| now - TimeDelta::minutes(minutes));
        QueueState {
            name: "chat".to_owned(),
            paused_at: None,
            ready: i64::from(oldest_minutes.is_some()),
            scheduled: 0,
            running: i64::from(longest_minutes.is_some()),
            oldest: ago(oldest_minutes),
            longest: ago(longest_minutes),
        }
    }

    #[test]
    fn a_queue_that_runs_and_ends_nothing_raises_an_alarm() {
        let now = "2026-03-01T10:00:30Z".parse().unwrap();
        let at = |time: &str| vec![Minute { at: time.parse().unwrap(), done: 1, failed: 0 }];
        let alarm = |state: QueueState, history: Vec<Minute>| alarm(&state, &history, now);
        let since = now - TimeDelta::minutes(3);
        assert_eq!(alarm(state(Some(3), None, now), vec![]), Some((Alarm::Stalled, since)));
        assert_eq!(alarm(state(Some(3), None, now), at("2026-03-01T09:59:00Z")), None);
        assert_eq!(
            alarm(state(Some(3), None, now), at("2026-03-01T09:50:00Z")),
            Some((Alarm::Stalled, since))
        );
        assert_eq!(alarm(state(Some(1), None, now), vec![]), None, "it has not run for long");
        assert_eq!(alarm(state(None, Some(3), now), vec![]), Some((Alarm::Unattended, since)));
        let reading = QueueState { name: "ingest".to_owned(), ..state(Some(3), None, now) };
        assert_eq!(alarm(reading, vec![]), None, "a long document");
        let paused = QueueState { paused_at: Some(now), ..state(None, Some(3), now) };
        assert_eq!(alarm(paused, vec![]), None);
    }

    #[test]
    fn histograms_of_different_lengths_add_up() {
        assert_eq!(sum([&[1, 2][..], &[], &[1, 1, 1]].into_iter()), [2, 3, 1]);
    }
}
