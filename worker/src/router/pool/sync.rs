//! The pool in step with the database and with other processes: what is read anew, and what is written.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, Utc};
use domain::{
    ids::KeyId,
    keys::{
        activity, calls, days, endpoints,
        store::{self, SealedKey},
        usage::{self, Used},
    },
};
use jobs::{
    answers,
    listener::{Signal, Signals},
};
use tokio_util::sync::CancellationToken;

use super::{
    Pool,
    endpoints_known::Known,
    groups::Groups,
    state::{Pooled, candidate},
};
use crate::router::{counters::Rows, health};

/// How often workers tell each other what they used of keys that have limits.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// How often figures of use are written.
const FLUSH_EVERY: Duration = Duration::from_secs(2);

/// How often the pool is read anew even if nothing rang.
const RELOAD_EVERY: Duration = Duration::from_mins(1);

impl Pool {
    /// Reads anew what changes and writes what was counted, until `stop`.
    pub(super) async fn keep_in_step(self: Arc<Self>, mut signals: Signals, stop: CancellationToken) {
        let mut flush = tokio::time::interval(FLUSH_EVERY);
        let mut reload = tokio::time::interval(RELOAD_EVERY);
        let mut sync_usage = tokio::time::interval(SYNC_EVERY);
        loop {
            tokio::select! {
                signal = signals.next() => if matches!(signal, Signal::Keys | Signal::Anything) { self.reload_or_warn().await },
                _ = reload.tick() => self.reload_or_warn().await,
                _ = sync_usage.tick() => self.sync_usage().await,
                _ = flush.tick() => self.flush().await,
                () = stop.cancelled() => {
                    self.sync_usage().await;
                    return self.flush().await;
                }
            }
        }
    }

    async fn reload_or_warn(&self) {
        if let Err(error) = self.reload().await {
            tracing::warn!(%error, "the pool of keys could not be read; the last known one serves");
        }
    }

    pub(super) async fn reload(&self) -> sqlx::Result<()> {
        let signals = {
            let mut conn = self.db.pool().acquire().await?;
            endpoints::list(&mut conn, self.clock.now()).await?
        };
        let rows = store::load_all(self.db.pool()).await?;
        let mut state = self.lock();
        let groups = Groups::of(rows.iter().map(|row| &row.key));
        // What this process knows and has not written yet.
        let before: HashMap<_, _> = state
            .keys
            .iter()
            .map(|key| (key.candidate.id, (key.candidate.last_use, key.key.remaining)))
            .collect();
        state.known = Known::of(signals, &self.settings);
        state.keys = rows
            .into_iter()
            .map(|SealedKey { mut key, sealed }| {
                let secret = self.open(key.id, &sealed);
                let (last_use, remaining) = before.get(&key.id).copied().unwrap_or_default();
                key.remaining = key.remaining.updated(remaining);
                let (members, limits) = groups.around(&key);
                let candidate = candidate(&key, self.settings.defaults.endpoint_of(&key), last_use);
                Pooled { candidate, key, secret, members, limits }
            })
            .collect();
        let metered: HashSet<_> = state.metered().collect();
        state.rate_limiter.keep(|key| metered.contains(&key));
        Ok(())
    }

    /// Writes figures of use, and has admins told where quotas run low.
    pub async fn flush(&self) {
        let now = self.clock.now();
        let (Rows { figures, activity, spent, answers, calls }, low) = {
            let mut state = self.lock();
            (state.counters.take(), state.low(now))
        };
        if !figures.is_empty()
            && let Err(error) = store::add_figures(self.db.pool(), &figures).await
        {
            tracing::warn!(%error, "figures of use could not be written; they are lost");
        }
        if !activity.is_empty()
            && let Err(error) = activity::add(self.db.pool(), &activity).await
        {
            tracing::warn!(%error, "what keys did could not be written; it is lost");
        }
        if !spent.is_empty()
            && let Err(error) = days::add(self.db.pool(), &spent).await
        {
            tracing::warn!(%error, "what keys cost could not be written; it is lost");
        }
        if !answers.is_empty()
            && let Err(error) = answers::add(self.db.pool(), &answers).await
        {
            tracing::warn!(%error, "how questions ended could not be written; it is lost");
        }
        if !calls.is_empty()
            && let Err(error) = self.keep_calls(&calls).await
        {
            tracing::warn!(%error, "which calls were made could not be written; it is lost");
        }
        for low in low {
            self.write(health::warn(&self.db, low, now)).await;
        }
    }

    async fn keep_calls(&self, made: &[calls::Call]) -> sqlx::Result<()> {
        let mut tx = self.db.begin_platform().await?;
        calls::add(&mut tx, made).await?;
        tx.commit().await
    }

    /// Tells other workers what was used of keys that have limits, and hears what they used. Costs
    /// nothing while no key has any.
    pub(super) async fn sync_usage(&self) {
        let _telling = self.telling.lock().await;
        let now = self.clock.now();
        let (keys, unsent) = {
            let mut state = self.lock();
            let keys: Vec<_> = state.metered().collect();
            (keys, state.rate_limiter.unsent())
        };
        if keys.is_empty() && unsent.is_empty() {
            return;
        }
        match self.exchange(&keys, &unsent, now).await {
            Ok(known) => self.lock().rate_limiter.confirmed(known),
            Err(error) => {
                tracing::warn!(%error, "what was used of limited keys could not be told");
                self.lock().rate_limiter.unconfirmed();
            }
        }
    }

    async fn exchange(&self, keys: &[KeyId], unsent: &[Used], now: DateTime<Utc>) -> sqlx::Result<Vec<Used>> {
        let mut tx = self.db.begin_bare().await?;
        if !unsent.is_empty() {
            usage::add(&mut tx, unsent).await?;
        }
        let known = usage::read(&mut tx, keys, now).await?;
        tx.commit().await?;
        Ok(known)
    }
}
