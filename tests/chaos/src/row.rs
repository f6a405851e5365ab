//! One row of the table: load, a fault, more load, and the books.

use std::time::{Duration, Instant};

use anyhow::ensure;
use sqlx::PgPool;
use tokio::time::sleep;
use uuid::Uuid;

use crate::{
    audit::{Audit, audit, open_jobs},
    fault::{Fault, leader},
    load::Load,
    recovery::{Windows, recovery},
    world::World,
};

/// How much, and how long.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// Students who ask.
    pub students: usize,
    /// Until the load is steady.
    pub warm_up: Duration,
    /// How long the usual rate is measured.
    pub usual: Duration,
    /// Over which time a rate is taken.
    pub rate: Duration,
    /// How long Redis stays away, and the disk is full.
    pub away: Duration,
    /// How long it goes on after the fault, at least.
    pub after: Duration,
    /// And at most.
    pub patience: Duration,
}

impl Timing {
    /// For `make chaos`.
    pub const fn full(students: usize) -> Self {
        Self {
            students,
            warm_up: Duration::from_secs(2),
            usual: Duration::from_secs(6),
            rate: Duration::from_secs(2),
            away: Duration::from_secs(10),
            after: Duration::from_secs(10),
            patience: Duration::from_mins(1),
        }
    }

    /// For `make test`.
    pub const fn short() -> Self {
        Self {
            students: 6,
            warm_up: Duration::from_secs(1),
            usual: Duration::from_millis(2_500),
            rate: Duration::from_millis(1_500),
            away: Duration::from_secs(3),
            after: Duration::from_secs(3),
            patience: Duration::from_secs(40),
        }
    }
}

/// What came of a fault.
#[derive(Debug)]
pub struct Row {
    /// Which.
    pub fault: Fault,
    /// The books; none where it is not applicable.
    pub audit: Option<Audit>,
    /// Why it could not be tried.
    pub not_applicable: Option<&'static str>,
    /// How long it took until all was as usual.
    pub recovered: Option<Duration>,
}

impl Row {
    /// Whether books and time are as they should be.
    pub fn is_good(&self) -> bool {
        let Some(audit) = &self.audit else { return true };
        audit.is_clean() && self.recovered.is_some_and(|took| took <= self.fault.target())
    }

    /// Runs one fault.
    ///
    /// # Errors
    /// Where the suite itself fails: something does not start, or nobody can ask.
    pub async fn run(world: &mut World, fault: Fault, timing: &Timing) -> anyhow::Result<Self> {
        let not_applicable = fault.prepare(world).await?;
        if not_applicable.is_some() {
            return Ok(Self { fault, audit: None, not_applicable, recovered: None });
        }
        world.simulator.forget();
        let load = Load::start(world, timing.students).await?;
        sleep(timing.warm_up).await;
        let steady = Instant::now();
        sleep(timing.usual).await;
        ensure!(load.asked().iter().any(|asked| asked.end.is_some()), "nothing is answered before any fault");
        let led = if fault == Fault::LeaderKilled { leader(world).await? } else { None };
        let struck = fault.strike(world, timing).await?;
        let windows = Windows { steady, struck: struck.began, over: struck.over, rate: timing.rate };
        let led_again =
            if led.is_some() { another_leads(world, led, struck.over).await? } else { Some(Duration::ZERO) };
        let recovered = watch(world, &load, &windows, timing).await?;
        let students = load.students.clone();
        let asked = load.finish().await;
        fault.mend(world).await?;
        let pool = world.pool().await?;
        let deadline = Instant::now() + timing.patience;
        while open_jobs(&pool, &students).await? > 0 && Instant::now() < deadline {
            sleep(Duration::from_millis(100)).await;
        }
        let mut audit = audit(&pool, &students, &asked, &world.simulator.calls()).await?;
        if fault == Fault::Midnight {
            audit.problems.extend(midnight_passed(&pool, &students).await?);
        }
        if let Some(uploads) = world.uploads.take() {
            audit.problems.extend(uploads.problems(&pool).await?);
        }
        audit.problems.extend(keys_come_back(&pool, timing.patience).await?);
        pool.close().await;
        world.disk = None;
        let recovered = recovered.zip(led_again).map(|(flow, lead)| flow.max(lead));
        Ok(Self { fault, audit: Some(audit), not_applicable, recovered })
    }
}

/// Waits until all is as usual.
async fn watch(
    world: &World,
    load: &Load,
    windows: &Windows,
    timing: &Timing,
) -> anyhow::Result<Option<Duration>> {
    let pool = world.pool().await?;
    loop {
        sleep(Duration::from_millis(200)).await;
        let now = Instant::now();
        let since = now.saturating_duration_since(windows.over);
        // Jobs that were added before the fault was over, and have not ended.
        let open: Option<f64> = sqlx::query_scalar(
            "select extract(epoch from now() - min(created_at))::float8 from jobs
             where tenant = any($1) and finished_at is null",
        )
        .bind(&load.students)
        .fetch_one(&pool)
        .await?;
        let open_since = open.and_then(|age| now.checked_sub(Duration::from_secs_f64(age.max(0.0))));
        let recovered = recovery(&load.asked(), open_since, windows, now);
        if (recovered.is_some() && since >= timing.after) || since >= timing.patience {
            pool.close().await;
            return Ok(recovered);
        }
    }
}

/// Usage of two days shows that it was midnight in between.
async fn midnight_passed(pool: &PgPool, students: &[Uuid]) -> anyhow::Result<Option<String>> {
    let days = sqlx::query_scalar("select count(distinct day) from usage_ledger where user_id = any($1)");
    let days: i64 = days.bind(students).fetch_one(pool).await?;
    Ok((days != 2).then(|| format!("it was midnight, and usage is on {days} days")))
}

/// Waits until every key serves again, which nobody should have to see to.
async fn keys_come_back(pool: &PgPool, patience: Duration) -> anyhow::Result<Option<String>> {
    let deadline = Instant::now() + patience;
    loop {
        let away: i64 = sqlx::query_scalar("select count(*) from provider_keys where status <> 'active'")
            .fetch_one(pool)
            .await?;
        if away == 0 {
            return Ok(None);
        }
        if Instant::now() >= deadline {
            // So that the next row finds them.
            sqlx::query(
                "update provider_keys set status = 'active', failure_count = 0, cooldown_until = null",
            )
            .execute(pool)
            .await?;
            return Ok(Some(format!("{away} keys did not come back by themselves")));
        }
        sleep(Duration::from_millis(200)).await;
    }
}

/// How long it takes until another scheduler leads.
async fn another_leads(
    world: &World,
    before: Option<String>,
    since: Instant,
) -> anyhow::Result<Option<Duration>> {
    while since.elapsed() < Duration::from_secs(40) {
        let now = leader(world).await?;
        if now.is_some() && now != before {
            return Ok(Some(since.elapsed()));
        }
        sleep(Duration::from_millis(200)).await;
    }
    Ok(None)
}
