//! Properties of the decision, over stories of any make: keys die and return, rounds fail, admins set
//! and override, windows open and close, and time goes on.

use std::collections::BTreeMap;

use proptest::{collection::vec, option, prelude::*};

use super::*;
use crate::ids::WindowId;

const MAX_WAIT: TimeDelta = TimeDelta::minutes(10);
const FEATURES: [Feature; 3] = [Feature::Chat, Feature::Mcq, Feature::Map];

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

/// Something that happens.
#[derive(Debug, Clone, Copy)]
enum Happens {
    /// Minutes pass.
    Time(i64),
    /// A feature's keys come to this: one serves, minutes until one is back, one may serve.
    Keys(Feature, bool, Option<i64>, bool),
    /// A round fails on all.
    Fails(Feature),
    /// An admin sets a state.
    Sets(Scope, Level),
    /// An admin overrides a scope.
    Overrides(Scope),
    /// A window is announced: minutes until it opens, and its length.
    Announces(Scope, Level, i64, i64),
}

fn happens() -> impl Strategy<Value = Happens> {
    let feature = || prop::sample::select(FEATURES.to_vec());
    let scope = || {
        prop_oneof![Just(Scope::Platform), prop::sample::select(FEATURES.to_vec()).prop_map(Scope::Feature)]
    };
    let level = || prop_oneof![Just(Level::Soft), Just(Level::Hard)];
    prop_oneof![
        3 => (0_i64..15).prop_map(Happens::Time),
        3 => (feature(), prop::bool::weighted(0.3), option::of(1_i64..60), prop::bool::weighted(0.3))
            .prop_map(|(feature, active, back, doubtful)| Happens::Keys(feature, active, back, doubtful)),
        4 => feature().prop_map(Happens::Fails),
        1 => (scope(), level()).prop_map(|(scope, level)| Happens::Sets(scope, level)),
        1 => scope().prop_map(Happens::Overrides),
        1 => (scope(), level(), 0_i64..20, 1_i64..30)
            .prop_map(|(scope, level, after, length)| Happens::Announces(scope, level, after, length)),
    ]
}

/// The world that the decision is asked about.
struct World {
    now: DateTime<Utc>,
    states: Vec<State>,
    windows: Vec<Window>,
    overrides: Vec<(Scope, DateTime<Utc>)>,
    keys: BTreeMap<Feature, Availability>,
}

impl World {
    fn new() -> Self {
        let keys = FEATURES
            .map(|feature| (feature, Availability { active: true, ..Availability::default() }))
            .into();
        Self { now: start(), states: Vec::new(), windows: Vec::new(), overrides: Vec::new(), keys }
    }

    fn decide(&self, failed: Option<Feature>) -> Vec<Transition> {
        let keys = |feature: Feature| {
            let keys = self.keys.get(&feature).copied().unwrap_or_default();
            match keys.back.filter(|back| *back <= self.now) {
                // It has cooled.
                Some(_) => Availability { active: true, ..Availability::default() },
                None => keys,
            }
        };
        decide(&Situation {
            now: self.now,
            states: &self.states,
            windows: &self.windows,
            overrides: &self.overrides,
            keys: &keys,
            failed: failed.map(|feature| Failed { feature, max_wait: MAX_WAIT }),
        })
    }

    /// Whether a key serves, or it is not proven that none does.
    fn may_serve(&self, feature: Feature) -> bool {
        self.keys
            .get(&feature)
            .is_some_and(|keys| keys.may_serve() || keys.back.is_some_and(|back| back <= self.now))
    }

    fn put(&mut self, state: State) {
        self.states.retain(|other| (other.scope, other.source) != (state.scope, state.source));
        self.states.push(state);
    }

    fn apply(&mut self, transitions: &[Transition]) {
        for transition in transitions {
            match transition {
                Transition::Enter(state) | Transition::Revise(state) => self.put(state.clone()),
                Transition::Leave(state) => {
                    self.states.retain(|other| (other.scope, other.source) != (state.scope, state.source));
                }
            }
        }
    }

    /// Lets something happen, and says which round failed.
    fn happen(&mut self, what: Happens) -> Option<Feature> {
        match what {
            Happens::Time(minutes) => self.now += TimeDelta::minutes(minutes),
            Happens::Keys(feature, active, back, doubtful) => {
                let back = back.map(|minutes| self.now + TimeDelta::minutes(minutes));
                self.keys.insert(feature, Availability { active, back: back.filter(|_| !active), doubtful });
            }
            Happens::Fails(feature) => return Some(feature),
            Happens::Sets(scope, level) => {
                let since = self.now;
                self.put(state(scope, Source::Admin, level, since));
            }
            Happens::Overrides(scope) => {
                self.states.retain(|state| state.scope != scope);
                self.windows.retain(|window| window.scope != scope || !window.is_open(self.now));
                self.overrides.retain(|(of, _)| *of != scope);
                self.overrides.push((scope, self.now));
            }
            Happens::Announces(scope, level, after, length) => {
                let starts_at = self.now + TimeDelta::minutes(after);
                let ends_at = starts_at + TimeDelta::minutes(length);
                self.windows.push(window(scope, level, starts_at, ends_at));
            }
        }
        None
    }
}

fn state(scope: Scope, source: Source, level: Level, since: DateTime<Utc>) -> State {
    State {
        scope,
        source,
        level,
        reason: "a story".to_owned(),
        message: None,
        estimated_restoration: None,
        since,
        set_by: None,
        set_by_email: None,
    }
}

