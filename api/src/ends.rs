//! Streams outlive the request that was let in. When a sign-in of their account ends, or the account is disabled, every
//! process hears it at once, and its streams ask whether they may go on.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::ids::UserId;
use jobs::listener::{Listener, Signal};
use tokio::{sync::watch, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Longer than it takes from letting a request in to watching for its end: what was heard in between is not missed.
const LATELY: Duration = Duration::from_mins(1);

/// Whose sign-ins ended. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct SignInEnds(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// Who has streams.
    watched: HashMap<UserId, watch::Sender<()>>,
    /// Of whom was heard, and when.
    lately: HashMap<UserId, Instant>,
    /// When it could have been anybody.
    anybody: Option<Instant>,
}

/// One stream that wants to know.
#[derive(Debug)]
pub(crate) struct Watching {
    ends: SignInEnds,
    user: UserId,
    ended: watch::Receiver<()>,
}

impl SignInEnds {
    /// Hears until `stop`.
    pub fn start(listener: &Listener, stop: CancellationToken, tasks: &TaskTracker) -> Self {
        let (ends, mut signals) = (Self::default(), listener.subscribe());
        let ended = ends.clone();
        tasks.spawn(async move {
            while let Some(signal) = stop.run_until_cancelled(signals.next()).await {
                match signal {
                    Signal::SignIns(user) => ended.notify(user),
                    Signal::Anything => ended.notify_all(),
                    Signal::Jobs(_) | Signal::Cancel(_) | Signal::Keys | Signal::PlatformStatus => {}
                }
            }
        });
        ends
    }

    /// Watches for ends of an account's sign-ins.
    pub(crate) fn watch(&self, user: UserId) -> Watching {
        let mut known = self.lock();
        let mut ended = known.watched.entry(user).or_default().subscribe();
        let lately = [known.lately.get(&user).copied(), known.anybody];
        if lately.into_iter().flatten().any(|at| at.elapsed() < LATELY) {
            ended.mark_changed();
        }
        Watching { ends: self.clone(), user, ended }
    }

    fn notify(&self, user: UserId) {
        let mut known = self.lock();
        known.lately.retain(|_, at| at.elapsed() < LATELY);
        known.lately.insert(user, Instant::now());
        if let Some(watched) = known.watched.get(&user) {
            watched.send_replace(());
        }
    }

    fn notify_all(&self) {
        let mut known = self.lock();
        known.anybody = Some(Instant::now());
        for watched in known.watched.values() {
            watched.send_replace(());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watching {
    /// Waits until a sign-in of the account ended, be it this one or another.
    pub(crate) async fn changed(&mut self) {
        if self.ended.changed().await.is_err() {
            // The sender lives as long as anybody watches.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let mut known = self.ends.lock();
        if known.watched.get(&self.user).is_some_and(|watched| watched.receiver_count() <= 1) {
            known.watched.remove(&self.user);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn streams_hear_of_their_own_account_and_leave_nothing_behind() {
        let ends = SignInEnds::default();
        let (mine, yours) = (UserId::generate(), UserId::generate());
        let (mut first, mut second, mut other) = (ends.watch(mine), ends.watch(mine), ends.watch(yours));
        assert!(first.changed().now_or_never().is_none());
        ends.notify(mine);
        assert!(first.changed().now_or_never().is_some() && second.changed().now_or_never().is_some());
        assert!(other.changed().now_or_never().is_none() && first.changed().now_or_never().is_none());
        ends.notify_all();
        assert!(first.changed().now_or_never().is_some() && other.changed().now_or_never().is_some());
        drop((first, other));
        assert_eq!(ends.lock().watched.len(), 1);
        drop(second);
        assert_eq!(ends.lock().watched.len(), 0);
    }

    #[tokio::test]
    async fn what_was_heard_while_a_stream_opened_is_not_missed() {
        let (ends, user) = (SignInEnds::default(), UserId::generate());
        ends.notify(user);
        assert!(ends.watch(user).changed().now_or_never().is_some());
        assert!(ends.watch(UserId::generate()).changed().now_or_never().is_none());
    }
}
