//! The benchmark: starts the release build and the simulator, measures, and prints one table.
//!
//! What is measured through HTTP runs against `medai dev` as a process of its own, on a private
//! PostgreSQL with `fsync` on; what is measured of the queue alone runs in this process, on another
//! private PostgreSQL. All of it is gone afterwards, also after an error or Ctrl-C.

use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context as _;
use clap::{Parser, ValueEnum};
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};

mod answers;
mod ask;
mod client;
mod drive;
mod fairness;
mod floors;
mod lab;
mod machine;
mod memory;
mod pickup;
mod place;
mod platform;
mod process;
mod samples;
mod start;
mod students;
mod table;
mod throughput;
mod ttft;

use lab::Lab;
use place::Place;
use platform::Platform;
use table::Table;

/// As in medai, since the queue's worker runs in this process, too.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Measures what medai adds to a provider, and prints one table.
#[derive(Debug, Parser)]
#[command(name = "load", version)]
struct Options {
    /// Measure only this; may be given more than once, or separated by commas.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// How long each row is measured.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// A tenth of everything: shows that it works, not how fast it is.
    #[arg(long)]
    quick: bool,
    /// Where the programs `medai` and `simulator` are; beside this one unless told.
    #[arg(long)]
    programs: Option<PathBuf>,
    /// Where PostgreSQL is kept once it was downloaded.
    #[arg(long, default_value = ".data/tools")]
    tools: PathBuf,
}

/// What can be measured by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The time from starting the program until it is ready.
    Start,
    /// Memory of open streams.
    Memory,
    /// Added time to first token.
    Ttft,
    /// Whole answers a second.
    Answers,
    /// No-op jobs a second.
    Jobs,
    /// The wait of one job on an idle queue.
    Pickup,
    /// The wait of a first job behind another student's thousands.
    Fairness,
}

impl Options {
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    fn wants_any(&self, parts: &[Part]) -> bool {
        parts.iter().any(|part| self.wants(*part))
    }

    /// How long a row is measured.
    fn window(&self) -> Duration {
        let seconds = if self.quick { self.seconds.div_ceil(5) } else { self.seconds };
        Duration::from_secs(seconds.max(1))
    }

    /// How many of something, or a tenth of it.
    const fn many(&self, number: usize) -> usize {
        if self.quick { number / 10 } else { number }
    }
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            progress(&format!("the benchmark failed: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> anyhow::Result<()> {
    machine::lift_file_limit()?;
    let place = Place::new(options.programs.as_deref(), &options.tools)?;
    let mut table = Table::new(machine::describe());
    if options.wants_any(&[Part::Start, Part::Memory, Part::Ttft, Part::Answers]) {
        // One thread: the load must leave the processors to what is measured.
        let runtime = Builder::new_current_thread().enable_all().build()?;
        unless_stopped(&runtime, through_http(options, &place, &mut table))?;
    }
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    unless_stopped(&runtime, queue_alone(options, &place, &mut table))?;
    runtime.shutdown_timeout(Duration::from_secs(2));
    print(&table);
    Ok(())
}

/// What students see.
async fn through_http(options: &Options, place: &Place, table: &mut Table) -> anyhow::Result<()> {
    let platform = if options.wants(Part::Start) {
        start::measure(place, table).await?
    } else {
        Platform::start(place).await?
    };
    table.know("PostgreSQL", platform.postgres_version().await?);
    platform.add_key().await?;
    table.add(floors::health(&platform, options.many(5_000)).await?);
    if options.wants(Part::Memory) {
        table.add(memory::measure(&platform).await?);
    }
    if options.wants(Part::Ttft) {
        for case in ttft::CASES {
            table.add(ttft::measure(&platform, &case, options.window()).await?);
        }
    }
    if options.wants(Part::Answers) {
        table.extend(answers::measure(&platform, options.window()).await?);
    }
    platform.end().context("medai did not end well")
}

/// What the queue does, in this process.
async fn queue_alone(options: &Options, place: &Place, table: &mut Table) -> anyhow::Result<()> {
    let lab = Arc::new(Lab::start(place).await?);
    table.know("PostgreSQL", lab.postgres_version().await?);
    table.extend(floors::database(&lab, options.many(5_000)).await?);
    if options.wants(Part::Jobs) {
        table.extend(throughput::measure(&lab, options.many(200_000), options.window()).await?);
    }
    if options.wants(Part::Pickup) {
        table.add(pickup::measure(&lab, options.many(1_000)).await?);
    }
    if options.wants(Part::Fairness) {
        table.add(fairness::measure(&lab, options.many(10_000)).await?);
    }
    Arc::into_inner(lab).context("something still uses the database")?.end().await
}

/// Runs some work to its end, or until the process is told to stop: then it is dropped, which ends
/// what it started.
fn unless_stopped(runtime: &Runtime, work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    runtime.block_on(async {
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        tokio::select! {
            done = work => done,
            _ = interrupt.recv() => anyhow::bail!("stopped"),
            _ = terminate.recv() => anyhow::bail!("stopped"),
        }
    })
}

/// Says what is going on, beside the table.
#[expect(clippy::print_stderr, reason = "progress belongs on standard error")]
fn progress(text: &str) {
    eprintln!("{text}");
}

/// Prints what this program was asked for.
#[expect(clippy::print_stdout, reason = "the table is the output of this program")]
fn print(table: &Table) {
    println!("{table}");
}
