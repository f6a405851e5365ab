//! What is closed and switched off, taken together, as every process holds it in memory.

use sqlx::PgConnection;

use crate::{
    feature::Feature,
    maintenance::{Level, Scope, Source, State, Window, store},
    quota::Limits,
    switches,
    toggles::{self, Toggle},
    users::Plan,
};

/// All of it at one time.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// What is closed.
    pub states: Vec<State>,
    /// Windows that are not over.
    pub windows: Vec<Window>,
    /// What was set about features.
    pub toggles: Vec<Toggle>,
    /// Whether students may share conversations by links.
    pub sharing: bool,
}

/// Why a feature is not to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed<'a> {
    /// It is switched off.
    Disabled,
    /// It is closed itself.
    Unavailable(&'a State),
    /// It is heavy, and the platform is in maintenance; or that is hard.
    Paused(&'a State),
}

/// That a student may use a feature now, and how much of everything. Only [`Snapshot::pass`] makes one, and whoever
/// takes a hold needs it: so no use of a feature goes past maintenance, toggles or limits that an admin set.
#[derive(Debug, Clone, Copy)]
pub struct Pass {
    feature: Feature,
    limits: Limits,
}

impl Pass {
    /// For which feature.
    pub const fn feature(&self) -> Feature {
        self.feature
    }

    /// How much of everything may be used.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }
}

impl Snapshot {
    /// Lets somebody use a feature, or says why not. Admins pass maintenance; what is switched off is switched off
    /// for everybody.
    ///
    /// # Errors
    /// Why it is closed.
    pub fn pass(&self, feature: Feature, plan: Plan, is_admin: bool) -> Result<Pass, Closed<'_>> {
        match self.closed(feature) {
            Some(closed) if closed == Closed::Disabled || !is_admin => Err(closed),
            _ => Ok(Pass { feature, limits: self.limits(plan) }),
        }
    }

    /// Reads all of it.
    pub async fn load(conn: &mut PgConnection, now: chrono::DateTime<chrono::Utc>) -> sqlx::Result<Self> {
        Ok(Self {
            states: store::states(&mut *conn).await?,
            windows: store::windows_ahead(&mut *conn, now).await?,
            toggles: toggles::list(&mut *conn).await?,
            sharing: switches::sharing(conn).await?.enabled,
        })
    }

    /// The state that counts in a scope: the strongest.
    pub fn strongest(&self, scope: Scope) -> Option<&State> {
        // What an admin says goes before what the platform says by itself, where both say the same.
        let of_scope = self.states.iter().filter(|state| state.scope == scope);
        of_scope.max_by_key(|state| (state.level, state.source == Source::Admin))
    }

    /// The state that locks everybody out but admins.
    pub fn lock(&self) -> Option<&State> {
        self.strongest(Scope::Platform).filter(|state| state.level == Level::Hard)
    }

    /// How far a feature is closed, by itself or with the platform.
    pub fn level(&self, feature: Feature) -> Level {
        let own = self.strongest(Scope::Feature(feature));
        let level = |state: Option<&State>| state.map_or(Level::None, |state| state.level);
        level(own).max(level(self.pausing(feature)))
    }

    /// Why a feature is not to be had, if it is not.
    pub fn closed(&self, feature: Feature) -> Option<Closed<'_>> {
        if !self.is_enabled(feature) {
            return Some(Closed::Disabled);
        }
        let own = self.strongest(Scope::Feature(feature)).map(Closed::Unavailable);
        own.or_else(|| self.pausing(feature).map(Closed::Paused))
    }

    /// The state of the platform, where it pauses this feature.
    fn pausing(&self, feature: Feature) -> Option<&State> {
        let state = self.strongest(Scope::Platform)?;
        (state.level == Level::Hard || feature.is_heavy()).then_some(state)
    }

    /// Whether a feature is switched on.
    pub fn is_enabled(&self, feature: Feature) -> bool {
        self.toggle(feature).is_none_or(|toggle| toggle.enabled)
    }

    /// Whether nothing can serve a feature, so that only probes call its degraded keys.
    pub fn is_unavailable(&self, feature: Feature) -> bool {
        let (scope, _) = Scope::of_failure(feature);
        self.states.iter().any(|state| state.scope == scope && state.source == Source::Automatic)
    }

    /// What was set about a feature.
    pub fn toggle(&self, feature: Feature) -> Option<&Toggle> {
        self.toggles.iter().find(|toggle| toggle.feature == feature)
    }

    /// The limits of a plan, with those that were set in their place.
    pub fn limits(&self, plan: Plan) -> Limits {
        let set = |toggle: &Toggle| Some((toggle.feature, toggle.limits?.of(plan)?));
        self.toggles
            .iter()
            .filter_map(set)
            .fold(Limits::of(plan), |limits, (feature, limit)| limits.with(feature, limit))
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::toggles::FeatureLimits;

    fn state(scope: Scope, source: Source, level: Level) -> State {
        State {
            scope,
            source,
            level,
            reason: "a story".to_owned(),
            message: None,
            estimated_restoration: None,
            since: DateTime::UNIX_EPOCH,
            set_by: None,
            set_by_email: None,
        }
    }

    fn closed(states: Vec<State>, feature: Feature) -> Option<Level> {
        let snapshot = Snapshot { states, ..Snapshot::default() };
        snapshot.closed(feature).map(|_| snapshot.level(feature))
    }

    #[test]
    fn a_feature_falls_alone_and_soft_pauses_only_what_is_heavy() {
        let mcq = || vec![state(Scope::Feature(Feature::Mcq), Source::Automatic, Level::Soft)];
        assert_eq!(closed(mcq(), Feature::Mcq), Some(Level::Soft));
        assert_eq!(closed(mcq(), Feature::Chat), None);
        let soft = || vec![state(Scope::Platform, Source::Admin, Level::Soft)];
        let paused: Vec<_> =
            Feature::STUDENT.into_iter().filter(|feature| closed(soft(), *feature).is_some()).collect();
        assert_eq!(paused, [Feature::Pdf, Feature::Image]);
        let hard = vec![
            state(Scope::Platform, Source::Admin, Level::Soft),
            state(Scope::Platform, Source::Automatic, Level::Hard),
        ];
        assert_eq!(closed(hard, Feature::Chat), Some(Level::Hard));
    }

    #[test]
    fn admins_pass_maintenance_and_nobody_else_does() {
        let states = vec![state(Scope::Platform, Source::Automatic, Level::Hard)];
        let snapshot = Snapshot { states, ..Snapshot::default() };
        let passes = |is_admin| snapshot.pass(Feature::Chat, Plan::Free, is_admin).is_ok();
        assert_eq!([passes(false), passes(true)], [false, true]);
    }

    #[test]
    fn only_what_the_platform_closed_by_itself_is_unavailable() {
        let unavailable = |scope, source, feature| {
            let states = vec![state(scope, source, Level::Hard)];
            Snapshot { states, ..Snapshot::default() }.is_unavailable(feature)
        };
        assert!(unavailable(Scope::Platform, Source::Automatic, Feature::Chat));
        assert!(!unavailable(Scope::Platform, Source::Automatic, Feature::Mcq), "its own keys may live");
        assert!(unavailable(Scope::Feature(Feature::Mcq), Source::Automatic, Feature::Mcq));
        assert!(!unavailable(Scope::Platform, Source::Admin, Feature::Chat));
    }

    #[test]
    fn what_was_set_replaces_the_limits_of_plans() {
        let toggle = |feature, limits| Toggle {
            feature,
            enabled: feature != Feature::Map,
            limits: Some(limits),
            updated_at: DateTime::UNIX_EPOCH,
            updated_by: None,
        };
        let toggles = vec![
            toggle(Feature::Mcq, FeatureLimits::Every(2)),
            toggle(Feature::Map, FeatureLimits::Every(1)),
        ];
        let snapshot = Snapshot { toggles, ..Snapshot::default() };
        let free = snapshot.limits(Plan::Free);
        let limit = |feature| free.feature(feature);
        assert_eq!([Feature::Mcq, Feature::Map, Feature::Flashcard].map(limit), [Some(2), Some(1), Some(10)]);
        assert_eq!(snapshot.limits(Plan::Admin), Limits::of(Plan::Admin));
        assert_eq!(snapshot.closed(Feature::Map), Some(Closed::Disabled));
        assert_eq!(snapshot.closed(Feature::Mcq), None);
        let pass = snapshot.pass(Feature::Mcq, Plan::Free, false).unwrap();
        assert_eq!(
            (pass.feature(), *pass.limits()),
            (Feature::Mcq, free),
            "a use brings along what is in force"
        );
        assert_eq!(snapshot.pass(Feature::Map, Plan::Free, true).unwrap_err(), Closed::Disabled);
    }
}
