//! Which notices are told now, and as how many messages. A pure function.
//!
//! - What is of high urgency is told at once: one message for each event and thing.
//! - Anything else is gathered for a moment (`coalesce`), and then told once for each event and thing, with a
//!   count. What was told is quiet for a while (`quiet`): what comes meanwhile is folded into the next message.
//! - In such a while at most [`MOST`] messages of an event are sent. Where more things than that have
//!   something to tell, one message tells of all: a thousand keys that fail are one message.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{AdminEventId, UserId};
use serde_json::{Value, json};

use super::{Event, Policy, Urgency, settings::Thresholds};

/// The most messages of an event in a quiet while.
pub const MOST: usize = 3;

/// What a digest is about.
pub const MANY: &str = "*";

/// How many things a digest names.
const NAMED: usize = 20;

/// How long too few failures of a key are remembered.
const FORGET_AFTER: TimeDelta = TimeDelta::hours(1);

/// A notice that was not told yet.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Its id.
    pub id: AdminEventId,
    /// What happened.
    pub event: Event,
    /// To what.
    pub about: String,
    /// One line.
    pub subject: String,
    /// The rest.
    pub facts: Value,
    /// Who is not told.
    pub except: Option<UserId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A message that was sent lately.
#[derive(Debug, Clone)]
pub struct Dispatched {
    /// What happened.
    pub event: Event,
    /// To what.
    pub about: String,
    /// Who was not told.
    pub except: Option<UserId>,
    /// When it was told.
    pub at: DateTime<Utc>,
}

/// One message that tells of one notice or many.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// What happened.
    pub event: Event,
    /// To what, or [`MANY`].
    pub about: String,
    /// One line.
    pub subject: String,
    /// The rest.
    pub facts: Value,
    /// Who is not told.
    pub except: Option<UserId>,
    /// How often.
    pub count: usize,
    /// When first.
    pub first_at: DateTime<Utc>,
    /// When last.
    pub last_at: DateTime<Utc>,
}

/// What becomes of all that wait.
#[derive(Debug, Default)]
pub struct Coalesced {
    /// Told now.
    pub alerts: Vec<Alert>,
    /// Told with these, or never.
    pub gone: Vec<AdminEventId>,
    /// Looked at again at a time.
    pub later: Vec<(AdminEventId, DateTime<Utc>)>,
}

/// Notices of one event about one thing, the oldest first; there is at least one.
type Group<'a> = Vec<&'a Waiting>;

/// Folds everything that waits. `dispatched` are the alerts of at least the last quiet while.
pub fn coalesce(
    waiting: &[Waiting],
    dispatched: &[Dispatched],
    thresholds: Thresholds,
    now: DateTime<Utc>,
) -> Coalesced {
    let mut streams: BTreeMap<(Event, Option<UserId>), BTreeMap<&str, Group<'_>>> = BTreeMap::new();
    for notice in waiting {
        let groups = streams.entry((notice.event, notice.except)).or_default();
        groups.entry(&notice.about).or_default().push(notice);
    }
    let mut coalesced = Coalesced::default();
    for ((event, except), groups) in streams {
        if Policy::of(event).urgency == Urgency::High {
            for group in groups.values() {
                coalesced.dispatch(group, one(group));
            }
            continue;
        }
        let quiet: Vec<_> = dispatched
            .iter()
            .filter(|dispatched| dispatched.event == event && dispatched.except == except)
            .filter(|dispatched| dispatched.at + thresholds.quiet(event) > now)
            .collect();
        coalesced.stream(event, groups, &quiet, thresholds, now);
    }
    coalesced
}

impl Coalesced {
    fn stream(
        &mut self,
        event: Event,
        groups: BTreeMap<&str, Group<'_>>,
        dispatched: &[&Dispatched],
        thresholds: Thresholds,
        now: DateTime<Utc>,
    ) {
        let oldest = groups.values().flatten().map(|notice| notice.at).min().unwrap_or(now);
        let gathered = oldest + thresholds.coalesce(event);
        if gathered > now {
            return groups.values().for_each(|group| self.wait(group, gathered));
        }
        let mut ready = Vec::new();
        for (about, group) in groups {
            let quiet_until = dispatched
                .iter()
                .filter(|dispatched| dispatched.about == about)
                .map(|dispatched| dispatched.at + thresholds.quiet(event))
                .max();
            let forgotten = first_at(&group, now) + FORGET_AFTER;
            if let Some(until) = quiet_until {
                self.wait(&group, until);
            } else if event != Event::KeyFailed || group.len() >= thresholds.key_failures() {
                ready.push(group);
            } else if forgotten > now {
                self.wait(&group, forgotten);
            } else {
                self.gone.extend(group.iter().map(|notice| notice.id));
            }
        }
        let room = MOST.saturating_sub(dispatched.len());
        let room_again =
            dispatched.iter().map(|dispatched| dispatched.at + thresholds.quiet(event)).min().unwrap_or(now);
        if ready.len() <= room {
            for group in &ready {
                self.dispatch(group, one(group));
            }
        } else if room > 0 {
            let all: Vec<_> = ready.iter().flatten().copied().collect();
            self.dispatch(&all, digest(event, &ready));
        } else {
            for group in &ready {
                self.wait(group, room_again);
            }
        }
    }

    fn dispatch(&mut self, group: &[&Waiting], alert: Option<Alert>) {
        self.gone.extend(group.iter().map(|notice| notice.id));
        self.alerts.extend(alert);
    }

    fn wait(&mut self, group: &[&Waiting], until: DateTime<Utc>) {
        self.later.extend(group.iter().map(|notice| (notice.id, until)));
    }
}

/// The message about one thing: what was said last.
fn one(group: &[&Waiting]) -> Option<Alert> {
    let last = group.iter().max_by_key(|notice| (notice.at, notice.id))?;
    Some(Alert {
        event: last.event,
        about: last.about.clone(),
        subject: last.subject.clone(),
        facts: last.facts.clone(),
        except: last.except,
        count: group.len(),
        first_at: first_at(group, last.at),
        last_at: last.at,
    })
}

/// The message about many things: it names some of them.
fn digest(event: Event, groups: &[Group<'_>]) -> Option<Alert> {
    let all: Vec<_> = groups.iter().flatten().copied().collect();
    let named: BTreeSet<_> =
        groups.iter().filter_map(|group| group.last()).map(|last| &last.subject).collect();
    let named: Vec<_> = named.into_iter().take(NAMED).collect();
    let more = groups.len().saturating_sub(named.len());
    Some(Alert {
        about: MANY.to_owned(),
        subject: format!("{} ({} different)", event.title(), groups.len()),
        facts: json!({ "among_them": named, "and_others": more }),
        ..one(&all)?
    })
}

fn first_at(group: &[&Waiting], or: DateTime<Utc>) -> DateTime<Utc> {
    group.iter().map(|notice| notice.at).min().unwrap_or(or)
}

#[cfg(test)]
#[path = "coalesce_tests.rs"]
mod tests;
