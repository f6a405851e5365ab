//! Workers that die: their jobs come back, and those that kill are given up.

use std::time::Duration;

use jobs::{
    bus::EventKind,
    catalogue::kinds,
    queue::{Early, Outcome, control, end_early, record::JobState, rescue},
};

use super::{Chore, Diary, add, add_many, claim_and_die, find, nobody, number, reason, sql, until, worker};
use crate::support::{Platform, student::job_of};

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_workers_job_is_started_again_and_the_attempt_counts() {
    let home = nobody().start().await;
    let job = add(&home, &Chore::default()).await;
    claim_and_die(&home, job).await;
    let diary = Diary::default();
    let seen = diary.clone();
    // No scheduler runs here: any worker looks after the dead.
    let platform = worker(1, move |running| {
        seen.note(&running);
        async { Outcome::Done }
    })
    .beside(&home)
    .start()
    .await;
    let record = until(&home, job, JobState::Done).await;
    assert_eq!((record.attempt, record.epoch), (2, 2));
    assert!(diary.starts()[0].was_interrupted(), "its readers may have half an answer");
    platform.end().await;
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_kills_its_workers_is_given_up_and_costs_nothing() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let session = student.session().await;
    let receipt = student.sends(&session, "What is preload?").await.expect(202);
    let job = job_of(&receipt).parse().unwrap();
    let events = student.events(&job_of(&receipt), None).await;
    assert!(student.usage().await["tokens"]["held"].as_i64().unwrap_or(1) > 0);
    for attempt in 1..=3 {
        claim_and_die(&platform, job).await;
        assert_eq!(rescue(platform.db(), &platform.parts.bus, kinds()).await.unwrap(), 1);
        let state = if attempt < 3 { JobState::Ready } else { JobState::Discarded };
        let record = find(&platform, job).await;
        assert_eq!((record.state, record.attempt), (state, attempt));
    }
    assert_eq!(reason(&platform, job).await, "its worker died, on attempt 3 of as many");

    let answer = events.finish().await;
    assert_eq!(answer.end(), "error");
    assert_eq!(answer.end_data()["code"], "INTERNAL_ERROR");
    let messages = student.messages(&session).await;
    assert_eq!(messages[1]["status"], "failed");
    let usage = student.usage().await;
    assert_eq!((&usage["tokens"]["used"], &usage["requests"]["used"]), (&0.into(), &0.into()));
    student.sends(&session, "And now?").await.expect(202);
    let next = "delete from jobs where state = 'ready'";
    sql(&platform, next).await;
    platform.end_with_jobs_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rescuers_do_not_get_in_each_others_way() {
    let home = nobody().start().await;
    add_many(&home, &vec![Chore::default(); 600]).await;
    sql(
        &home,
        "update jobs set state = 'running', epoch = 1, attempt = 1, lease_until = now() - interval '1 second'",
    )
    .await;
    let (db, bus) = (home.db(), &home.parts.bus);
    let rescued: usize = futures::future::join_all((0..8).map(|_| rescue(db, bus, kinds())))
        .await
        .into_iter()
        .map(|count| count.unwrap())
        .sum();
    assert_eq!(rescued, 600, "each job once");
    assert_eq!(number(&home, "select count(*) from jobs where state = 'ready' and epoch = 1").await, 600);
    assert_eq!(rescue(db, bus, kinds()).await.unwrap(), 0);
    sql(&home, "delete from jobs").await;
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_a_dead_worker_that_was_cancelled_is_not_started_again() {
    let home = nobody().start().await;
    let job = add(&home, &Chore::default()).await;
    claim_and_die(&home, job).await;
    let cancelled = control::cancel(home.db(), &home.parts.bus, kinds(), job).await.unwrap();
    assert_eq!(cancelled, jobs::queue::control::Cancel::Requested);
    rescue(home.db(), &home.parts.bus, kinds()).await.unwrap();
    let record = find(&home, job).await;
    assert_eq!((record.state, record.ending().unwrap().kind), (JobState::Cancelled, EventKind::Cancelled));
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_in_good_hands_is_left_alone() {
    let home = nobody().start().await;
    let job = add(&home, &Chore::default()).await;
    let platform = worker(1, |_| async {
        // Twice the lease.
        tokio::time::sleep(Duration::from_secs(2)).await;
        Outcome::Done
    })
    .config(|config| config.jobs.job_lease = Duration::from_secs(1))
    .beside(&home)
    .start()
    .await;
    until(&home, job, JobState::Running).await;
    while find(&home, job).await.state == JobState::Running {
        rescue(home.db(), &home.parts.bus, kinds()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let record = find(&home, job).await;
    assert_eq!((record.state, record.attempt, record.epoch), (JobState::Done, 1, 1));
    platform.end().await;
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_up_with_something_at_the_last_moment_is_not_given_up() {
    let home = nobody().start().await;
    let bus = &home.parts.bus;
    let job = add(&home, &Chore::default()).await;
    claim_and_die(&home, job).await;
    let lost = || end_early(home.db(), bus, kinds(), job, 1, Early::Lost("its worker died"));
    // Between the look at its lease and the verdict, the worker renewed it, or settled.
    sql(&home, "update jobs set lease_until = now() + interval '1 minute'").await;
    assert!(!lost().await.unwrap());
    sql(&home, "update jobs set state = 'scheduled', lease_until = null").await;
    assert!(!lost().await.unwrap());
    assert_eq!(find(&home, job).await.state, JobState::Scheduled);
    sql(&home, "update jobs set state = 'running', lease_until = now() - interval '1 second'").await;
    assert!(lost().await.unwrap());
    assert_eq!(find(&home, job).await.state, JobState::Discarded);
    home.end().await;
}
