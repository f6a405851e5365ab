//! How many jobs that do nothing the queue moves a second.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::ensure;
use jobs::{Job, Queue, queue::Outcome};
use serde::{Deserialize, Serialize};
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    lab::{Lab, Worker},
    machine::Meter,
    table::{Row, a_second, grouped},
};

/// Jobs that run at once.
const CONCURRENCY: usize = 400;

/// Jobs of a transaction while the backlog is made.
const BACKLOG_BATCH: usize = 1_000;

/// How long the queue may take to work off what there is.
const PATIENCE: Duration = Duration::from_mins(2);

/// The fewest jobs a second: from a backlog, and enqueued and worked off together.
const GOALS: [u64; 2] = [35_000, 10_000];

/// Who enqueues while the worker works.
const TOGETHER: [(usize, usize); 2] = [(2, 100), (8, 1)];

/// A job that does nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Noop {
    number: u64,
}

impl Job for Noop {
    const NAME: &'static str = "benchmark_noop";
    const QUEUE: Queue = Queue::Housekeeping;
    const TIMEOUT: Duration = Duration::from_secs(10);
}

impl Noop {
    /// With a number.
    pub(crate) const fn new(number: u64) -> Self {
        Self { number }
    }
}

/// Measures working off a backlog, and enqueueing and working together.
pub(crate) async fn measure(lab: &Arc<Lab>, backlog: usize, window: Duration) -> anyhow::Result<Vec<Row>> {
    let mut rows = vec![work_off(lab, backlog).await?];
    for (enqueuers, batch) in TOGETHER {
        rows.push(together(lab, enqueuers, batch, window).await?);
    }
    lab.empty().await?;
    Ok(rows)
}

async fn work_off(lab: &Lab, backlog: usize) -> anyhow::Result<Row> {
    crate::progress("jobs a second from a backlog");
    lab.empty().await?;
    let began = Instant::now();
    let batch: Vec<_> = (0..BACKLOG_BATCH).map(|_| Noop::new(0)).collect();
    let mut total = 0;
    while total < u64::try_from(backlog)? {
        total += lab.enqueue_many(&batch).await?;
    }
    let enqueued = a_second(total, began.elapsed());
    let (began, meter) = (Instant::now(), Meter::start());
    let (worker, done) = start(lab);
    until_done(&worker, &done, total).await?;
    let (rate, cost) = (a_second(total, began.elapsed()), cost(&meter, total));
    worker.end().await?;
    let [goal, _] = GOALS;
    Ok(Row::new(format!("no-op jobs a second, backlog of {}", grouped(total)), grouped(rate))
        .goal("≥ 35,000", rate >= goal)
        .detail(format!(
            "enqueued before at {} a second, {BACKLOG_BATCH} a transaction; {cost}",
            grouped(enqueued)
        )))
}

async fn together(lab: &Arc<Lab>, enqueuers: usize, batch: usize, window: Duration) -> anyhow::Result<Row> {
    crate::progress(&format!("jobs a second, enqueued meanwhile, {batch} a transaction"));
    lab.empty().await?;
    let (worker, done) = start(lab);
    let (began, meter) = (Instant::now(), Meter::start());
    let mut tasks = JoinSet::new();
    for _ in 0..enqueuers {
        let lab = Arc::clone(lab);
        tasks.spawn(async move { enqueue_until(&lab, batch, began + window).await });
    }
    let mut total = 0;
    while let Some(added) = tasks.join_next().await {
        total += added??;
    }
    let (enqueuing, left) = (began.elapsed(), total - done.load(Ordering::Relaxed).min(total));
    until_done(&worker, &done, total).await?;
    let (rate, cost) = (a_second(total, began.elapsed()), cost(&meter, total));
    worker.end().await?;
    let [_, goal] = GOALS;
    let jobs = if batch == 1 { "1 job".to_owned() } else { format!("{batch} jobs") };
    Ok(Row::new(format!("no-op jobs a second, enqueue and work, {jobs} a transaction"), grouped(rate))
        .goal("≥ 10,000", rate >= goal)
        .detail(format!(
            "{enqueuers} enqueue {} a second; {} were left when they stopped; {cost}",
            grouped(a_second(total, enqueuing)),
            grouped(left)
        )))
}

/// What a job costs.
fn cost(meter: &Meter, jobs: u64) -> String {
    let cost = meter.ms_each(jobs);
    let [here, database] = ["load", "postgres"].map(|name| cost(name) * 1e3);
    format!("a job costs {here:.0} µs here and {database:.0} µs of the database")
}

fn start(lab: &Lab) -> (Worker, Arc<AtomicU64>) {
    let done = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&done);
    let worker = lab.work(Noop::QUEUE, CONCURRENCY, move |_running| {
        count.fetch_add(1, Ordering::Relaxed);
        std::future::ready(Outcome::Done)
    });
    (worker, done)
}

/// Waits until all has run, and is settled in the database.
async fn until_done(worker: &Worker, done: &AtomicU64, total: u64) -> anyhow::Result<()> {
    let all = async {
        while done.load(Ordering::Relaxed) < total {
            sleep(Duration::from_millis(1)).await;
        }
        worker.settled().await;
    };
    let in_time = timeout(PATIENCE, all).await.is_ok();
    ensure!(in_time, "of {total} jobs only {} ran in two minutes", done.load(Ordering::Relaxed));
    Ok(())
}

async fn enqueue_until(lab: &Lab, batch: usize, until: Instant) -> anyhow::Result<u64> {
    let jobs: Vec<_> = (0..batch).map(|_| Noop::new(0)).collect();
    let mut total = 0;
    while Instant::now() < until {
        match jobs.as_slice() {
            [one] => {
                lab.enqueue(one).await?;
                total += 1;
            }
            many => total += lab.enqueue_many(many).await?,
        }
    }
    Ok(total)
}
