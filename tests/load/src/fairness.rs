//! How long a student's first job waits behind another student's thousands.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use domain::ids::UserId;
use jobs::{Job, Queue, queue::Outcome};
use serde::{Deserialize, Serialize};
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};

use crate::{
    lab::Lab,
    samples::Samples,
    table::{Row, grouped, ms},
};

/// Jobs that run at once; all are taken.
const CONCURRENCY: usize = 16;

/// How long a job takes.
const SLOW: Duration = Duration::from_millis(50);

/// Students who come later, one by one.
const NEWCOMERS: usize = 20;

/// The longest wait.
const LONGEST: Duration = Duration::from_mins(1);

/// A job that takes its time.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Slow {
    student: UserId,
}

impl Job for Slow {
    const NAME: &'static str = "benchmark_slow";
    const QUEUE: Queue = Queue::Command;
    const TIMEOUT: Duration = Duration::from_secs(10);

    fn tenant(&self) -> Option<UserId> {
        Some(self.student)
    }
}

/// Measures the waits of newcomers.
pub(crate) async fn measure(lab: &Lab, thousands: usize) -> anyhow::Result<Row> {
    crate::progress("a first job behind another student's thousands");
    lab.empty().await?;
    let eager = UserId::generate();
    let jobs: Vec<_> = (0..thousands).map(|_| Slow { student: eager }).collect();
    for some in jobs.chunks(1_000) {
        lab.enqueue_many(some).await?;
    }
    let (started, mut starts) = mpsc::unbounded_channel();
    let worker = lab.work(Slow::QUEUE, CONCURRENCY, move |running| {
        let started = started.clone();
        async move {
            // Only newcomers are waited for.
            if running.job.tenant != Some(eager) && started.send(Instant::now()).is_err() {
                return Outcome::Discard("nobody waits".to_owned());
            }
            sleep(SLOW).await;
            Outcome::Done
        }
    });
    sleep(SLOW * 4).await;
    let mut waits = Samples::new()?;
    for _ in 0..NEWCOMERS {
        let began = Instant::now();
        lab.enqueue(&Slow { student: UserId::generate() }).await?;
        let start = timeout(LONGEST, starts.recv()).await?.context("the worker has ended")?;
        waits.add(start - began);
        sleep(SLOW / 3).await;
    }
    worker.end().await?;
    lab.empty().await?;
    let all = SLOW * u32::try_from(thousands / CONCURRENCY)?;
    Ok(Row::new(
        "wait of a first job behind another student's many (p50 / max)",
        ms(&[waits.ms(50.0), waits.ms(100.0)]),
    )
    .detail(format!(
        "all {CONCURRENCY} slots are taken by jobs of {} ms; in order of arrival behind {} of them: {:.0} s",
        SLOW.as_millis(),
        grouped(u64::try_from(thousands)?),
        all.as_secs_f64()
    )))
}
