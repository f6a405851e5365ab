//! Maintenance and toggles as a process holds them in memory: asking costs no query.
//!
//! The database has the truth; a change notifies the channel `upkeep` at its commit, and every process reads
//! all of it anew.

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use chrono::TimeDelta;
use domain::{Clock, Db, Feature, ids::KeyId, maintenance::Failed, platform_status::Snapshot};
use tokio::sync::{Mutex, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::listener::{Listener, Signal};

pub mod evaluate;

pub use evaluate::evaluate;

/// How often it is read anew even if nothing rang.
const RELOAD_EVERY: Duration = Duration::from_secs(30);

/// What is closed and switched off, as this process knows it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct PlatformStatus(Arc<Held>);

#[derive(Debug)]
struct Held {
    db: Db,
    clock: Clock,
    snapshot: ArcSwap<Snapshot>,
    changes: watch::Sender<()>,
    /// Rounds that fail together ask one after the other, so that all but the first find it done.
    asking: Mutex<()>,
}

impl PlatformStatus {
    /// Reads it, and keeps it fresh until `stop`.
    ///
    /// # Errors
    /// Where the database cannot be read at the start.
    pub async fn start(
        db: &Db,
        clock: &Clock,
        listener: &Listener,
        stop: CancellationToken,
        tasks: &TaskTracker,
    ) -> sqlx::Result<Self> {
        let held = Held {
            db: db.clone(),
            clock: clock.clone(),
            snapshot: ArcSwap::default(),
            changes: watch::Sender::default(),
            asking: Mutex::default(),
        };
        let platform_status = Self(Arc::new(held));
        let mut signals = listener.subscribe();
        platform_status.reload().await?;
        let kept = platform_status.clone();
        tasks.spawn(async move {
            let mut reload = tokio::time::interval(RELOAD_EVERY);
            loop {
                tokio::select! {
                    signal = signals.next() => if !matches!(signal, Signal::PlatformStatus | Signal::Anything) { continue },
                    _ = reload.tick() => {}
                    () = stop.cancelled() => return,
                }
                kept.reload_or_warn().await;
            }
        });
        Ok(platform_status)
    }

    /// As it is now.
    pub fn current(&self) -> Arc<Snapshot> {
        self.0.snapshot.load_full()
    }

    /// Tells when it was read anew, which is when it may have changed.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.0.changes.subscribe()
    }

    /// Reads it anew: after a change of our own, which the next request shall meet.
    ///
    /// # Errors
    /// The database's.
    pub async fn reload(&self) -> sqlx::Result<()> {
        let mut tx = self.0.db.begin_platform().await?;
        let snapshot = Snapshot::load(&mut tx, self.0.clock.now()).await?;
        drop(tx);
        self.0.snapshot.store(Arc::new(snapshot));
        self.0.changes.send_replace(());
        Ok(())
    }

    /// Reads it anew, unless that fails: then the notification will.
    pub async fn reload_or_warn(&self) {
        if let Err(error) = self.reload().await {
            tracing::warn!(%error, "maintenance and toggles could not be read; what was known last holds");
        }
    }

    /// A round failed on all that a feature had: closes what cannot serve any more.
    pub async fn failed(&self, feature: Feature, max_wait: TimeDelta) {
        if self.current().is_unavailable(feature) {
            return;
        }
        let _one_at_a_time = self.0.asking.lock().await;
        if !self.current().is_unavailable(feature) {
            self.evaluate(Some(Failed { feature, max_wait })).await;
        }
    }

    /// The keys of a feature that do not serve, without proof that they cannot.
    pub async fn doubtful(&self, feature: Feature, max_wait: TimeDelta) -> Vec<KeyId> {
        let now = self.0.clock.now();
        match evaluate::doubtful(&self.0.db, now, Failed { feature, max_wait }).await {
            Ok(doubtful) => doubtful,
            Err(error) => {
                tracing::warn!(%error, "what befell keys could not be read");
                Vec::new()
            }
        }
    }

    /// A key works again: opens what it can serve.
    pub async fn recovered(&self) {
        self.evaluate(None).await;
    }

    async fn evaluate(&self, failed: Option<Failed>) {
        match evaluate(&self.0.db, self.0.clock.now(), failed).await {
            Ok(0) => {}
            Ok(_) => self.reload_or_warn().await,
            Err(error) => tracing::warn!(%error, "maintenance could not be evaluated; the scheduler will"),
        }
    }
}
