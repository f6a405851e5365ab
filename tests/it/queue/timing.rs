//! Nobody waits for a poll: what is there is picked up at once, what is scheduled on time.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::ids::{JobId, UserId};
use jobs::queue::{Enqueue, Outcome, record::JobState};

use super::{
    BEFORE_ANY_POLL, Chore, Diary, add, add_many, clear_away, nobody, number, superuser_of, until, worker,
};
use crate::support::Platform;

/// Time for an engine that found nothing to go to sleep until the next poll.
const FALL_ASLEEP: Duration = Duration::from_millis(150);

#[tokio::test(flavor = "multi_thread")]
async fn a_job_wakes_a_sleeping_worker() {
    let diary = Diary::default();
    let seen = diary.clone();
    let platform = worker(4, move |running| {
        seen.note(&running);
        async { Outcome::Done }
    })
    .start()
    .await;
    // Polls alone would take 20 times 5 s.
    let began = Instant::now();
    for n in 1..=20 {
        tokio::time::sleep(FALL_ASLEEP).await;
        add(&platform, &Chore::default()).await;
        diary.until(n).await;
    }
    assert!(began.elapsed() < Duration::from_secs(30), "took {:?}", began.elapsed());
    platform.end().await;
}

async fn add_at(platform: &Platform, chore: &Chore, delay: TimeDelta) -> JobId {
    let mut tx = platform.db().begin_bare().await.unwrap();
    let time = platform.parts.clock.now() + delay;
    let job = Enqueue::new(chore).at(time).run(&mut tx).await.unwrap().id;
    tx.commit().await.unwrap();
    job
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_job_starts_not_before_its_time_and_soon_after() {
    let diary = Diary::default();
    let seen = diary.clone();
    let platform = worker(4, move |running| {
        seen.note(&running);
        async { Outcome::Done }
    })
    .start()
    .await;
    // The last comes first, so that a worker that sleeps until then must hear of the others.
    for (n, delay) in [(4, 1_600), (1, 400), (3, 1_200), (2, 800)] {
        let job = add_at(&platform, &Chore::number(n), TimeDelta::milliseconds(delay)).await;
        assert_eq!(super::find(&platform, job).await.state, JobState::Scheduled);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    diary.until(4).await;
    assert_eq!(diary.numbers(), [1, 2, 3, 4]);
    let early = "select count(*) from jobs where started_at < run_at";
    assert_eq!(number(&platform, early).await, 0);
    let late = "select count(*) from jobs where started_at > run_at + interval '2 seconds'";
    assert_eq!(number(&platform, late).await, 0);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_job_starts_on_time_while_the_queue_is_full() {
    let diary = Diary::default();
    let seen = diary.clone();
    let platform = worker(2, move |running| {
        seen.note(&running);
        async {
            tokio::time::sleep(Duration::from_millis(10)).await;
            Outcome::Done
        }
    })
    .config(|config| config.jobs.tenant_concurrency = 100)
    .start()
    .await;
    let (eager, other) = (UserId::generate(), UserId::generate());
    add_many(&platform, &vec![Chore::of(eager, 0); 1_500]).await;
    diary.until(10).await;
    add_at(&platform, &Chore::of(other, 0), TimeDelta::milliseconds(300)).await;
    let other_started = async {
        while !diary.tenants().contains(&Some(other)) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    // The backlog lasts at least 7 s.
    let waited = tokio::time::timeout(Duration::from_secs(4), other_started).await;
    assert!(waited.is_ok(), "after {} others", diary.count());
    clear_away(&platform).await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snoozed_job_is_back_on_time() {
    let diary = Diary::default();
    let seen = diary.clone();
    let home = nobody().start().await;
    let clock = home.parts.clock.clone();
    let platform = worker(2, move |running| {
        seen.note(&running);
        let clock = clock.clone();
        async move {
            if running.job.epoch > 1 {
                return Outcome::Done;
            }
            tokio::time::sleep(FALL_ASLEEP * 2).await;
            Outcome::Snooze(clock.now() + TimeDelta::milliseconds(200))
        }
    })
    .beside(&home)
    .start()
    .await;
    add(&home, &Chore::default()).await;
    diary.until(1).await;
    diary.until_within(2, BEFORE_ANY_POLL).await;
    platform.end().await;
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_wake_up_is_lost_with_the_listening_connection() {
    let diary = Diary::default();
    let seen = diary.clone();
    let platform = worker(1, move |running| {
        seen.note(&running);
        async { Outcome::Done }
    })
    .start()
    .await;
    add(&platform, &Chore::default()).await;
    diary.until(1).await;
    tokio::time::sleep(FALL_ASLEEP).await;
    let mut superuser = superuser_of(&platform).await;
    sqlx::query(
        "select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and query ilike 'listen%'",
    )
    .execute(&mut superuser)
    .await
    .unwrap();
    let job = add(&platform, &Chore::default()).await;
    diary.until_within(2, BEFORE_ANY_POLL).await;
    until(&platform, job, JobState::Done).await;
    platform.end().await;
}