fn window(scope: Scope, level: Level, starts_at: DateTime<Utc>, ends_at: DateTime<Utc>) -> Window {
    Window {
        id: WindowId::generate(),
        scope,
        level,
        reason: "a story".to_owned(),
        message: None,
        starts_at,
        ends_at,
        created_by: None,
        created_by_email: None,
    }
}

fn of_admins(states: &[State]) -> Vec<State> {
    let mut states: Vec<_> = states.iter().filter(|state| state.source == Source::Admin).cloned().collect();
    states.sort_by_key(|state| state.scope);
    states
}

fn find(states: &[State], scope: Scope, source: Source) -> Option<&State> {
    states.iter().find(|state| state.scope == scope && state.source == source)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn whatever_happens_the_rules_hold(story in vec(happens(), 0..60)) {
        let mut world = World::new();
        for what in story {
            let failed = world.happen(what);
            let (before, transitions) = (world.states.clone(), world.decide(failed));
            world.apply(&transitions);

            // Never a silent exit from a state that an admin set, nor a change of it.
            prop_assert_eq!(of_admins(&before), of_admins(&world.states));
            for transition in &transitions {
                let Transition::Enter(state) = transition else { continue };
                prop_assert_ne!(state.level, Level::None);
                if state.source != Source::Automatic { continue }
                // Only a round that failed closes something, and only what cannot serve.
                prop_assert_eq!(Some(state.scope.cause()), failed);
                prop_assert!(!world.may_serve(state.scope.cause()));
                prop_assert!(state.estimated_restoration.is_none_or(|back| back > world.now + MAX_WAIT));
                let rests = world.overrides.iter().any(|(scope, at)| *scope == state.scope && world.now - *at < REST_AFTER_OVERRIDE);
                prop_assert!(!rests, "the same cause rests after an override");
            }
            for state in world.states.iter().filter(|state| state.source == Source::Automatic) {
                // A soft state is of its feature alone; a hard one of the platform has no healthy chat key.
                prop_assert_eq!(state.level == Level::Hard, state.scope == Scope::Platform);
                prop_assert!(!world.may_serve(state.scope.cause()), "enough keys are back");
            }
            // Windows hold while they are open, and no longer.
            for scope in FEATURES.map(Scope::Feature).into_iter().chain([Scope::Platform]) {
                let open = world.windows.iter().filter(|window| window.scope == scope && window.is_open(world.now));
                let level = find(&world.states, scope, Source::Window).map(|state| state.level);
                prop_assert_eq!(level, open.map(|window| window.level).max());
            }
            prop_assert_eq!(world.decide(failed), [], "a second round that failed changes nothing");
        }
    }

    #[test]
    fn a_dead_critical_feature_closes_the_platform_and_any_other_itself(feature in prop::sample::select(FEATURES.to_vec()), hours in option::of(1_i64..30)) {
        let mut world = World::new();
        let back = hours.map(|hours| world.now + TimeDelta::hours(hours));
        world.keys.insert(feature, Availability { back, ..Availability::default() });
        prop_assert_eq!(world.decide(None), [], "nothing has failed yet");
        let transitions = world.decide(Some(feature));
        world.apply(&transitions);
        let (scope, level) = if feature == Feature::Chat { (Scope::Platform, Level::Hard) } else { (Scope::Feature(feature), Level::Soft) };
        let entered = find(&world.states, scope, Source::Automatic).cloned();
        prop_assert_eq!(entered.map(|state| (state.level, state.estimated_restoration)), Some((level, back)));
        prop_assert_eq!(world.states.len(), 1);

        // It leaves by itself when a key is back.
        world.keys.insert(feature, Availability { active: true, ..Availability::default() });
        let transitions = world.decide(None);
        world.apply(&transitions);
        prop_assert_eq!(world.states.len(), 0);
    }
}

#[test]
fn a_key_that_is_back_soon_is_waited_for() {
    let mut world = World::new();
    let back = Some(world.now + MAX_WAIT);
    world.keys.insert(Feature::Chat, Availability { back, ..Availability::default() });
    assert_eq!(world.decide(Some(Feature::Chat)), []);
}

#[test]
fn an_override_rests_for_ten_minutes() {
    let mut world = World::new();
    world.keys.insert(Feature::Chat, Availability::default());
    world.apply(&world.decide(Some(Feature::Chat)));
    world.happen(Happens::Overrides(Scope::Platform));
    for minutes in [0, 5, 4] {
        world.happen(Happens::Time(minutes));
        assert_eq!(world.decide(Some(Feature::Chat)), []);
    }
    world.happen(Happens::Time(1));
    assert_eq!(world.decide(None), [], "and then only when a round fails again");
    assert_eq!(world.decide(Some(Feature::Chat)).len(), 1);
}

#[test]
fn the_estimate_follows_the_keys() {
    let mut world = World::new();
    world.keys.insert(Feature::Mcq, Availability::default());
    world.apply(&world.decide(Some(Feature::Mcq)));
    let back = Some(world.now + TimeDelta::hours(3));
    world.keys.insert(Feature::Mcq, Availability { back, ..Availability::default() });
    let transitions = world.decide(None);
    assert!(matches!(&transitions[..], [Transition::Revise(state)] if state.estimated_restoration == back));
}
