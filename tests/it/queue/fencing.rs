//! A worker that was taken for dead, and lives: nothing it does counts.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::ids::JobId;
use jobs::{
    bus::{EventKind, EventWriter, Number, Published},
    catalogue::kinds,
    queue::{Early, Outcome, Running, complete, end_early, record},
};
use serde_json::json;
use tokio::sync::{mpsc, watch};

use super::{Chore, add, find, nobody, worker};
use crate::support::{Platform, platform::Setup};

/// As another worker does after it rescued the job.
async fn take_over(platform: &Platform, job: JobId) {
    let take = sqlx::query(
        "update jobs set epoch = epoch + 1, attempt = attempt + 1, worker = 'another',
                lease_until = now() + interval '1 hour'
         where id = $1 and state = 'running'",
    );
    let taken = take.bind(job.0).execute(platform.db().pool()).await.unwrap();
    assert_eq!(taken.rows_affected(), 1);
}

/// A worker whose jobs are handed to the story, and end when it says how.
async fn puppet(
    home: &Platform,
) -> (Platform, mpsc::UnboundedReceiver<Running>, watch::Sender<Option<Outcome>>) {
    let (started, starts) = mpsc::unbounded_channel();
    let (order, orders) = watch::channel(None);
    let platform = worker(1, move |running| {
        let (started, mut orders) = (started.clone(), orders.clone());
        async move {
            started.send(running).unwrap();
            let order = orders.wait_for(Option::is_some).await.unwrap().clone();
            order.unwrap()
        }
    })
    .config(|config| config.jobs.job_lease = Duration::from_mins(1))
    .beside(home)
    .start()
    .await;
    (platform, starts, order)
}

