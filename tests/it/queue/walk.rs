//! A random walk: everything that can happen to a job happens, at once and in any order, and a trigger
//! writes down every step of every row. No step may be one that the states do not allow.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{Clock, Db, ids::JobId};
use jobs::{
    bus::{EventKind, Number, TerminalEvent},
    catalogue::kinds,
    queue::{Outcome, Running, complete, control, enqueue, rescue},
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;

use super::{Chore, crash, hurry, nobody, number, sql, worker};
use crate::support::{Platform, platform::Setup};

const KEEP_HISTORY: &str = "
    create table effects (job uuid not null);
    grant insert on effects to medai_platform;
    create table steps (
      n bigserial, job uuid, was job_state, became job_state, was_epoch bigint, epoch bigint, was_attempt int, attempt int,
      max_attempts int
    );
    create function keep_step() returns trigger language plpgsql security definer set search_path = public as $$
    begin
      insert into steps (job, was, became, was_epoch, epoch, was_attempt, attempt, max_attempts)
      values (new.id, old.state, new.state, old.epoch, new.epoch, old.attempt, new.attempt, new.max_attempts);
      return null;
    end $$;
    create trigger keep_steps after update on jobs for each row execute function keep_step()";

/// Steps that must not be.
const FORBIDDEN: &str = "
    select concat_ws(' ', was, was_epoch, was_attempt, '->', became, epoch, attempt) from steps where not case
      when was = 'ready' and became = 'running'
        then epoch = was_epoch + 1 and attempt = was_attempt + 1 and attempt <= max_attempts
      when was = 'scheduled' and became = 'ready' then epoch = was_epoch and attempt = was_attempt
      when was = 'running' and became in ('ready', 'scheduled')
        then epoch = was_epoch and attempt in (was_attempt, was_attempt - 1) and attempt >= 0
      when was = 'running' and became = 'done' then epoch = was_epoch and attempt = was_attempt
      when was in ('ready', 'scheduled', 'running') and became = 'cancelled' then epoch = was_epoch + 1
      when was = 'running' and became = 'discarded' then epoch = was_epoch + 1
      when was in ('ready', 'scheduled', 'running') and became = was then epoch = was_epoch and attempt = was_attempt
      else false
    end";

/// A worker whose jobs do anything.
fn unpredictable(home: &Platform, seed: u64) -> Setup {
    let (db, clock) = (home.db().clone(), home.parts.clock.clone());
    worker(3, move |running| {
        let low = running.job.id.0.as_u64_pair().1;
        let rng = StdRng::seed_from_u64(seed ^ low ^ running.job.epoch.cast_unsigned());
        live(running, db.clone(), clock.clone(), rng)
    })
    .config(|config| config.jobs.job_lease = Duration::from_millis(600))
    .beside(home)
}

async fn live(running: Running, db: Db, clock: Clock, mut rng: StdRng) -> Outcome {
    tokio::time::sleep(Duration::from_millis(rng.random_range(0..15))).await;
    let job = &running.job;
    match rng.random_range(0..10) {
        0 | 1 => Outcome::Done,
        2 | 3 => {
            let ending = TerminalEvent {
                number: Number::epoch(job.epoch).end(),
                kind: EventKind::Done,
                data: json!({}),
            };
            let mut tx = db.begin_bare().await.unwrap();
            if complete(&mut tx, job.id, job.epoch, &ending).await.unwrap() {
                sqlx::query("insert into effects values ($1)")
                    .bind(job.id.0)
                    .execute(&mut *tx)
                    .await
                    .unwrap();
                tx.commit().await.unwrap();
            }
            Outcome::Ended
        }
        4 => Outcome::Retry("by chance".to_owned()),
        5 | 6 => Outcome::Snooze(clock.now() + TimeDelta::milliseconds(rng.random_range(-5..20))),
        7 => Outcome::Discard("by chance".to_owned()),
        8 => crash(),
        _ => {
            let cancelled = running.cancel.cancelled();
            match tokio::time::timeout(Duration::from_millis(200), cancelled).await {
                Ok(()) => Outcome::Cancelled,
                Err(_) => Outcome::Done,
            }
        }
    }
}

/// Somebody who meddles from outside.
async fn meddle(home: &Platform, mut rng: StdRng) {
    let pool = home.db().pool();
    for _ in 0..80 {
        match rng.random_range(0..10) {
            0..=4 => {
                let key = format!("key {}", rng.random_range(0..6));
                let mut tx = home.db().begin_bare().await.unwrap();
                enqueue(&mut tx, &Chore::keyed(&key)).await.unwrap();
                if rng.random_bool(0.8) {
                    tx.commit().await.unwrap();
                }
            }
            5 => {
                let any = "select id from jobs where finished_at is null order by random() limit 1";
                let job: Option<JobId> = sqlx::query_scalar(any).fetch_optional(pool).await.unwrap();
                if let Some(job) = job {
                    control::cancel(home.db(), &home.parts.bus, kinds(), job).await.unwrap();
                }
            }
            6 => {
                sql(
                    home,
                    "update jobs set lease_until = now() - interval '1 second' where state = 'running'",
                )
                .await;
            }
            7 | 8 => {
                rescue(home.db(), &home.parts.bus, kinds()).await.unwrap();
            }
            _ => hurry(home).await,
        }
        tokio::time::sleep(Duration::from_millis(rng.random_range(0..10))).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_a_job_takes_only_steps_that_are_allowed() {
    let seed: u64 = rand::random();
    let home = nobody().start().await;
    sql(&home, KEEP_HISTORY).await;
    let workers = [unpredictable(&home, seed).start().await, unpredictable(&home, !seed).start().await];
    let meddlers = (0..4).map(|n| meddle(&home, StdRng::seed_from_u64(seed.wrapping_add(n))));
    futures::future::join_all(meddlers).await;
    let all_end = async {
        while number(&home, "select count(*) from jobs where finished_at is null").await > 0 {
            hurry(&home).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(super::PATIENCE, all_end)
        .await
        .unwrap_or_else(|_| panic!("seed {seed}: a job is stuck"));

    let forbidden: Vec<String> = sqlx::query_scalar(FORBIDDEN).fetch_all(home.db().pool()).await.unwrap();
    assert!(forbidden.is_empty(), "seed {seed}: {forbidden:?}");
    let many = number(&home, "select count(distinct (was, became)) from steps").await;
    assert!(many >= 8, "seed {seed}: the walk came to {many} kinds of steps only");
    let doubled = "select count(*) from (select job from effects group by job having count(*) > 1) twice";
    assert_eq!(number(&home, doubled).await, 0, "seed {seed}");
    let unearned = "select count(*) from effects join jobs on jobs.id = effects.job where state <> 'done'";
    assert_eq!(number(&home, unearned).await, 0, "seed {seed}");
    for worker in workers {
        worker.end().await;
    }
    home.end().await;
}
