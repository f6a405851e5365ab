//! What is finished is kept for a while, and counted for longer.

use domain::ids::UserId;
use jobs::queue::{
    counters::quantile,
    retention::{prune, roll_up_minutes},
};

use super::{Chore, add, find, nobody, number, sql};

/// An id as it was made then: it begins with the time in milliseconds.
const ID_OF: &str = "
    create function id_of(at timestamptz) returns uuid language sql as $$
      select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0')
              || '7' || substr(md5(random()::text), 1, 19))::uuid
    $$";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_long_finished_is_removed() {
    let platform = nobody().start().await;
    let live = add(&platform, &Chore::default()).await;
    sql(&platform, ID_OF).await;
    sql(
        &platform,
        "update jobs set created_at = '2026-01-01';
         insert into jobs (id, queue, name, payload, state, max_attempts, created_at, started_at, finished_at)
         select id_of(at), 'command', 'chore', '{}', 'done', 3, at, at + interval '1 second',
                at + interval '3 seconds'
         from unnest(array['2026-03-01T10:00Z', '2026-03-01T10:59:56Z', '2026-03-01T10:59:58Z']::timestamptz[]) at;
         insert into jobs (id, queue, name, payload, state, max_attempts, created_at, finished_at)
         values (id_of('2026-03-01T10:00Z'), 'command', 'chore', '{}', 'cancelled', 3, '2026-03-01T10:00Z', '2026-03-01T10:00:05Z');
         insert into jobs (id, queue, name, payload, state, max_attempts, created_at, finished_at)
         values (id_of('2026-03-05T10:00Z'), 'command', 'chore', '{}', 'done', 3, '2026-03-05T10:00Z', '2026-03-05T10:00:05Z')",
    )
    .await;
    let pool = platform.db().pool();
    let before = "2026-03-02T00:00:00Z".parse().unwrap();
    assert_eq!(prune(pool, before).await.unwrap(), 4);
    assert_eq!(prune(pool, before).await.unwrap(), 0, "and once");
    assert_eq!(number(&platform, "select count(*) from jobs").await, 2, "the young and the living stay");
    find(&platform, live).await;

    platform.end_with_jobs_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_prune_remove_each_job_once() {
    let platform = nobody().start().await;
    sql(&platform, ID_OF).await;
    sql(
        &platform,
        "insert into jobs (id, queue, name, payload, state, max_attempts, created_at, started_at, finished_at)
         select id_of(at), 'chat', 'chore', '{}', 'done', 1, at, at, at + interval '2 milliseconds'
         from (select '2026-03-01'::timestamptz + n * interval '1 second' as at from generate_series(1, 12000) n) x",
    )
    .await;
    let pool = platform.db().pool();
    let before = "2026-04-01T00:00:00Z".parse().unwrap();
    let (one, two) = tokio::join!(prune(pool, before), prune(pool, before));
    assert_eq!(one.unwrap() + two.unwrap(), 12_000);
    assert_eq!(number(&platform, "select count(*) from jobs").await, 0);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tenants_of_long_ago_are_forgotten_and_those_of_now_are_not() {
    let platform = nobody().start().await;
    let [gone, ahead, waits] = [(); 3].map(|()| UserId::generate());
    add(&platform, &Chore::of(gone, 0)).await;
    for _ in 0..5 {
        add(&platform, &Chore::of(ahead, 0)).await;
    }
    sql(&platform, "update jobs set state = 'done', finished_at = now()").await;
    add(&platform, &Chore::of(waits, 0)).await;
    prune(platform.db().pool(), platform.parts.clock.now()).await.unwrap();
    let left: Vec<(uuid::Uuid,)> =
        sqlx::query_as("select tenant from queue_tenants").fetch_all(platform.db().pool()).await.unwrap();
    assert!(!left.contains(&(gone.0,)), "it would be given the front anyway");
    assert!(left.contains(&(ahead.0,)), "it is the front");
    assert!(left.contains(&(waits.0,)), "it has a job");
    platform.end_with_jobs_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ran_is_counted_by_the_minute_and_later_by_the_hour() {
    let platform = nobody().start().await;
    let pool = platform.db().pool();
    sql(
        &platform,
        "insert into job_minutes (minute, queue, name, outcome, jobs, wait_ms, run_ms, waits, runs)
         select minute, 'chat', 'chore', 'done', 2, 20, 40, array[0, 2] || array_fill(0, array[16]), array[2] || array_fill(0, array[17])
         from unnest(array['2026-03-01T10:00Z', '2026-03-01T10:59Z', '2026-03-01T11:00Z', '2026-03-02T00:00Z']::timestamptz[]) minute",
    )
    .await;
    let before = "2026-03-02T00:00:00Z".parse().unwrap();
    assert_eq!(roll_up_minutes(pool, before).await.unwrap(), 3);
    assert_eq!(roll_up_minutes(pool, before).await.unwrap(), 0, "and once");
    assert_eq!(number(&platform, "select count(*) from job_minutes").await, 1, "the young stay");
    let hours: Vec<(i64, i64, Vec<i32>)> =
        sqlx::query_as("select jobs, wait_ms, waits from job_hours order by hour")
            .fetch_all(pool)
            .await
            .unwrap();
    assert_eq!(hours.iter().map(|(jobs, wait, _)| (*jobs, *wait)).collect::<Vec<_>>(), [(4, 40), (2, 20)]);
    assert_eq!(quantile(&hours[0].2, 0.5), Some(1.5), "in the middle of the second bucket");
    platform.end().await;
}
