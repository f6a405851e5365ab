//! What an admin may do once a key works: leave the maintenance that the key may have ended.

use domain::{
    feature::Feature,
    maintenance::{Level, Scope, Source, State},
    platform_status::Snapshot,
};
use serde::Serialize;
use utoipa::ToSchema;

/// What an admin may do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Suggestion {
    /// `leave_maintenance`: `DELETE /api/admin/maintenance`
    action: &'static str,
    message: String,
    /// What is closed: `platform`, or a feature.
    scopes: Vec<&'static str>,
    /// How far.
    level: Level,
}

impl Suggestion {
    /// To leave what is closed, where a key for this feature can serve it. Windows end by themselves.
    pub(super) fn to_leave(platform_status: &Snapshot, feature: Option<Feature>) -> Option<Self> {
        let serves = |state: &&State| match (state.source, state.scope) {
            (Source::Window, _) => false,
            (Source::Admin, Scope::Platform) => true,
            _ => feature.is_none_or(|feature| feature == state.scope.cause()),
        };
        let mut states: Vec<_> = platform_status.states.iter().filter(serves).collect();
        states.sort_by_key(|state| state.scope);
        let level = states.iter().map(|state| state.level).max()?;
        let mut scopes: Vec<_> = states.iter().map(|state| state.scope.as_str()).collect();
        scopes.dedup();
        let by_itself = states.iter().all(|state| state.source == Source::Automatic);
        let message = if by_itself {
            "This key works, so maintenance can be left. It will be left by itself shortly."
        } else {
            "This key works, so maintenance can be left. What an admin set stays until an admin ends it."
        };
        Some(Self { action: "leave_maintenance", message: message.to_owned(), scopes, level })
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn suggested(states: &[(Scope, Source)], feature: Option<Feature>) -> Option<Vec<&'static str>> {
        let state = |&(scope, source): &(Scope, Source)| State {
            scope,
            source,
            level: Level::Hard,
            reason: "a story".to_owned(),
            message: None,
            estimated_restoration: None,
            since: DateTime::UNIX_EPOCH,
            set_by: None,
            set_by_email: None,
        };
        let platform_status = Snapshot { states: states.iter().map(state).collect(), ..Snapshot::default() };
        Suggestion::to_leave(&platform_status, feature).map(|suggestion| suggestion.scopes)
    }

    #[test]
    fn a_key_suggests_to_leave_what_it_can_serve() {
        let platform = [(Scope::Platform, Source::Automatic)];
        assert_eq!(suggested(&platform, None), Some(vec!["platform"]));
        assert_eq!(suggested(&platform, Some(Feature::Chat)), Some(vec!["platform"]));
        assert_eq!(suggested(&platform, Some(Feature::Mcq)), None);
        let mcq = [(Scope::Feature(Feature::Mcq), Source::Automatic)];
        assert_eq!(suggested(&mcq, Some(Feature::Mcq)), Some(vec!["mcq"]));
        assert_eq!(suggested(&mcq, Some(Feature::Chat)), None);
        assert_eq!(
            suggested(&[(Scope::Platform, Source::Admin)], Some(Feature::Mcq)),
            Some(vec!["platform"])
        );
        assert_eq!(suggested(&[(Scope::Platform, Source::Window)], None), None);
        assert_eq!(suggested(&[], None), None);
    }
}
