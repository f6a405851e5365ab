//! The kinds of jobs: what becomes of one that never gets to its handler's end.

use std::{collections::HashMap, fmt, sync::Arc};

use domain::ids::JobId;
use futures::future::BoxFuture;
use serde_json::Value;
use sqlx::PgConnection;

use super::Enqueue;
use crate::{Job, bus::TerminalEvent};

type Abandon =
    for<'a> fn(&'a mut PgConnection, JobId, &'a Value, &'a TerminalEvent) -> BoxFuture<'a, sqlx::Result<()>>;
type Reopen =
    for<'a> fn(&'a mut PgConnection, &'a Value, JobId, JobId) -> BoxFuture<'a, sqlx::Result<Option<Enqueue>>>;

/// The kinds that are known, by their names. One that is not, such as a newer release's, leaves nothing behind that could
/// be put right here.
#[derive(Clone, Default)]
pub struct Kinds(Arc<HashMap<&'static str, (Abandon, Reopen)>>);

impl Kinds {
    /// The same, and one more.
    #[must_use]
    pub fn with<J: Job>(mut self) -> Self {
        Arc::make_mut(&mut self.0).insert(J::NAME, (abandon::<J>, reopen::<J>));
        self
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }

    /// See [`Job::abandon`]. A payload that cannot be read leaves nothing behind.
    pub(super) async fn abandon(
        &self,
        conn: &mut PgConnection,
        job: JobId,
        name: &str,
        payload: &Value,
        ending: &TerminalEvent,
    ) -> sqlx::Result<()> {
        match self.0.get(name) {
            Some((abandon, _)) => abandon(conn, job, payload, ending).await,
            None => Ok(()),
        }
    }

    /// See [`Job::reopen`]. `None` where it cannot be done again.
    pub(super) async fn reopen(
        &self,
        conn: &mut PgConnection,
        name: &str,
        payload: &Value,
        old: JobId,
        new: JobId,
    ) -> sqlx::Result<Option<Enqueue>> {
        match self.0.get(name) {
            Some((_, reopen)) => reopen(conn, payload, old, new).await,
            None => Ok(None),
        }
    }
}

impl fmt::Debug for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

fn abandon<'a, J: Job>(
    conn: &'a mut PgConnection,
    job: JobId,
    payload: &'a Value,
    ending: &'a TerminalEvent,
) -> BoxFuture<'a, sqlx::Result<()>> {
    Box::pin(async move {
        match serde_json::from_value::<J>(payload.clone()) {
            Ok(work) => work.abandon(conn, job, ending).await,
            Err(_) => Ok(()),
        }
    })
}

fn reopen<'a, J: Job>(
    conn: &'a mut PgConnection,
    payload: &'a Value,
    old: JobId,
    new: JobId,
) -> BoxFuture<'a, sqlx::Result<Option<Enqueue>>> {
    Box::pin(async move {
        let Ok(work) = serde_json::from_value::<J>(payload.clone()) else { return Ok(None) };
        Ok(work.reopen(conn, old, new).await?.then(|| Enqueue::new(&work)))
    })
}
