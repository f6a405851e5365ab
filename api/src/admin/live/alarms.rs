//! What needs a human: a pure function of how everything is.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{feature::Feature, maintenance};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::queues::view::Alarm as QueueAlarm;

/// A job that waits for longer is late; for much longer, somebody has to look now.
const WAITS: [(TimeDelta, Severity); 2] =
    [(TimeDelta::minutes(5), Severity::Critical), (TimeDelta::minutes(1), Severity::Warning)];

/// A quota that runs out so soon is worth telling; sooner, somebody has to look now.
const RUNS_OUT: [(TimeDelta, Severity); 2] =
    [(TimeDelta::minutes(15), Severity::Critical), (TimeDelta::hours(2), Severity::Warning)];

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LiveAlarmKind)]
pub(super) enum Kind {
    /// Jobs run, and none ends.
    QueueStalled,
    /// No worker lives that takes from a queue.
    NoWorkers,
    /// A job waits for long.
    QueueWaiting,
    /// No key can serve a feature.
    FeatureDown,
    /// Something is closed.
    Maintenance,
    /// Keys do not work.
    KeysDead,
    /// All keys of a feature rest.
    KeysCooling,
    /// A quota is nearly used up.
    QuotaRunningOut,
    /// Something that admins were to be told never arrived.
    DeliveryDead,
}

/// How urgent it is, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Severity {
    /// Students feel it.
    Critical,
    /// They will, or something is not as it should be.
    Warning,
}

/// Something that needs a human.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct LiveAlarm {
    kind: Kind,
    severity: Severity,
    /// What it is about: a queue, a feature, `platform`, `keys` or `notifications`.
    subject: String,
    /// For people.
    message: String,
    /// Since when, where that is known.
    since: Option<DateTime<Utc>>,
    /// The page of the admins' app that helps.
    #[schema(example = "/admin/queues")]
    path: &'static str,
}

/// A queue, as far as it can alarm.
#[derive(Debug, Clone, Default)]
pub(super) struct Queue {
    pub(super) name: String,
    pub(super) alarm: Option<(QueueAlarm, Option<DateTime<Utc>>)>,
    pub(super) paused_at: Option<DateTime<Utc>>,
    /// Jobs that wait for a worker.
    pub(super) ready: i64,
    /// How long the first in line has waited.
    pub(super) oldest: Option<TimeDelta>,
    /// Live workers that take from it.
    pub(super) workers: i64,
}

/// A feature, as far as it can alarm.
#[derive(Debug, Clone)]
pub(super) struct Served {
    pub(super) feature: Feature,
    pub(super) enabled: bool,
    /// Keys that can serve now, and those that rest.
    pub(super) active: usize,
    pub(super) cooling: usize,
    /// Whether none can serve soon enough for a question to wait for it.
    pub(super) down: bool,
    pub(super) runs_out_at: Option<DateTime<Utc>>,
}

/// Something that is closed.
#[derive(Debug, Clone)]
pub(super) struct Closed {
    pub(super) feature: Option<Feature>,
    pub(super) level: maintenance::Level,
    pub(super) reason: String,
    pub(super) since: DateTime<Utc>,
}

/// How everything is.
#[derive(Debug, Clone, Default)]
pub(super) struct Situation {
    pub(super) queues: Vec<Queue>,
    pub(super) features: Vec<Served>,
    pub(super) closed: Vec<Closed>,
    /// Shared keys that were degraded.
    pub(super) degraded_keys: usize,
    /// Deliveries that were given up within the last day.
    pub(super) dead_deliveries: i64,
}

/// What needs a human, most urgent first.
pub(super) fn alarms(now: DateTime<Utc>, of: &Situation) -> Vec<LiveAlarm> {
    let mut alarms = queues(now, &of.queues);
    alarms.extend(of.closed.iter().map(maintenance));
    alarms.extend(features(now, &of.features));
    if of.degraded_keys > 0 {
        let message = match of.degraded_keys {
            1 => "A key does not work, and is used only when nothing else is left.".to_owned(),
            keys => format!("{keys} keys do not work, and are used only when nothing else is left."),
        };
        alarms.push(LiveAlarm {
            kind: Kind::KeysDead,
            severity: Severity::Warning,
            subject: "keys".to_owned(),
            message,
            since: None,
            path: "/admin/keys",
        });
    }
    if of.dead_deliveries > 0 {
        alarms.push(LiveAlarm {
            kind: Kind::DeliveryDead,
            severity: Severity::Warning,
            subject: "notifications".to_owned(),
            message: format!(
                "{} that admins were to be told since yesterday did not arrive.",
                things(of.dead_deliveries)
            ),
            since: None,
            path: "/admin/notifications",
        });
    }
    alarms.sort_by_key(|alarm| alarm.severity);
    alarms
}

fn things(count: i64) -> String {
    if count == 1 { "One thing".to_owned() } else { format!("{count} things") }
}

