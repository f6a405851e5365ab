//! What is done when.

use clap::Args;
use scheduler::{Settings, Timetable, Tz, parse_zone, usual};

use super::Config;

/// What is done when.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Schedule")]
pub struct Schedule {
    /// The time zone of the schedule, such as `Europe/Berlin`. An expression may name another: `CRON_TZ=Asia/Tokyo 0 3 * * *`.
    #[arg(long, env, global = true, value_parser = parse_zone, default_value = "UTC")]
    pub schedule_timezone: Tz,
    /// When keys that have rested are let back in, as a cron expression of five fields, or six with seconds first.
    #[arg(long, env, global = true, default_value = usual::RELEASE_KEYS)]
    pub schedule_release_keys: Timetable,
    /// When keys are probed that served nobody since the time before; each `HEALTH_CHECK_INTERVAL` unless given.
    #[arg(long, env, global = true)]
    pub schedule_probe_keys: Option<Timetable>,
    /// When what is over is removed: old jobs, trash, searches, tries to sign in.
    #[arg(long, env, global = true, default_value = usual::SWEEP)]
    pub schedule_sweep: Timetable,
    /// When it is looked for documents that an earlier release read, which are read anew.
    #[arg(long, env, global = true, default_value = usual::READ_ANEW)]
    pub schedule_read_anew: Timetable,
    /// When plans end whose time is over.
    #[arg(long, env, global = true, default_value = usual::EXPIRE_SUBSCRIPTIONS)]
    pub schedule_expire_subscriptions: Timetable,
    /// When the usage of days that are over is added up. Those end at midnight in UTC.
    #[arg(long, env, global = true, default_value = usual::ROLL_UP_USAGE)]
    pub schedule_roll_up_usage: Timetable,
    /// When old entries of the audit log are removed.
    #[arg(long, env, global = true, default_value = usual::PRUNE_AUDIT)]
    pub schedule_prune_audit: Timetable,
    /// When files are removed that belong to nothing.
    #[arg(long, env, global = true, default_value = usual::SWEEP_FILES)]
    pub schedule_sweep_files: Timetable,
}

impl Config {
    /// What the scheduler is started with.
    pub(crate) fn scheduler_settings(&self) -> Settings {
        let given = Schedule::clone(&self.schedule);
        Settings {
            zone: given.schedule_timezone,
            audit_retention: self.jobs.audit_retention,
            release_keys: given.schedule_release_keys,
            probe_keys: given
                .schedule_probe_keys
                .unwrap_or_else(|| Timetable::every(self.providers.health_check_interval)),
            sweep: given.schedule_sweep,
            read_anew: given.schedule_read_anew,
            expire_subscriptions: given.schedule_expire_subscriptions,
            roll_up_usage: given.schedule_roll_up_usage,
            prune_audit: given.schedule_prune_audit,
            sweep_files: given.schedule_sweep_files,
        }
    }
}
