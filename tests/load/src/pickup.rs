//! How long one job waits on an idle queue.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use jobs::{Job as _, queue::Outcome};
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};

use crate::{
    lab::Lab,
    samples::Samples,
    table::{Row, grouped, ms},
    throughput::Noop,
};

/// The pause between two jobs.
const PAUSE: Duration = Duration::from_millis(10);

/// The longest wait.
const LONGEST: Duration = Duration::from_secs(10);

/// Jobs before it counts.
const WARM_UP: usize = 50;

/// The most milliseconds of the median and the 99th percentile.
const GOALS: [f64; 2] = [1.5, 4.0];

/// Measures from before the transaction that enqueues begins until the handler has begun.
pub(crate) async fn measure(lab: &Lab, rounds: usize) -> anyhow::Result<Row> {
    crate::progress("pickup of one job");
    lab.empty().await?;
    let (started, mut starts) = mpsc::unbounded_channel();
    let worker = lab.work(Noop::QUEUE, 16, move |_running| {
        let outcome = match started.send(Instant::now()) {
            Ok(()) => Outcome::Done,
            Err(gone) => Outcome::Discard(gone.to_string()),
        };
        std::future::ready(outcome)
    });
    let (mut whole, mut after_commit) = (Samples::new()?, Samples::new()?);
    for round in 0..WARM_UP + rounds {
        sleep(PAUSE).await;
        let began = Instant::now();
        let committed = lab.enqueue(&Noop::new(u64::try_from(round)?)).await?;
        let start = timeout(LONGEST, starts.recv()).await?.context("the worker has ended")?;
        if round >= WARM_UP {
            whole.add(start - began);
            after_commit.add(start.saturating_duration_since(committed));
        }
    }
    worker.end().await?;
    let (p50, p99) = (whole.ms(50.0), whole.ms(99.0));
    let [median, worst] = GOALS;
    Ok(Row::new("pickup of one job on an idle queue (p50 / p99)", ms(&[p50, p99]))
        .goal("p50 ≤ 1.5 ms, p99 ≤ 4 ms", p50 <= median && p99 <= worst)
        .detail(format!(
            "from BEGIN of the enqueueing to the handler; after its COMMIT {}; {} jobs",
            ms(&[after_commit.ms(50.0), after_commit.ms(99.0)]),
            grouped(whole.count())
        )))
}