#[tokio::test(flavor = "multi_thread")]
async fn late_writes_are_refused() {
    let home = nobody().start().await;
    let (platform, mut starts, order) = puppet(&home).await;
    let job = add(&home, &Chore::default()).await;
    let late = starts.recv().await.unwrap().job;
    let mut conn = home.db().pool().acquire().await.unwrap();
    assert!(record::set_progress(&mut conn, job, late.epoch, &json!(1)).await.unwrap(), "not late yet");
    take_over(&home, job).await;

    assert!(!record::set_progress(&mut conn, job, late.epoch, &json!(2)).await.unwrap());
    let bus = &home.parts.bus;
    let writer = EventWriter::new(Arc::clone(bus), job, late.epoch);
    let ending = writer.ending(EventKind::Done, json!({}));
    assert!(!complete(&mut conn, job, late.epoch, &ending).await.unwrap());
    assert!(!end_early(home.db(), bus, kinds(), job, late.epoch, Early::Discarded("late")).await.unwrap());
    // The outcome is settled by the engine, and refused there.
    order.send(Some(Outcome::Done)).unwrap();
    platform.end_with_jobs_left().await;
    let record = find(&home, job).await;
    assert_eq!((record.epoch, record.attempt, record.progress), (2, 2, Some(json!(1))));
    assert_eq!(record.state, record::JobState::Running);

    // The other worker is heard.
    assert!(record::set_progress(&mut conn, job, 2, &json!(3)).await.unwrap());
    assert!(complete(&mut conn, job, 2, &ending).await.unwrap());
    assert!(!complete(&mut conn, job, 2, &ending).await.unwrap(), "and ends it once");
    drop(conn);
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_late_outcome_is_refused() {
    let home = nobody().start().await;
    let tomorrow = home.parts.clock.now() + chrono::TimeDelta::days(1);
    for outcome in [
        Outcome::Retry("late".to_owned()),
        Outcome::Snooze(tomorrow),
        Outcome::Cancelled,
        Outcome::Discard("late".to_owned()),
    ] {
        let (platform, mut starts, order) = puppet(&home).await;
        let job = add(&home, &Chore::default()).await;
        starts.recv().await.unwrap();
        take_over(&home, job).await;
        order.send(Some(outcome.clone())).unwrap();
        platform.end_with_jobs_left().await;
        let record = find(&home, job).await;
        let left = (record.state, record.epoch, record.attempt);
        assert_eq!(left, (record::JobState::Running, 2, 2), "{outcome:?}");
        assert_eq!(super::reason(&home, job).await, "", "{outcome:?}");
        super::sql(&home, "delete from jobs").await;
    }
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn late_events_are_heard_by_nobody() {
    let home = nobody().start().await;
    let (bus, job) = (&home.parts.bus, JobId::generate());
    let mut dead = EventWriter::new(Arc::clone(bus), job, 1);
    dead.delta("Half an ans").await;
    let mut heir = EventWriter::new(Arc::clone(bus), job, 2);
    heir.send(EventKind::Started, json!({})).await;
    heir.restart().await;
    dead.delta("wer.").await;
    dead.flush().await;
    let late = dead.ending(EventKind::Done, json!({}));
    assert_eq!(bus.publish(job, late.event()).await.unwrap(), Published::Stale);
    heir.delta("The whole answer.").await;
    let kinds: Vec<_> = bus
        .follow(job)
        .await
        .after(Number::QUEUED)
        .into_iter()
        .map(|event| (event.number, event.kind))
        .collect();
    let (first, second) = (Number::epoch(1), Number::epoch(2));
    assert_eq!(
        kinds,
        [
            (first.plus(1), EventKind::Delta),
            (second.plus(1), EventKind::Started),
            (second.plus(2), EventKind::Restart),
            (second.plus(3), EventKind::Delta),
        ]
    );
    home.end().await;
}

/// Says when it is dropped.
struct Dropped(Arc<AtomicBool>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// A worker whose first start of a job goes on for ever, and every later one is done at once.
fn stubborn(stopped: &Arc<AtomicBool>) -> (Setup, mpsc::UnboundedReceiver<Running>) {
    let (started, starts) = mpsc::unbounded_channel();
    let stopped = Arc::clone(stopped);
    let setup = worker(2, move |running| {
        let (started, dropped) = (started.clone(), Dropped(Arc::clone(&stopped)));
        async move {
            started.send(running.clone()).unwrap();
            if running.job.epoch > 1 {
                std::mem::forget(dropped);
                return Outcome::Done;
            }
            std::future::pending::<()>().await;
            drop(dropped);
            Outcome::Done
        }
    });
    (setup, starts)
}

/// Waits much less than a cancelled job would have to store what there is.
async fn assert_stops(stopped: &AtomicBool) {
    for _ in 0..100 {
        if stopped.load(Ordering::Acquire) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it goes on in vain");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_lost_its_lease_stops_working() {
    let home = nobody().start().await;
    let stopped = Arc::new(AtomicBool::new(false));
    let (setup, mut starts) = stubborn(&stopped);
    let setup = setup.config(|config| config.jobs.job_lease = Duration::from_millis(900));
    let platform = setup.beside(&home).start().await;
    let job = add(&home, &Chore::default()).await;
    let running = starts.recv().await.unwrap();
    take_over(&home, job).await;
    tokio::time::timeout(super::PATIENCE, running.cancel.cancelled()).await.expect("it is told");
    assert_stops(&stopped).await;
    let record = find(&home, job).await;
    assert_eq!((record.state, record.epoch), (record::JobState::Running, 2), "the other one has it still");
    super::sql(&home, "delete from jobs").await;
    platform.end().await;
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_claims_again_what_it_lost_stops_its_first_run() {
    let home = nobody().start().await;
    let stopped = Arc::new(AtomicBool::new(false));
    let (setup, mut starts) = stubborn(&stopped);
    // No heartbeat tells it.
    let setup = setup.config(|config| config.jobs.job_lease = Duration::from_mins(10));
    let platform = setup.beside(&home).start().await;
    let job = add(&home, &Chore::default()).await;
    starts.recv().await.unwrap();
    super::sql(
        &home,
        "update jobs set state = 'ready', lease_until = null; select pg_notify('jobs', 'command')",
    )
    .await;
    let record = super::until(&home, job, record::JobState::Done).await;
    assert_eq!((record.attempt, record.epoch), (2, 2));
    assert_stops(&stopped).await;
    platform.end().await;
    home.end().await;
}
