//! Trying a key: a job does it, since only workers know providers, and we wait for it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::ids::{JobId, KeyId, UserId};
use jobs::{
    bus::{EventKind, TerminalEvent},
    catalogue::{ProbeKey, kinds},
    queue::{Enqueue, Enqueued, control, record},
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::{App, await_job, error::ApiResult};

/// How long an admin waits until a worker has begun with it.
const PATIENCE: Duration = Duration::from_secs(25);

/// The class of what was not tried at all.
const NOT_TRIED: &str = "not_tried";

/// What came of trying a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Tried {
    /// Whether it works.
    pub(crate) ok: bool,
    /// What kind of failure it was: `credential`, `quota`, `rate`, `overload`, `refusal`, `caller`, or
    /// `not_tried` where no worker had the time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) class: Option<String>,
    /// Why it does not work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// When it may work, where the provider said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) retry_at: Option<DateTime<Utc>>,
}

impl Tried {
    fn not_tried(reason: &str) -> Self {
        Self { ok: false, class: Some(NOT_TRIED.to_owned()), reason: Some(reason.to_owned()), retry_at: None }
    }

    /// Whether a worker tried it.
    pub(crate) fn was_tried(&self) -> bool {
        self.class.as_deref() != Some(NOT_TRIED)
    }

    /// Why it does not work, for people.
    pub(crate) fn problem(self) -> String {
        self.reason.unwrap_or_else(|| "does not work".to_owned())
    }

    fn of(ending: TerminalEvent) -> Self {
        let said =
            (ending.kind == EventKind::Done).then(|| serde_json::from_value(ending.data).ok()).flatten();
        said.unwrap_or_else(|| Self::not_tried("the key could not be tried"))
    }
}

/// Has a key tried, once this is committed.
pub(crate) async fn enqueue(conn: &mut PgConnection, key: KeyId, keep: bool) -> sqlx::Result<Enqueued> {
    enqueue_for(conn, ProbeKey { key, keep, owner: None }).await
}

/// Has a student's own key tried, once this is committed.
pub(crate) async fn enqueue_own(
    conn: &mut PgConnection,
    key: KeyId,
    owner: UserId,
) -> sqlx::Result<Enqueued> {
    enqueue_for(conn, ProbeKey { key, keep: true, owner: Some(owner) }).await
}

async fn enqueue_for(conn: &mut PgConnection, probe: ProbeKey) -> sqlx::Result<Enqueued> {
    let request = crate::server::request_id();
    Enqueue::new(&probe).on_behalf_of(request.as_deref()).run(conn).await
}

/// What came of it. Nobody tries it any more after we stopped waiting, unless others wait, too.
pub(crate) async fn outcome(app: &App, job: Enqueued) -> ApiResult<Tried> {
    if let Some(ending) = await_job::ending(app, job.id, PATIENCE).await? {
        return Ok(Tried::of(ending));
    }
    // A model that loads or thinks is waited for, as by a question; a worker that is not there is not.
    if is_running(app, job.id).await?
        && let Some(ending) = await_job::ending(app, job.id, app.settings.trial_patience).await?
    {
        return Ok(Tried::of(ending));
    }
    if !job.existed {
        control::cancel(&app.db, &app.bus, kinds(), job.id).await?;
    }
    Ok(Tried::not_tried("no worker could try the key in time"))
}

async fn is_running(app: &App, job: JobId) -> ApiResult<bool> {
    let mut conn = app.db.pool().acquire().await?;
    let record = record::find(&mut conn, job).await?;
    Ok(record.is_some_and(|record| record.state == record::JobState::Running))
}

#[cfg(test)]
mod tests {
    use jobs::bus::Number;
    use serde_json::{Value, json};

    use super::*;

    fn tried(kind: EventKind, data: Value) -> Tried {
        Tried::of(TerminalEvent { number: Number::epoch(1), kind, data })
    }

    #[test]
    fn what_a_worker_says_is_passed_on() {
        assert!(tried(EventKind::Done, json!({ "ok": true })).ok);
        let data =
            json!({ "ok": false, "class": "credential", "reason": "the key is refused", "retry_at": null });
        let failed = tried(EventKind::Done, data);
        assert!(!failed.ok && failed.was_tried());
        assert_eq!(failed.problem(), "the key is refused");
    }

    #[test]
    fn a_job_that_says_nothing_has_tried_nothing() {
        for ending in [
            tried(EventKind::Done, json!({})),
            tried(EventKind::Error, json!({ "ok": true })),
            tried(EventKind::Cancelled, json!({})),
        ] {
            assert!(!ending.ok && !ending.was_tried());
        }
    }
}
