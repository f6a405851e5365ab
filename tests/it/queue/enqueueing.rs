//! A job exists if and only if its transaction commits, and once a key.

use jobs::queue::{Enqueue, Outcome, enqueue, enqueue_many, record::JobState};

use super::{Chore, Diary, add, find, nobody, number, until, worker};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_rolled_back_never_existed() {
    let diary = Diary::default();
    let seen = diary.clone();
    let platform = worker(4, move |running| {
        seen.note(&running);
        async { Outcome::Done }
    })
    .start()
    .await;
    let mut tx = platform.db().begin_bare().await.unwrap();
    let taken_back = enqueue(&mut tx, &Chore::number(1)).await.unwrap();
    tx.rollback().await.unwrap();
    let kept = add(&platform, &Chore::number(2)).await;
    until(&platform, kept, JobState::Done).await;
    assert_eq!(diary.numbers(), [2]);
    assert_ne!(taken_back.id, kept);
    assert_eq!(number(&platform, "select count(*) from jobs").await, 1);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_gets_the_job_that_is_there_and_the_transaction_goes_on() {
    let platform = nobody().start().await;
    let mut tx = platform.db().begin_bare().await.unwrap();
    let first = enqueue(&mut tx, &Chore::keyed("one")).await.unwrap();
    let again = enqueue(&mut tx, &Chore::keyed("one")).await.unwrap();
    assert_eq!((again.id, again.existed), (first.id, true));
    let other = enqueue(&mut tx, &Chore::keyed("two")).await.unwrap();
    assert!(!other.existed, "the transaction is usable");
    tx.commit().await.unwrap();
    assert_eq!(number(&platform, "select count(*) from jobs").await, 2);

    // A key is taken by live jobs only.
    for live in ["scheduled", "ready"] {
        let update = sqlx::query("update jobs set state = $1::job_state where id = $2");
        update.bind(live).bind(first.id.0).execute(platform.db().pool()).await.unwrap();
        assert_eq!(add(&platform, &Chore::keyed("one")).await, first.id);
    }
    super::sql(&platform, "update jobs set state = 'done', finished_at = now()").await;
    assert_ne!(add(&platform, &Chore::keyed("one")).await, first.id);
    platform.end_with_jobs_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_that_race_for_a_key_get_one_job() {
    let platform = nobody().start().await;
    for first_commits in [true, false] {
        let key = format!("first commits: {first_commits}");
        let mut first = platform.db().begin_bare().await.unwrap();
        let mine = enqueue(&mut first, &Chore::keyed(&key)).await.unwrap();
        let racers: Vec<_> = (0..4)
            .map(|_| {
                let (db, key) = (platform.db().clone(), key.clone());
                tokio::spawn(async move {
                    let mut tx = db.begin_bare().await.unwrap();
                    let got = enqueue(&mut tx, &Chore::keyed(&key)).await.unwrap();
                    // Each goes on with something else, which needs a transaction in good health.
                    enqueue(&mut tx, &Chore::number(1)).await.unwrap();
                    tx.commit().await.unwrap();
                    got
                })
            })
            .collect();
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        if first_commits {
            first.commit().await.unwrap();
        } else {
            first.rollback().await.unwrap();
        }
        let got: Vec<_> =
            futures::future::join_all(racers).await.into_iter().map(|racer| racer.unwrap()).collect();
        assert!(got.iter().all(|racer| racer.id == got[0].id), "{got:?}");
        assert_eq!(got[0].id == mine.id, first_commits);
        let new = got.iter().filter(|racer| !racer.existed).count();
        assert_eq!(new, usize::from(!first_commits));
    }
    assert_eq!(number(&platform, "select count(*) from jobs where unique_key is not null").await, 2);
    platform.end_with_jobs_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_added_at_once_in_order_and_without_those_that_are_there() {
    let diary = Diary::default();
    let seen = diary.clone();
    let home = nobody().start().await;
    let keyed = |n: u32| Chore { n, key: Some(n.to_string()), student: None };
    add(&home, &keyed(7)).await;
    let mut tx = home.db().begin_bare().await.unwrap();
    let many: Vec<_> = (0..50).map(keyed).collect();
    assert_eq!(enqueue_many(&mut tx, &many).await.unwrap(), 49);
    assert_eq!(enqueue_many(&mut tx, &many).await.unwrap(), 0);
    assert_eq!(enqueue_many::<Chore>(&mut tx, &[]).await.unwrap(), 0);
    tx.commit().await.unwrap();

    let platform = worker(1, move |running| {
        seen.note(&running);
        async { Outcome::Done }
    })
    .beside(&home)
    .start()
    .await;
    diary.until(50).await;
    let expected: Vec<_> = std::iter::once(7).chain((0..50).filter(|n| *n != 7)).collect();
    assert_eq!(diary.numbers(), expected);
    platform.end().await;
    home.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_knows_who_caused_it_and_when_it_may_run() {
    let platform = nobody().start().await;
    let later = platform.parts.clock.now() + chrono::TimeDelta::hours(1);
    let mut tx = platform.db().begin_bare().await.unwrap();
    let enqueue = Enqueue::new(&Chore::number(3)).at(later).on_behalf_of(Some("request-1"));
    let job = enqueue.run(&mut tx).await.unwrap().id;
    tx.commit().await.unwrap();
    let record = find(&platform, job).await;
    assert_eq!((record.state, record.attempt, record.epoch), (JobState::Scheduled, 0, 0));
    assert_eq!(record.run_at.timestamp_micros(), later.timestamp_micros());
    let request = "select count(*) from jobs where request_id = 'request-1' and payload->'n' = '3'";
    assert_eq!(number(&platform, request).await, 1);
    platform.end_with_jobs_left().await;
}
