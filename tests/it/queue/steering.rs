//! Steering from outside: cancel, pause, resume.

use std::time::Duration;

use jobs::{
    Queue,
    bus::{EventKind, Number},
    catalogue::kinds,
    queue::{
        Outcome, Running,
        control::{self, Cancel},
        record::JobState,
    },
};

use super::{
    BEFORE_ANY_POLL, Chore, Diary, PATIENCE, add, add_many, chore, find, nobody, number, sql, until, worker,
};
use crate::support::{Platform, platform::Setup};

/// A worker whose jobs go on until they are cancelled.
fn endless(diary: &Diary) -> Setup {
    let seen = diary.clone();
    worker(4, move |running: Running| {
        seen.note(&running);
        async move {
            running.cancel.cancelled().await;
            Outcome::Cancelled
        }
    })
}

async fn cancel(platform: &Platform, job: domain::ids::JobId) -> Cancel {
    control::cancel(platform.db(), &platform.parts.bus, kinds(), job).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_waits_is_cancelled_where_it_is() {
    let home = nobody().start().await;
    let ready = add(&home, &Chore::keyed("a")).await;
    let scheduled = add(&home, &Chore::keyed("b")).await;
    let later =
        sqlx::query("update jobs set state = 'scheduled', run_at = now() + interval '1 day' where id = $1");
    later.bind(scheduled.0).execute(home.db().pool()).await.unwrap();
    for job in [ready, scheduled] {
        let mut tail = home.parts.bus.follow(job).await;
        assert_eq!(cancel(&home, job).await, Cancel::Done);
        let record = find(&home, job).await;
        assert_eq!((record.state, record.attempt), (JobState::Cancelled, 0));
        let told = tail.after(Number::QUEUED);
        assert_eq!(told.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::Cancelled]);
        assert_eq!(record.ending().unwrap().event(), told[0]);
        assert_eq!(cancel(&home, job).await, Cancel::TooLate);
    }
    assert_eq!(cancel(&home, domain::ids::JobId::generate()).await, Cancel::TooLate);
    assert_ne!(add(&home, &Chore::keyed("a")).await, ready, "its key is free again");
    sql(&home, "delete from jobs").await;
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_job_is_cancelled_from_another_process() {
    let home = nobody().start().await;
    let diary = Diary::default();
    // A lease so long that no heartbeat tells it.
    let platform = endless(&diary)
        .config(|config| config.jobs.job_lease = Duration::from_mins(10))
        .beside(&home)
        .start()
        .await;
    let job = add(&home, &Chore::default()).await;
    let other = add(&home, &Chore::default()).await;
    diary.until(2).await;
    assert_eq!(cancel(&home, job).await, Cancel::Requested);
    let record = until(&home, job, JobState::Cancelled).await;
    assert_eq!(record.ending().unwrap().kind, EventKind::Cancelled);
    assert_eq!(find(&home, other).await.state, JobState::Running, "nobody else is told");
    cancel(&home, other).await;
    platform.end().await;
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_whose_message_is_lost_comes_with_the_next_heartbeat() {
    let home = nobody().start().await;
    let diary = Diary::default();
    let platform = endless(&diary).beside(&home).start().await;
    let job = add(&home, &Chore::default()).await;
    diary.until(1).await;
    sql(&home, "update jobs set cancel_requested = true").await;
    until(&home, job, JobState::Cancelled).await;

    // And if its worker is gone by then, with the next start.
    let job = add(&home, &Chore::default()).await;
    diary.until(2).await;
    sql(
        &home,
        "update jobs set cancel_requested = true, state = 'ready', lease_until = null where state = 'running';
         select pg_notify('jobs', 'command')",
    )
    .await;
    until(&home, job, JobState::Cancelled).await;
    platform.end().await;
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_will_not_stop_is_stopped() {
    let home = nobody().start().await;
    let diary = Diary::default();
    let seen = diary.clone();
    let platform = worker(1, move |running| {
        seen.note(&running);
        async move {
            if chore(&running.job).n == 1 {
                std::future::pending::<()>().await;
            }
            Outcome::Done
        }
    })
    .beside(&home)
    .start()
    .await;
    let job = add(&home, &Chore::number(1)).await;
    diary.until(1).await;
    cancel(&home, job).await;
    until(&home, job, JobState::Cancelled).await;
    // Its slot is free.
    let next = add(&home, &Chore::number(2)).await;
    until(&home, next, JobState::Done).await;
    platform.end().await;
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_queue_is_left_alone_by_all_and_goes_on_at_once() {
    let home = nobody().start().await;
    let diary = Diary::default();
    let mut platforms = Vec::new();
    for _ in 0..2 {
        platforms.push(endless(&diary).beside(&home).start().await);
    }
    let before = add(&home, &Chore::default()).await;
    diary.until(1).await;
    let mut conn = home.db().pool().acquire().await.unwrap();
    control::pause(&mut conn, Queue::Command).await.unwrap();
    control::pause(&mut conn, Queue::Command).await.unwrap();
    add_many(&home, &vec![Chore::default(); 5]).await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(diary.count(), 1);
    assert_eq!(find(&home, before).await.state, JobState::Running, "what runs goes on");
    assert_eq!(number(&home, "select count(*) from jobs where state = 'ready'").await, 5);
    assert_eq!(number(&home, "select count(*) from queues where paused_at is not null").await, 1);

    control::resume(&mut conn, Queue::Command).await.unwrap();
    diary.until_within(6, BEFORE_ANY_POLL).await;
    drop(conn);
    for job in diary.starts() {
        cancel(&home, job.id).await;
    }
    let ended = home.eventually("select not exists (select from jobs where finished_at is null)");
    tokio::time::timeout(PATIENCE, ended).await.unwrap();
    for platform in platforms {
        platform.end().await;
    }
    home.end().await;
}
