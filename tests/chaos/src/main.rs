//! `make chaos`: runs every fault and prints one table. Fails where anything is lost, doubled, left
//! open or counted wrongly, or where it takes too long to recover.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use chaos::{Fault, Row, Setup, Timing, World, table::Table};
use clap::Parser;

/// Lets one thing at a time go wrong under steady load, and reads the books after each.
#[derive(Debug, Parser)]
#[command(name = "chaos", version)]
struct Options {
    /// Only these faults, separated by commas.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Fault>,
    /// Students who ask.
    #[arg(long, default_value_t = 20)]
    students: usize,
    /// The program `medai`; the one beside this one unless told.
    #[arg(long)]
    program: Option<PathBuf>,
    /// Where PostgreSQL and Valkey are kept once they were downloaded.
    #[arg(long, default_value = "target/tools")]
    tools: PathBuf,
    /// What the processes log, as for `RUST_LOG`.
    #[arg(long, default_value = "warn")]
    log: String,
    /// Keep what the processes logged.
    #[arg(long)]
    keep: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Options::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            progress(&format!("the suite failed: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> anyhow::Result<bool> {
    let own = std::env::current_exe()?;
    let beside = own.parent().context("this program has no folder")?;
    let program = options.program.clone().unwrap_or_else(|| beside.join("medai"));
    let program =
        fs::canonicalize(&program).with_context(|| format!("{}: build it first", program.display()))?;
    fs::create_dir_all(&options.tools)?;
    let tools = fs::canonicalize(&options.tools)?;
    let folder = beside.parent().unwrap_or(beside).join(format!("chaos-{}", std::process::id()));
    let setup = Setup { program, tools, folder: folder.clone(), lease: None, log: options.log.clone() };
    let mut world = World::start(&setup).await?;
    let mut rows = Vec::new();
    let wanted = |fault: &Fault| options.only.is_empty() || options.only.contains(fault);
    for fault in Fault::ALL.into_iter().filter(wanted) {
        progress(fault.name());
        let row = Row::run(&mut world, fault, &Timing::full(options.students)).await?;
        progress(&Table(std::slice::from_ref(&row)).to_string());
        rows.push(row);
    }
    drop(world);
    if !options.keep {
        fs::remove_dir_all(&folder)?;
    }
    print(&Table(&rows));
    Ok(rows.iter().all(Row::is_good))
}

/// Says what is going on, beside the table.
#[expect(clippy::print_stderr, reason = "progress belongs on standard error")]
fn progress(text: &str) {
    eprintln!("{text}");
}

/// Prints what this program was asked for.
#[expect(clippy::print_stdout, reason = "the table is the output of this program")]
fn print(table: &Table<'_>) {
    println!("{table}");
}
