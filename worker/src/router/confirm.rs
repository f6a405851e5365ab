//! Whether the keys of a feature are really away: a round that failed is no proof, a neutral probe after it is.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{
    feature::Feature,
    ids::KeyId,
    keys::{KeyStatus, health},
};
use futures::future::join_all;

use super::Router;

/// How long a student who gets no answer is kept for it. What takes longer proves nothing.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a key is not asked again by the next question that fails.
const REST: TimeDelta = TimeDelta::minutes(1);

impl Router {
    /// A round failed on all that a feature had: probes the keys of which it is not proven that they cannot serve.
    /// Where none works, what cannot serve is closed. Says whether one works.
    pub async fn confirm(&self, feature: Feature) -> bool {
        // Rounds that fail together ask one after the other, so that all but the first find it done.
        let mut confirming = self.confirming.lock().await;
        if self.platform_status.current().is_unavailable(feature) {
            return false;
        }
        let now = self.clock.now();
        confirming.retain(|_, at| *at > now - REST && *at <= now);
        let mut doubtful = self.platform_status.doubtful(feature, self.max_wait()).await;
        doubtful.retain(|key| !confirming.contains_key(key));
        confirming.extend(doubtful.iter().map(|key| (*key, now)));
        let proven = join_all(doubtful.into_iter().map(|key| self.proves(key))).await;
        if proven.contains(&true) {
            return true;
        }
        self.platform_status.failed(feature, self.max_wait()).await;
        false
    }

    /// Probes a key, and writes down what came of it. Says whether it works.
    async fn proves(&self, id: KeyId) -> bool {
        if let Err(error) = health::store::set_probed(self.pool.db().pool(), id, self.clock.now()).await {
            tracing::warn!(%error, "a probe could not be noted");
        }
        let Ok(Some((key, Ok(chosen)))) = self.pool.load(id).await else { return false };
        if key.status == KeyStatus::Degraded && !self.pool.begin_trial(id).await {
            return false;
        }
        match tokio::time::timeout(PATIENCE, self.probe(&chosen)).await {
            Ok(Ok(())) => {
                self.pool.proved(id).await;
                true
            }
            Ok(Err(error)) => {
                self.pool.failed(id, &error, health::Source::Probe).await;
                false
            }
            Err(_elapsed) => {
                self.pool.end_trial(id).await;
                false
            }
        }
    }
}
