//! When the platform enters and leaves maintenance by itself: a pure function of what is known.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Availability, Level, REST_AFTER_OVERRIDE, Scope, Source, State, Window};
use crate::feature::Feature;

/// A round that failed on all that its feature had, degraded keys included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed {
    /// The feature.
    pub feature: Feature,
    /// The longest that a question waits for a key to cool.
    pub max_wait: TimeDelta,
}

/// All that the decision knows.
#[derive(Clone, Copy)]
pub struct Situation<'a> {
    /// The time.
    pub now: DateTime<Utc>,
    /// What is closed.
    pub states: &'a [State],
    /// Windows that are not over, nor were ended before their time.
    pub windows: &'a [Window],
    /// What admins overrode, and when.
    pub overrides: &'a [(Scope, DateTime<Utc>)],
    /// What the keys of each feature come to.
    pub keys: &'a dyn Fn(Feature) -> Availability,
    /// The round that failed, where that is why this is asked.
    pub failed: Option<Failed>,
}

impl std::fmt::Debug for Situation<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Situation")
            .field("now", &self.now)
            .field("failed", &self.failed)
            .finish_non_exhaustive()
    }
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transition {
    /// This begins, in place of what the same source said about the scope.
    Enter(State),
    /// This ends.
    Leave(State),
    /// It goes on, and is expected to end at another time.
    Revise(State),
}

/// Decides what begins and ends. Touches no state that an admin set.
pub fn decide(situation: &Situation<'_>) -> Vec<Transition> {
    let mut transitions = of_keys(situation);
    transitions.extend(of_windows(situation));
    transitions
}

/// A state ends as soon as a key of its cause serves or may, and begins only with a round that failed, on evidence.
fn of_keys(situation: &Situation<'_>) -> Vec<Transition> {
    let standing = situation.states.iter().filter(|state| state.source == Source::Automatic);
    let mut transitions: Vec<_> = standing
        .filter_map(|state| {
            let keys = (situation.keys)(state.scope.cause());
            if keys.may_serve() {
                Some(Transition::Leave(state.clone()))
            } else {
                let revised = State { estimated_restoration: keys.back, ..state.clone() };
                (revised != *state).then_some(Transition::Revise(revised))
            }
        })
        .collect();
    transitions.extend(situation.failed.and_then(|failed| entering(situation, failed)));
    transitions
}

fn entering(situation: &Situation<'_>, failed: Failed) -> Option<Transition> {
    let &Situation { now, states, overrides, keys, .. } = situation;
    let (scope, level) = Scope::of_failure(failed.feature);
    let stands = states.iter().any(|state| state.scope == scope && state.source == Source::Automatic);
    let rests = overrides.iter().any(|(of, at)| *of == scope && now - *at < REST_AFTER_OVERRIDE);
    let keys = keys(failed.feature);
    if stands || rests || !keys.is_unavailable(now, failed.max_wait) {
        return None;
    }
    let reason = match keys.back {
        Some(_) => format!("every {} key is out of quota", failed.feature.label()),
        None => format!("no {} key can serve", failed.feature.label()),
    };
    Some(Transition::Enter(State {
        scope,
        source: Source::Automatic,
        level,
        reason,
        message: None,
        estimated_restoration: keys.back,
        since: now,
        set_by: None,
        set_by_email: None,
    }))
}

/// In each scope the strongest of the open windows holds.
fn of_windows(situation: &Situation<'_>) -> Vec<Transition> {
    let &Situation { now, states, windows, .. } = situation;
    let standing = |scope| states.iter().find(|state| state.scope == scope && state.source == Source::Window);
    let open = || windows.iter().filter(|window| window.is_open(now));
    let mut scopes: Vec<_> = open().map(|window| window.scope).collect();
    scopes.extend(states.iter().filter(|state| state.source == Source::Window).map(|state| state.scope));
    scopes.sort_unstable();
    scopes.dedup();
    let transition = |scope| {
        let strongest = open()
            .filter(|window| window.scope == scope && window.level > Level::None)
            .max_by_key(|window| (window.level, window.ends_at, window.id));
        match (standing(scope), strongest) {
            (Some(state), None) => Some(Transition::Leave(state.clone())),
            (state, Some(window)) => {
                let since = state.map_or(now, |state| state.since);
                let wanted = opened(window, since);
                (state != Some(&wanted)).then_some(Transition::Enter(wanted))
            }
            (None, None) => None,
        }
    };
    scopes.into_iter().filter_map(transition).collect()
}

fn opened(window: &Window, since: DateTime<Utc>) -> State {
    State {
        scope: window.scope,
        source: Source::Window,
        level: window.level,
        reason: window.reason.clone(),
        message: window.message.clone(),
        estimated_restoration: Some(window.ends_at),
        since,
        set_by: window.created_by,
        set_by_email: window.created_by_email.clone(),
    }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
