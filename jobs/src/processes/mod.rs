//! Which processes there are: each says that it lives, so that admins see what runs where, and can drain a worker.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgPool;
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use utoipa::ToSchema;

mod browse;
mod control;

pub use browse::{Process, QueueShare, RunningJob, list};
pub use control::{drain, prune, resume};

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProcessRole)]
pub enum Role {
    /// It serves requests.
    Api,
    /// It runs jobs.
    Worker,
    /// It says what is due.
    Scheduler,
}

impl Role {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Worker => "worker",
            Self::Scheduler => "scheduler",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Api, Self::Worker, Self::Scheduler].into_iter().find(|role| role.as_str() == name)
    }
}

/// What a process says of itself.
#[derive(Debug, Clone)]
pub struct About {
    /// How it is called in the tables.
    pub name: String,
    /// Where it runs.
    pub host: String,
    /// Its id there.
    pub pid: u32,
    /// Its release.
    pub version: &'static str,
    /// How long it is taken to live after a sign of life. A third of it is between two.
    pub lease: Duration,
    /// When it began.
    pub started_at: DateTime<Utc>,
}

/// Says that this process lives, for as long as it has a role. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Presence(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    about: About,
    roles: Mutex<BTreeSet<Role>>,
    changed: Notify,
}

impl Presence {
    /// Begins with the first role, and ends with `stop`.
    pub fn start(about: About, pool: &PgPool, stop: CancellationToken, tasks: &TaskTracker) -> Self {
        let presence = Self(Arc::new(Inner { about, roles: Mutex::default(), changed: Notify::new() }));
        tasks.spawn(presence.clone().beat_for_ever(pool.clone(), stop));
        presence
    }

    /// The process has a role from now on.
    pub fn takes(&self, role: Role) {
        self.roles().insert(role);
        self.0.changed.notify_one();
    }

    async fn beat_for_ever(self, pool: PgPool, stop: CancellationToken) {
        let mut beat = tokio::time::interval(self.0.about.lease / 3);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = beat.tick() => {}
                () = self.0.changed.notified() => {}
                () = stop.cancelled() => break,
            }
            if let Err(error) = self.beat(&pool).await {
                tracing::warn!(%error, "this process could not say that it lives");
            }
        }
        if !self.roles().is_empty()
            && let Err(error) = control::gone(&pool, &self.0.about.name).await
        {
            tracing::debug!(%error, "this process will be missed before it is known to have ended");
        }
    }

    async fn beat(&self, pool: &PgPool) -> sqlx::Result<()> {
        let roles: Vec<_> = self.roles().iter().map(|role| role.as_str().to_owned()).collect();
        if roles.is_empty() {
            return Ok(());
        }
        control::alive(pool, &self.0.about, &roles).await
    }

    fn roles(&self) -> MutexGuard<'_, BTreeSet<Role>> {
        self.0.roles.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
