//! How jobs run, and how long they and the audit log last.

use std::time::Duration;

use clap::Args;

use super::values;

/// How jobs run.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Jobs")]
pub struct JobSettings {
    /// How long entries of the audit log are kept, 90 days or more, such as `90d`.
    #[arg(long, env, global = true, value_parser = values::retention, default_value = "90d")]
    pub audit_retention: Duration,
    /// Jobs of one student that run at a time, of each queue.
    #[arg(long, env, global = true, default_value_t = 8)]
    pub tenant_concurrency: i64,
    /// Questions of one student that run at a time where keys of their own may serve them.
    #[arg(long, env, global = true, default_value_t = 2)]
    pub own_key_concurrency: i64,
    /// How long an answer may take where the student has own keys, such as `2m`.
    #[arg(long, env, global = true, value_parser = humantime::parse_duration, default_value = "2m")]
    pub own_key_answer_timeout: Duration,
    /// Answers by own keys that a student may have an hour. They count in no plan.
    #[arg(long, env, global = true, default_value_t = 60)]
    pub own_key_answers_per_hour: i64,
    /// How long a job is held without a sign of life of its worker.
    #[arg(long, env, global = true, value_parser = humantime::parse_duration, default_value = "15s")]
    pub job_lease: Duration,
    /// How long running jobs may go on after the process was told to stop.
    #[arg(long, env, global = true, value_parser = humantime::parse_duration, default_value = "25s")]
    pub shutdown_grace: Duration,
}
