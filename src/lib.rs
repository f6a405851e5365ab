//! The `medai` program as a library, so that tests start the same parts that the program does.
//!
//! One file a subcommand; [`config`] is the manual of all settings.

use std::process::ExitCode;

use clap::{FromArgMatches as _, Parser, Subcommand};

mod admin;
mod api_role;
pub mod config;
mod dev;
mod doctor;
mod keys;
mod limits;
mod metrics;
pub mod migrate;
mod openapi;
mod pages;
pub mod platform;
pub mod providers;
mod scheduler_role;
mod telemetry;
mod traces;
mod worker_role;

use config::Config;

/// A tutor for medical students that is built for scarcity.
#[derive(Debug, Parser)]
#[command(name = "medai", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    config: Config,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Everything in one process, on a private PostgreSQL: needs nothing else.
    Dev,
    /// The HTTP API.
    Api,
    /// Runs jobs.
    Worker(worker_role::Arguments),
    /// Enqueues what is due.
    Scheduler,
    /// Brings the database up to date.
    Migrate,
    /// Makes admins.
    Admin(admin::Arguments),
    /// Keeps the pool of provider keys.
    Keys(keys::Arguments),
    /// Says what is wrong with this installation.
    Doctor,
    /// Prints the OpenAPI document.
    Openapi,
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    // Before settings, logs and threads: what reads a stranger's file has none of these.
    let argument = std::env::args_os().nth(1);
    if argument.as_ref().is_some_and(|argument| argument == ingest::reader::SUBCOMMAND) {
        return ingest::reader::child();
    }
    if argument.is_some_and(|argument| argument == worker::importing::SUBCOMMAND) {
        return worker::importing::child();
    }
    if let Err(error) = dotenvy::dotenv()
        && !error.not_found()
    {
        print_last_word(&format!("the file .env cannot be read: {error}"));
        return ExitCode::FAILURE;
    }
    let cli = Cli::from_arg_matches(&config::command_of::<Cli>().get_matches())
        .unwrap_or_else(|error| error.exit());
    // Several parts bring TLS; they share one implementation.
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::trace!("TLS is set up already");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            print_last_word(&format!("no runtime: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let traces = telemetry::start(&cli.config, runtime.handle());
    limits::raise_open_files();
    let result = runtime.block_on(run(cli));
    // While the runtime lives: the last spans leave through it.
    traces.end();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print_last_word(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    let config = cli.config;
    match cli.command {
        Command::Dev => Box::pin(dev::run(config)).await,
        Command::Api => Box::pin(api_role::run(config)).await,
        Command::Worker(arguments) => Box::pin(worker_role::run(config, arguments)).await,
        Command::Scheduler => Box::pin(scheduler_role::run(config)).await,
        Command::Migrate => migrate::run(&config).await,
        Command::Admin(arguments) => admin::run(&config, arguments).await,
        Command::Keys(arguments) => keys::run(&config, arguments).await,
        Command::Doctor => doctor::run(&config).await,
        Command::Openapi => openapi::run(),
    }
}

/// Says something to the person at the terminal, beside the log.
#[expect(clippy::print_stderr, reason = "the last word of a program that failed belongs on standard error")]
fn print_last_word(text: &str) {
    eprintln!("medai: {text}");
}

/// Prints what a command was asked for.
#[expect(clippy::print_stdout, reason = "the output of a command belongs on standard output")]
fn print(text: &str) {
    println!("{text}");
}
