//! Enters and leaves maintenance as the pure decision says, each change with its entry in the audit
//! log and its notice, in one transaction.

use chrono::{DateTime, Utc};
use domain::{
    Db, Feature,
    audit::{self, Action, Actor, Target},
    ids::KeyId,
    keys::{self, Key, health},
    maintenance::{
        Availability, Failed, Level, Scope, Situation, Source, State, Transition, availability, closings,
        decide,
        evidence::{Failures, Witness},
        store,
    },
};
use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::admin_events::{self, AdminEvent, Event};

/// How many of a key's failures are looked at.
const FAILURES: i64 = 12;

/// Does what is due, and returns how much that was. Of rounds that fail at the same time in many
/// processes, one closes what cannot serve: they queue up on a lock, and the others find it done.
///
/// # Errors
/// The database's.
pub async fn evaluate(db: &Db, now: DateTime<Utc>, failed: Option<Failed>) -> sqlx::Result<usize> {
    let mut tx = db.begin_platform().await?;
    if failed.is_none() && !store::is_due(&mut tx, now).await? {
        return Ok(0);
    }
    store::lock(&mut tx).await?;
    let states = store::states(&mut tx).await?;
    let windows = store::windows_ahead(&mut tx, now).await?;
    let overrides = store::overrides(&mut tx).await?;
    let (keys, failures) = pool(&mut tx).await?;
    let transitions = decide(&Situation {
        now,
        states: &states,
        windows: &windows,
        overrides: &overrides,
        keys: &|feature| Availability::of(&keys, &failures, feature, now),
        failed,
    });
    for transition in &transitions {
        let evidence = match transition {
            Transition::Enter(state) if state.source == Source::Automatic => {
                availability::witnesses(&keys, &failures, state.scope.cause(), now)
            }
            _ => Vec::new(),
        };
        apply(&mut tx, &states, transition, &evidence, now).await?;
    }
    tx.commit().await?;
    Ok(transitions.len())
}

/// The shared keys, and what befell each of late.
async fn pool(conn: &mut PgConnection) -> sqlx::Result<(Vec<Key>, Failures)> {
    let keys = keys::store::list_shared(&mut *conn).await?;
    let ids: Vec<_> = keys.iter().map(|key| key.id).collect();
    let failures = health::log::list_since_it_worked(conn, &ids, FAILURES).await?;
    Ok((keys, failures.into_iter().collect()))
}

/// The keys of a feature that do not serve, without proof that they cannot. None where one is back soon, since that is
/// waited for.
///
/// # Errors
/// The database's.
pub async fn doubtful(db: &Db, now: DateTime<Utc>, failed: Failed) -> sqlx::Result<Vec<KeyId>> {
    let mut tx = db.begin_platform().await?;
    let (keys, failures) = pool(&mut tx).await?;
    let back = Availability::of(&keys, &failures, failed.feature, now).back;
    if back.is_some_and(|back| back - now <= failed.max_wait) {
        return Ok(Vec::new());
    }
    Ok(availability::doubtful(&keys, &failures, failed.feature, now))
}

async fn apply(
    conn: &mut PgConnection,
    before: &[State],
    transition: &Transition,
    evidence: &[Witness],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (state, action, event) = match transition {
        Transition::Enter(state) => (state, Action("enter_maintenance"), Event::MaintenanceEntered),
        Transition::Leave(state) => (state, Action("exit_maintenance"), Event::MaintenanceLeft),
        // A better estimate is no news.
        Transition::Revise(state) => return store::put(conn, state).await,
    };
    let enters = event == Event::MaintenanceEntered;
    if enters {
        tracing::warn!(scope = state.scope.as_str(), level = ?state.level, reason = state.reason, "maintenance begins");
        store::put(conn, state).await?;
        if state.source == Source::Automatic {
            closings::begin(conn, state, evidence).await?;
        }
    } else {
        tracing::info!(scope = state.scope.as_str(), level = ?state.level, "maintenance ends");
        store::remove(conn, state.scope, state.source).await?;
        if state.source == Source::Automatic {
            closings::end(conn, state.scope, now).await?;
        }
    }
    let same = |other: &&State| (other.scope, other.source) == (state.scope, state.source);
    let before = before.iter().find(same).map(facts);
    let after = enters.then(|| with_evidence(facts(state), evidence));
    record(conn, &Actor::platform(), action, state.scope, &json!({ "before": before, "after": after }))
        .await?;
    let notice = AdminEvent {
        event,
        about: state.scope.as_str(),
        subject: &subject(state, enters),
        facts: with_evidence(facts(state), evidence),
        except: None,
    };
    admin_events::emit(conn, &notice).await
}

/// Writes an entry about a scope.
///
/// # Errors
/// The database's.
pub async fn record(
    conn: &mut PgConnection,
    actor: &Actor,
    action: Action,
    scope: Scope,
    details: &Value,
) -> sqlx::Result<()> {
    let target = Target { kind: "maintenance", id: Some(scope.as_str()) };
    audit::record(conn, actor, action, target, details).await
}

/// A state as the audit log and notices tell it.
pub fn facts(state: &State) -> Value {
    json!({
        "level": state.level,
        "scope": state.scope.as_str(),
        "source": state.source,
        "reason": state.reason,
        "message": state.message,
        "estimated_restoration": state.estimated_restoration,
        "since": state.since,
        "affected_features": affected(state),
    })
}

/// What led to it, where there is something.
fn with_evidence(mut facts: Value, evidence: &[Witness]) -> Value {
    if let (false, Some(facts)) = (evidence.is_empty(), facts.as_object_mut()) {
        facts.insert("evidence".to_owned(), json!(evidence));
    }
    facts
}

/// The features that a state takes away.
fn affected(state: &State) -> Vec<Feature> {
    let is_affected = |feature: &Feature| match state.scope {
        Scope::Platform => state.level == Level::Hard || feature.is_heavy(),
        Scope::Feature(of) => of == *feature,
    };
    Feature::STUDENT.into_iter().filter(is_affected).collect()
}

fn subject(state: &State, enters: bool) -> String {
    let level = if state.level == Level::Hard { "Hard" } else { "Soft" };
    let of = match state.scope {
        Scope::Platform => "the platform".to_owned(),
        Scope::Feature(feature) => format!("the {} feature", feature.label()),
    };
    match (enters, state.source) {
        (true, _) => format!("{level} maintenance of {of} began: {}", state.reason),
        (false, Source::Window) => format!("{level} maintenance of {of} is over"),
        (false, _) => format!("{level} maintenance of {of} is over: its keys work again"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_says_what_is_lost() {
        let state = |scope, level| State {
            scope,
            source: Source::Automatic,
            level,
            reason: "no MCQ key can serve".to_owned(),
            message: None,
            estimated_restoration: None,
            since: DateTime::UNIX_EPOCH,
            set_by: None,
            set_by_email: None,
        };
        let mcq = state(Scope::Feature(Feature::Mcq), Level::Soft);
        assert_eq!(affected(&mcq), [Feature::Mcq]);
        assert_eq!(subject(&mcq, true), "Soft maintenance of the MCQ feature began: no MCQ key can serve");
        assert_eq!(affected(&state(Scope::Platform, Level::Soft)), [Feature::Pdf, Feature::Image]);
        let all = state(Scope::Platform, Level::Hard);
        assert_eq!(affected(&all).len(), Feature::STUDENT.len());
        assert_eq!(subject(&all, false), "Hard maintenance of the platform is over: its keys work again");
    }
}
