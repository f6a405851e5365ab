//! All settings, from the environment (and the same as flags): a file a subject, each with what its settings come to. The
//! comments of their fields are the manual; `medai --help` prints them.

use std::{path::PathBuf, time::Duration};

use anyhow::bail;
use clap::{Args, Command, CommandFactory, ValueEnum, builder::Resettable};

mod accounts;
mod database;
mod embedding;
mod files;
mod jobs;
mod notify;
mod providers;
mod schedule;
mod secrets;
mod server;
mod telemetry;
pub(crate) mod values;

pub use accounts::Accounts;
pub use database::DatabaseSettings;
pub use embedding::Embedding;
pub use files::FileSettings;
pub use jobs::JobSettings;
pub use notify::Notify;
pub use providers::{Providers, Switch};
pub use schedule::Schedule;
pub use secrets::Secrets;
pub use server::Server;
pub use telemetry::Telemetry;

/// How strict the program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Environment {
    /// Makes up what is missing, for one machine.
    Development,
    /// Refuses to start where something is missing.
    Production,
}

/// The settings.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Settings")]
pub struct Config {
    /// `production` refuses to start without its settings, and logs JSON.
    #[arg(long, env, global = true, value_enum, default_value = "development")]
    pub environment: Environment,
    /// Where `medai dev` keeps its database, files and made-up secrets.
    #[arg(long, env, global = true, default_value = ".data")]
    pub data_dir: PathBuf,
    /// Who may call, and how much.
    #[command(flatten)]
    pub server: Server,
    /// What it stands on.
    #[command(flatten)]
    pub database: DatabaseSettings,
    /// What is signed and encrypted with.
    #[command(flatten)]
    pub secrets: Secrets,
    /// Who gets in.
    #[command(flatten)]
    pub accounts: Accounts,
    /// Who answers.
    #[command(flatten)]
    pub providers: Providers,
    /// How admins are reached.
    #[command(flatten)]
    pub notify: Notify,
    /// What is uploaded.
    #[command(flatten)]
    pub files: FileSettings,
    /// Who embeds.
    #[command(flatten)]
    pub embedding: Embedding,
    /// How jobs run.
    #[command(flatten)]
    pub jobs: JobSettings,
    /// What is done when. Boxed, since settings lie in many futures.
    #[command(flatten)]
    pub schedule: Box<Schedule>,
    /// What it shows of itself.
    #[command(flatten)]
    pub telemetry: Telemetry,
    /// How far the clock is ahead of the machine's: for tests of what happens at midnight. Refused in production.
    #[arg(long, env, global = true, hide = true, value_parser = humantime::parse_duration, default_value = "0s")]
    pub clock_offset: Duration,
}

/// The command line of a program whose settings come from the environment, where a variable that is set to nothing is one
/// that is not set, as container files mean it. That goes for every setting, whatever its type.
pub(crate) fn command_of<C: CommandFactory>() -> Command {
    C::command().mut_args(|argument| {
        let is_empty = argument
            .get_env()
            .and_then(std::env::var_os)
            .is_some_and(|value| value.to_str().is_some_and(|text| text.trim().is_empty()));
        if is_empty { argument.env(Resettable::Reset) } else { argument }
    })
}

impl Config {
    /// Whether this is production.
    pub fn is_production(&self) -> bool {
        self.environment == Environment::Production
    }

    /// Refuses a production that lacks something, and names all of it.
    ///
    /// # Errors
    /// Where something is missing, or cannot be right.
    pub fn require_complete(&self) -> anyhow::Result<()> {
        let mut problems = self.malformed();
        if self.is_production() {
            problems.extend(self.missing());
        }
        match problems.as_slice() {
            [] => Ok(()),
            problems => bail!("the settings are not complete:\n  - {}", problems.join("\n  - ")),
        }
    }

    fn missing(&self) -> Vec<String> {
        let required = [
            ("DATABASE_URL", self.database.database_url.is_some()),
            ("REDIS_URL", self.database.redis_url.is_some()),
            ("ENCRYPTION_KEY", self.secrets.encryption_key.is_some()),
            ("JWT_SECRET", self.secrets.jwt_secret.is_some()),
            ("CORS_ORIGINS", self.server.cors_origins().next().is_some()),
        ];
        required.iter().filter(|(_, there)| !there).map(|(name, _)| format!("{name} is missing")).collect()
    }

    fn malformed(&self) -> Vec<String> {
        let production = self.is_production();
        let mut problems = self.secrets.problems();
        problems.extend(self.files.problems());
        problems.extend(self.server.problems(production));
        problems.extend(self.notify.problems(production));
        if production && !self.clock_offset.is_zero() {
            problems.push("CLOCK_OFFSET is for tests".to_owned());
        }
        problems
    }

    /// Whether anybody may look at `/metrics`.
    pub(crate) fn wants_metrics(&self) -> bool {
        self.api_shows_metrics() || self.telemetry.metrics_addr.is_some()
    }

    /// Whether `/metrics` is on the API's own port, where everybody is who reaches the API.
    pub(crate) fn api_shows_metrics(&self) -> bool {
        !self.is_production() || self.telemetry.metrics_token.is_some()
    }
}