fn queues(now: DateTime<Utc>, queues: &[Queue]) -> Vec<LiveAlarm> {
    if !queues.is_empty() && queues.iter().all(|queue| queue.workers == 0) {
        let alarm = LiveAlarm {
            kind: Kind::NoWorkers,
            severity: Severity::Critical,
            subject: "platform".to_owned(),
            message: "No worker is alive: what is asked for waits.".to_owned(),
            since: None,
            path: "/admin/queues",
        };
        return vec![alarm];
    }
    queues.iter().filter_map(|queue| of_queue(now, queue)).collect()
}

/// The worst that is wrong with a queue.
fn of_queue(now: DateTime<Utc>, queue: &Queue) -> Option<LiveAlarm> {
    let name = &queue.name;
    let alarm = |kind, severity, message, since| LiveAlarm {
        kind,
        severity,
        subject: name.clone(),
        message,
        since,
        path: "/admin/queues",
    };
    if queue.workers == 0 {
        let severity = if queue.ready > 0 { Severity::Critical } else { Severity::Warning };
        return Some(alarm(Kind::NoWorkers, severity, format!("No worker takes jobs of `{name}`."), None));
    }
    if let Some((QueueAlarm::Stalled, since)) = queue.alarm {
        let minutes = since.map_or(0, |since| (now - since).num_minutes());
        let message = format!("Jobs run in `{name}` but none has finished for {minutes} minutes.");
        return Some(alarm(Kind::QueueStalled, Severity::Critical, message, since));
    }
    let oldest = queue.oldest?;
    let (_, severity) = *WAITS.iter().find(|(limit, _)| oldest >= *limit)?;
    let since = now.checked_sub_signed(oldest);
    if let Some(paused_at) = queue.paused_at {
        let message = format!("`{name}` is paused, and {} jobs wait.", queue.ready);
        return Some(alarm(Kind::QueueWaiting, Severity::Warning, message, Some(paused_at)));
    }
    let message = format!("The first job in `{name}` has waited for {}.", roughly(oldest));
    Some(alarm(Kind::QueueWaiting, severity, message, since))
}

fn maintenance(closed: &Closed) -> LiveAlarm {
    let (subject, what) = match closed.feature {
        None => ("platform", "The platform".to_owned()),
        Some(feature) => (feature.as_str(), format!("The {} feature", feature.label())),
    };
    let hard = closed.feature.is_none() && closed.level == maintenance::Level::Hard;
    let how = if hard { "is locked" } else { "is in maintenance" };
    LiveAlarm {
        kind: Kind::Maintenance,
        severity: if hard { Severity::Critical } else { Severity::Warning },
        subject: subject.to_owned(),
        message: format!("{what} {how}: {}", closed.reason),
        since: Some(closed.since),
        path: "/admin/maintenance",
    }
}

fn features(now: DateTime<Utc>, features: &[Served]) -> Vec<LiveAlarm> {
    let enabled = || features.iter().filter(|feature| feature.enabled);
    let down = LiveAlarm {
        kind: Kind::FeatureDown,
        severity: Severity::Critical,
        subject: "platform".to_owned(),
        message: "No key can serve anything.".to_owned(),
        since: None,
        path: "/admin/health",
    };
    if enabled().next().is_some() && enabled().all(|feature| feature.down) {
        return vec![down];
    }
    enabled().filter_map(|feature| of_feature(now, feature)).collect()
}

/// The worst that is wrong with a feature.
fn of_feature(now: DateTime<Utc>, served: &Served) -> Option<LiveAlarm> {
    let label = served.feature.label();
    let alarm = |kind, severity, message, path| LiveAlarm {
        kind,
        severity,
        subject: served.feature.to_string(),
        message,
        since: None,
        path,
    };
    if served.down {
        let severity = if served.feature.is_critical() { Severity::Critical } else { Severity::Warning };
        return Some(alarm(
            Kind::FeatureDown,
            severity,
            format!("No key can serve {label}."),
            "/admin/health",
        ));
    }
    if served.active == 0 && served.cooling > 0 {
        let message = format!("All keys of {label} rest; questions wait.");
        return Some(alarm(Kind::KeysCooling, Severity::Warning, message, "/admin/keys"));
    }
    let left = served.runs_out_at? - now;
    let (_, severity) = *RUNS_OUT.iter().find(|(limit, _)| left <= *limit)?;
    let message = if left <= TimeDelta::zero() {
        format!("Nothing is left of the quota of {label}.")
    } else {
        format!("The quota of {label} runs out in {}.", roughly(left))
    };
    Some(alarm(Kind::QuotaRunningOut, severity, message, "/admin/health"))
}

/// A time in words.
fn roughly(time: TimeDelta) -> String {
    let (count, unit) = match time.num_seconds() {
        seconds @ ..120 => (seconds, "second"),
        seconds @ ..7_200 => (seconds / 60, "minute"),
        seconds => (seconds / 3_600, "hour"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

#[cfg(test)]
#[path = "alarms_tests.rs"]
mod tests;
