//! The benchmark of documents: reads, splits and embeds a folder of PDFs, and prints what that took.
//!
//! It reads with children of itself, as medai does. `documents pages` writes down what was read instead, for
//! `usable.py`, which compares it with what two other programs read.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

mod cost;
mod folder;
mod lab;
mod latency;
mod measure;
mod outcomes;
mod pages;
mod quality;
mod storing;

/// As in medai, whose limits of memory count what the allocator holds.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Measures what documents cost.
#[derive(Debug, Parser)]
#[command(name = "documents", version)]
struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reads, splits and embeds all PDFs below a folder, and prints a table.
    Measure {
        /// The folder.
        folder: PathBuf,
        /// Where the embedding model is kept once it was downloaded.
        #[arg(long, default_value = ".data/tools")]
        tools: PathBuf,
        /// No more chunks than these are embedded.
        #[arg(long, default_value_t = 2_000)]
        embed: usize,
    },
    /// Measures searches in libraries of several sizes among a million chunks.
    Latency {
        /// Chunks of all students together.
        #[arg(long, default_value_t = 1_000_000)]
        total: usize,
        /// Where PostgreSQL is kept once it was downloaded.
        #[arg(long, default_value = ".data/tools")]
        tools: PathBuf,
    },
    /// Measures what it costs to store vectors.
    Storing {
        /// Where PostgreSQL is kept once it was downloaded.
        #[arg(long, default_value = ".data/tools")]
        tools: PathBuf,
    },
    /// Measures how often the right page is found.
    Quality {
        /// The folder with the PDFs, all of one student's library.
        folder: PathBuf,
        /// The questions: JSON lines of `{question, document, page}`.
        questions: PathBuf,
        /// Where PostgreSQL and the embedding model are kept once they were downloaded.
        #[arg(long, default_value = ".data/tools")]
        tools: PathBuf,
    },
    /// Writes what is read of all PDFs below a folder, one file of JSON lines a PDF, and prints their outcomes.
    Pages {
        /// The folder.
        folder: PathBuf,
        /// Where to write; made if it is not there.
        into: PathBuf,
    },
}

fn main() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|argument| argument == ingest::reader::SUBCOMMAND) {
        return ingest::reader::child();
    }
    match run(Options::parse().command) {
        Ok(text) => {
            print(&text);
            ExitCode::SUCCESS
        }
        Err(error) => {
            progress(&format!("the benchmark failed: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match command {
        Command::Measure { folder, tools, embed } => {
            runtime.block_on(measure::measure(&folder, tools, embed))
        }
        Command::Latency { total, tools } => runtime.block_on(latency::measure(&tools, total)),
        Command::Storing { tools } => runtime.block_on(storing::measure(&tools)),
        Command::Quality { folder, questions, tools } => {
            runtime.block_on(quality::measure(&folder, &questions, &tools))
        }
        Command::Pages { folder, into } => runtime.block_on(pages::write(&folder, &into)),
    }
}

/// The program whose children read: this one.
fn this_program() -> &'static Path {
    Path::new("/proc/self/exe")
}

/// Says what is going on, beside the table.
#[expect(clippy::print_stderr, reason = "progress belongs on standard error")]
fn progress(text: &str) {
    eprintln!("{text}");
}

/// Prints what this program was asked for.
#[expect(clippy::print_stdout, reason = "the table is the output of this program")]
fn print(text: &str) {
    println!("{text}");
}
