//! A job runs in one place at a time, and what came of it decides what happens next.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::TimeDelta;
use domain::ids::JobId;
use jobs::{
    bus::EventKind,
    queue::{Outcome, record::JobState},
};

use super::{
    BEFORE_ANY_POLL, Chore, Diary, add, add_many, chore, crash, find, hurry, nobody, number, reason, until,
    until_attempt, worker,
};

/// How often each job was started, and how many of its runs go on now.
type Runs = Arc<Mutex<HashMap<JobId, (u32, u32)>>>;

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_never_run_one_job_at_once() {
    const MANY: usize = 400;
    let home = nobody().start().await;
    let runs = Runs::default();
    let diaries = [Diary::default(), Diary::default()];
    let mut workers = Vec::new();
    for diary in &diaries {
        let (runs, diary) = (Arc::clone(&runs), diary.clone());
        let worker = worker(16, move |running| {
            let runs = Arc::clone(&runs);
            diary.note(&running);
            async move {
                let id = running.job.id;
                {
                    let mut runs = runs.lock().unwrap();
                    let (starts, now) = runs.entry(id).or_default();
                    (*starts, *now) = (*starts + 1, *now + 1);
                    assert_eq!(*now, 1, "two run {id} at once");
                }
                // A few take longer than the lease, which heartbeats must renew.
                let n = chore(&running.job).n;
                let time = if n.is_multiple_of(100) { 3_000 } else { u64::from(n % 7) * 3 };
                tokio::time::sleep(Duration::from_millis(time)).await;
                runs.lock().unwrap().entry(id).or_default().1 -= 1;
                Outcome::Done
            }
        });
        let worker = worker.config(|config| config.jobs.job_lease = Duration::from_secs(2)).beside(&home);
        workers.push(worker.start().await);
    }
    for some in (0..u32::try_from(MANY).unwrap()).map(Chore::number).collect::<Vec<_>>().chunks(20) {
        add_many(&home, some).await;
    }
    home.eventually("select not exists (select from jobs where state <> 'done')").await;
    assert_eq!(runs.lock().unwrap().len(), MANY);
    assert!(runs.lock().unwrap().values().all(|(starts, now)| (*starts, *now) == (1, 0)));
    assert_eq!(number(&home, "select count(*) from jobs where (attempt, epoch) <> (1, 1)").await, 0);
    assert!(diaries.iter().all(|diary| diary.count() > 0), "both took part");
    for worker in workers {
        worker.end().await;
    }
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_costs_its_own_job_an_attempt_and_nobody_else_anything() {
    let platform = worker(2, |running| async move {
        if chore(&running.job).n == 13 {
            crash();
        }
        Outcome::Done
    })
    .start()
    .await;
    let unlucky = add(&platform, &Chore::number(13)).await;
    for attempt in 1..=2 {
        until_attempt(&platform, unlucky, JobState::Scheduled, Some(attempt)).await;
        assert_eq!(reason(&platform, unlucky).await, "the job panicked");
        // The worker lives on, with all of its slots.
        add_many(&platform, &vec![Chore::number(1); 10]).await;
        platform
            .eventually("select not exists (select from jobs where payload->'n' = '1' and state <> 'done')")
            .await;
        hurry(&platform).await;
    }
    let record = until(&platform, unlucky, JobState::Discarded).await;
    assert_eq!(record.attempt, 3);
    assert_eq!(record.ending().unwrap().kind, EventKind::Error);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_fails_waits_longer_each_time_and_is_given_up_with_its_reason() {
    let diary = Diary::default();
    let seen = diary.clone();
    let platform = worker(1, move |running| {
        seen.note(&running);
        async move { Outcome::Retry(format!("no luck on attempt {}", running.job.attempt)) }
    })
    .start()
    .await;
    let job = add(&platform, &Chore::default()).await;
    let mut waits = Vec::new();
    for attempt in 1..=2 {
        let record = until_attempt(&platform, job, JobState::Scheduled, Some(attempt)).await;
        assert_eq!(record.epoch, i64::from(attempt));
        assert_eq!(reason(&platform, job).await, format!("no luck on attempt {attempt}"));
        waits.push(record.run_at - platform.parts.clock.now());
        hurry(&platform).await;
    }
    assert!(waits[0] > TimeDelta::zero() && waits[0] < waits[1], "{waits:?}");
    let record = until(&platform, job, JobState::Discarded).await;
    assert_eq!(reason(&platform, job).await, "no luck on attempt 3");
    let ending = record.ending().unwrap();
    assert_eq!((ending.kind, &ending.data["code"]), (EventKind::Error, &"INTERNAL_ERROR".into()));
    assert!(!ending.data.to_string().contains("no luck"), "the reason is for operators");
    assert_eq!(diary.count(), 3);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_never_work_is_not_tried_again() {
    let platform = worker(1, |_| async { Outcome::Discard("the document is gone".to_owned()) }).start().await;
    let job = add(&platform, &Chore::default()).await;
    let record = until(&platform, job, JobState::Discarded).await;
    assert_eq!((record.attempt, reason(&platform, job).await.as_str()), (1, "the document is gone"));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snooze_uses_no_attempt() {
    let home = nobody().start().await;
    let clock = home.parts.clock.clone();
    let diary = Diary::default();
    let seen = diary.clone();
    let platform = worker(1, move |running| {
        seen.note(&running);
        let outcome = match running.job.epoch {
            1..=10 => Outcome::Snooze(clock.now() + TimeDelta::milliseconds(10)),
            11 => Outcome::Retry("once".to_owned()),
            _ => Outcome::Done,
        };
        async move { outcome }
    })
    .beside(&home)
    .start()
    .await;
    let job = add(&home, &Chore::default()).await;
    diary.until(11).await;
    until_attempt(&home, job, JobState::Scheduled, Some(1)).await;
    hurry(&home).await;
    let record = until(&home, job, JobState::Done).await;
    assert_eq!((record.attempt, record.epoch), (2, 12));
    let starts = diary.starts();
    assert!(starts[..11].iter().all(|job| job.attempt == 1 && !job.was_interrupted()), "{starts:?}");
    assert!(starts[11].was_interrupted());
    platform.end().await;
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drained_worker_finishes_what_it_can_and_hands_the_rest_back_at_once() {
    let home = nobody().start().await;
    let diary = Diary::default();
    let seen = diary.clone();
    let leaving = worker(2, move |running| {
        seen.note(&running);
        async move {
            let time = if chore(&running.job).n == 1 { 300 } else { 60_000 };
            tokio::time::sleep(Duration::from_millis(time)).await;
            Outcome::Done
        }
    })
    .config(|config| config.jobs.shutdown_grace = Duration::from_secs(1))
    .beside(&home)
    .start()
    .await;
    let short = add(&home, &Chore::number(1)).await;
    let long = add(&home, &Chore::number(2)).await;
    let waiting = add(&home, &Chore::number(3)).await;
    diary.until(2).await;
    leaving.parts.drain.cancel();
    until(&home, short, JobState::Done).await;
    assert_eq!(diary.count(), 2, "its slot is not filled again");

    // Another worker takes the free job, and then has nothing to do until it is rung.
    let taken = Diary::default();
    let seen = taken.clone();
    let staying = worker(2, move |running| {
        seen.note(&running);
        async { Outcome::Done }
    })
    .beside(&home)
    .start()
    .await;
    until(&home, waiting, JobState::Done).await;
    taken.until(1).await;
    leaving.end_with_jobs_left().await;
    taken.until_within(2, BEFORE_ANY_POLL).await;
    let record = until(&home, long, JobState::Done).await;
    assert_eq!((record.attempt, record.epoch), (1, 2), "started twice, and once counts");
    assert_eq!(find(&home, waiting).await.epoch, 1);
    staying.end().await;
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_runs_holds_no_connection() {
    let diary = Diary::default();
    let seen = diary.clone();
    let (gate, open) = tokio::sync::watch::channel(false);
    let platform = worker(100, move |running| {
        seen.note(&running);
        let mut open = open.clone();
        async move {
            open.wait_for(|open| *open).await.unwrap();
            Outcome::Done
        }
    })
    .start()
    .await;
    add_many(&platform, &vec![Chore::default(); 100]).await;
    diary.until(100).await;
    let connections = number(
        &platform,
        "select count(*) from pg_stat_activity where datname = current_database() and state like '%transaction%'",
    );
    assert_eq!(connections.await, 0);
    gate.send(true).unwrap();
    platform.end().await;
}
