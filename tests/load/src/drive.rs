//! Many askers side by side, each asking again as soon as it has its answer.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use tokio::{task::JoinSet, time::sleep};

use crate::{
    ask::{Asker, Took, Way},
    platform::Platform,
    samples::Samples,
    students::Student,
};

/// After so many failures there is nothing to be measured.
const TOO_MANY: usize = 20;

/// When something is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timing {
    /// Not counted before this time: connections, caches and pools are cold.
    pub(crate) warm_up: Duration,
    /// How long it counts.
    pub(crate) window: Duration,
    /// The time over which the askers begin, so that they do not go on in step.
    pub(crate) spread: Duration,
}

/// What came out.
#[derive(Debug)]
pub(crate) struct Totals {
    /// Times to first token.
    pub(crate) first: Samples,
    /// Times to the end.
    pub(crate) whole: Samples,
    /// Answers that ended within the window.
    pub(crate) answers: u64,
    /// All answers, those of the warm-up and after the window, too.
    pub(crate) whole_run: u64,
}

/// One asker's answers, with the time when each was asked for.
type Log = Vec<(Instant, Took)>;

/// Asks the provider itself, by as many as asked.
pub(crate) async fn directly(platform: &Platform, askers: usize, timing: Timing) -> anyhow::Result<Totals> {
    let mut all = Vec::with_capacity(askers);
    for _ in 0..askers {
        all.push(Asker::new(platform.provider, Way::Directly).await?);
    }
    drive(all, timing).await
}

/// Asks through medai.
pub(crate) async fn through(
    platform: &Platform,
    students: &[Student],
    timing: Timing,
) -> anyhow::Result<Totals> {
    let mut all = Vec::with_capacity(students.len());
    for student in students {
        all.push(Asker::new(platform.address, Way::Through(student.clone())).await?);
    }
    drive(all, timing).await
}

async fn drive(askers: Vec<Asker>, timing: Timing) -> anyhow::Result<Totals> {
    let Timing { warm_up, window, spread } = timing;
    let each = spread / u32::try_from(askers.len().max(1))?;
    let from = Instant::now() + warm_up;
    let until = from + window;
    let mut tasks = JoinSet::new();
    let mut pause = Duration::ZERO;
    for asker in askers {
        tasks.spawn(ask_until(asker, pause, until));
        pause += each;
    }
    let mut counters = Totals { first: Samples::new()?, whole: Samples::new()?, answers: 0, whole_run: 0 };
    while let Some(log) = tasks.join_next().await {
        for (asked, took) in log?? {
            if asked >= from {
                counters.first.add(took.first);
                counters.whole.add(took.whole);
            }
            counters.whole_run += 1;
            counters.answers += u64::from((from..until).contains(&(asked + took.whole)));
        }
    }
    ensure!(counters.first.count() > 0, "nothing was answered within the time");
    Ok(counters)
}

async fn ask_until(mut asker: Asker, pause: Duration, until: Instant) -> anyhow::Result<Log> {
    let (mut log, mut failures) = (Log::new(), 0);
    sleep(pause).await;
    loop {
        let now = Instant::now();
        if now >= until {
            return Ok(log);
        }
        match asker.ask().await {
            Ok(took) => log.push((now, took)),
            Err(error) => {
                crate::progress(&format!("  {error:#}"));
                failures += 1;
                ensure!(failures < TOO_MANY, "too many questions failed");
                asker.start_over().await.context("connecting again")?;
            }
        }
    }
}
