//! Changes that are written into the audit log: by type for admins, whose transaction has no commit
//! without an entry.

use std::ops::{Deref, DerefMut};

use chrono::TimeDelta;
use domain::{
    Tx,
    audit::{self, Action, Actor, Target, burst},
    users::{
        Role,
        attempts::{self, Allowance, Kind},
    },
};
use jobs::admin_events::{self, AdminEvent, Event};
use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::{
    App,
    error::{ApiError, ApiResult},
};

/// What an admin may do in a minute that is hard to undo.
const DESTRUCTIVE: Allowance =
    Allowance { kind: Kind::Destructive, limit: 30, window: TimeDelta::minutes(1) };

/// Refusals of one account in a minute that admins are told of.
const SUSPICIOUS: i64 = 20;

/// A change by an admin, in a transaction that sees all users. Dropped, it never was.
#[derive(Debug)]
pub(crate) struct Change<'a> {
    tx: Tx,
    actor: &'a Actor,
}

impl<'a> Change<'a> {
    /// Begins.
    pub(crate) async fn begin(app: &App, actor: &'a Actor) -> ApiResult<Self> {
        Ok(Self { tx: app.db.begin_platform().await?, actor })
    }

    /// Counts it as one that is hard to undo, unless the admin has made too many of these in the last
    /// minute. It counts if it commits; those of one admin go one by one.
    pub(crate) async fn limited(&mut self, app: &App) -> ApiResult<()> {
        let now = app.clock.now();
        let who = self.actor.id.map(|id| id.to_string()).unwrap_or_default();
        let admitted = attempts::admit(&mut self.tx, DESTRUCTIVE, &who, now).await?;
        admitted.map_err(|until| ApiError::rate_limited(now, until))
    }

    /// Commits the part of it that has no effect yet: its entry comes with the part that has.
    pub(crate) async fn commit_without_entry(self) -> ApiResult<()> {
        Ok(self.tx.commit().await?)
    }

    /// Commits it with its entry. `details` holds what was before and after, and never a secret.
    pub(crate) async fn commit(
        mut self,
        action: &'static str,
        target: Target<'_>,
        details: &Value,
    ) -> ApiResult<()> {
        audit::record(&mut self.tx, self.actor, Action(action), target, details).await?;
        self.tx.commit().await?;
        Ok(())
    }
}

impl Deref for Change<'_> {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.tx
    }
}

impl DerefMut for Change<'_> {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.tx
    }
}

/// Writes down that somebody was refused what an admin may do: once a minute, with a count. Many in a
/// minute are told to admins. A database that is away changes nothing about the refusal.
pub(crate) async fn refused(app: &App, actor: &Actor, role: Option<Role>, what: &str) {
    let Some(id) = actor.id.map(|id| id.to_string()) else { return };
    let written = async {
        let mut tx = app.db.begin_platform().await?;
        let seen = burst::count(&mut tx, "refused", &id, app.clock.now()).await?;
        if seen.is_first() {
            let details = json!({ "role": role, "more_before": seen.unlogged });
            let target = Target { kind: "route", id: Some(what) };
            audit::record(&mut tx, actor, Action("authorization_refused"), target, &details).await?;
        }
        if seen.now == SUSPICIOUS {
            let details = json!({ "refusals": seen.now, "within_seconds": 60 });
            let target = Target { kind: "user", id: Some(&id) };
            suspicious(
                &mut tx,
                actor,
                target,
                "many_refusals",
                "An account tries what it may not do",
                details,
            )
            .await?;
        }
        tx.commit().await
    };
    if let Err(error) = written.await {
        tracing::error!(%error, user.id = id, "a refusal could not be written into the audit log");
    }
}

/// Writes down something suspicious, and tells admins.
pub(crate) async fn suspicious(
    conn: &mut PgConnection,
    actor: &Actor,
    target: Target<'_>,
    what: &'static str,
    subject: &str,
    mut details: Value,
) -> sqlx::Result<()> {
    audit::record(&mut *conn, actor, Action(what), target, &details).await?;
    if let Some(facts) = details.as_object_mut() {
        facts.insert("account".to_owned(), json!(actor.email));
        facts.insert("ip_address".to_owned(), json!(actor.ip));
    }
    let about = format!("{what}:{}", target.id.unwrap_or_default());
    let notice = AdminEvent { event: Event::Security, about: &about, subject, facts: details, except: None };
    admin_events::emit(conn, &notice).await
}
