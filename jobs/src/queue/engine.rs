//! The engine of one queue in one worker process: claims exactly as many jobs as there are free
//! slots, ties a slot to each, and hands them to whoever runs them.
//!
//! Wake-ups: a claim that found less than it asked for sleeps until the next signal, the next
//! scheduled job, or the safety poll, whichever is first. A signal during a claim is kept, so none is
//! lost between finding nothing and going to sleep.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use domain::{
    Db,
    ids::{JobId, UserId},
};
use futures::task::AtomicWaker;
use sqlx::PgPool;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Kinds,
    claim::{Claimed, claim, promote},
    counters::JobCounters,
    heartbeat,
    notifier::ring,
    settle::{self, JobSettlement},
};
use crate::{
    Queue,
    bus::Bus,
    listener::{Listener, Signal},
};

/// How late a scheduled job may become ready in a queue that never runs empty.
const PROMOTE_EVERY: Duration = Duration::from_millis(200);

/// How soon a claim that found some looks for more.
const SOON: Duration = Duration::from_millis(50);

/// How long slots that tenants free are gathered before the next of theirs is looked for.
const GATHER: Duration = Duration::from_millis(10);

/// How the queue's few statements are to be planned, for each connection of an engine's pool: once, and
/// always along the indexes in their order. A plan that is made anew each time costs a claim more than
/// a millisecond; one that is made once without this hint scans or sorts the whole table, since the
/// planner does not know how few jobs are asked for.
pub const PLANNING: &str = "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; \
    set enable_bitmapscan = off; set enable_sort = off; set enable_hashjoin = off; set enable_mergejoin = off";

/// How an engine works.
#[derive(Debug, Clone)]
pub struct EngineSettings {
    /// The queue.
    pub queue: Queue,
    /// The kinds of jobs that there are.
    pub kinds: Kinds,
    /// How this process is called in the table.
    pub worker: Arc<str>,
    /// Jobs at a time.
    pub concurrency: usize,
    /// Jobs of one tenant at a time, about: two workers that claim in the same instant may each
    /// fill it up.
    pub tenant_cap: i64,
    /// How long a job is held without a sign of life. A third of it is between two heartbeats.
    pub lease: Duration,
    /// The longest sleep without a signal.
    pub poll: Duration,
    /// How long what runs may go on after a drain began, before it is handed back.
    pub grace: Duration,
}

/// The engine.
pub struct Engine {
    pub(super) settings: EngineSettings,
    pub(super) db: Db,
    /// The pool that the queue's own statements use.
    pub(super) pool: PgPool,
    pub(super) bus: Arc<dyn Bus>,
    slots: Arc<Semaphore>,
    wake: Notify,
    /// A tenant has one running job less, and may have been at the cap.
    freed: Notify,
    held: Mutex<HashMap<JobId, Held>>,
    ready: Mutex<VecDeque<Slotted>>,
    waker: AtomicWaker,
    settlements: mpsc::UnboundedSender<settle::Request>,
    /// What runs came to, for charts.
    pub(super) counters: Arc<JobCounters>,
    /// Claim nothing more.
    pub(super) drain: CancellationToken,
    /// The grace is over: hand back what still runs.
    pub(super) kill: CancellationToken,
    /// All is settled.
    pub(super) closed: CancellationToken,
    pub(super) tasks: TaskTracker,
}

/// A job that this process holds the lease of, whether it runs or waits for its turn here.
pub(super) struct Held {
    pub(super) epoch: i64,
    pub(super) tenant: Option<UserId>,
    pub(super) cancel: CancellationToken,
    pub(super) lost: Arc<AtomicBool>,
}

/// A claimed job with its slot.
pub(super) struct Slotted {
    pub(super) job: Claimed,
    pub(super) slot: OwnedSemaphorePermit,
    pub(super) cancel: CancellationToken,
    pub(super) lost: Arc<AtomicBool>,
}

impl Engine {
    /// Starts the tasks of an engine. `pool` is for the queue's own statements; its connections
    /// should have been told of [`PLANNING`].
    pub fn start(
        settings: EngineSettings,
        db: &Db,
        pool: &PgPool,
        bus: &Arc<dyn Bus>,
        listener: &Listener,
        drain: &CancellationToken,
        tasks: &TaskTracker,
    ) -> Arc<Self> {
        let (settlements, requests) = mpsc::unbounded_channel();
        let engine = Arc::new(Self {
            slots: Arc::new(Semaphore::new(settings.concurrency)),
            db: db.clone(),
            pool: pool.clone(),
            bus: Arc::clone(bus),
            wake: Notify::new(),
            freed: Notify::new(),
            held: Mutex::default(),
            ready: Mutex::default(),
            waker: AtomicWaker::new(),
            settlements,
            counters: JobCounters::new(settings.queue),
            drain: drain.clone(),
            kill: CancellationToken::new(),
            closed: CancellationToken::new(),
            tasks: tasks.clone(),
            settings,
        });
        tasks.spawn(settle::run(pool.clone(), Arc::clone(&engine.settings.worker), requests));
        tasks.spawn(Arc::clone(&engine).claim_for_ever());
        let counters = Arc::clone(&engine.counters);
        tasks.spawn(counters.write_for_ever(pool.clone(), engine.closed.clone()));
        tasks.spawn(heartbeat::run(Arc::clone(&engine)));
        tasks.spawn(Arc::clone(&engine).listen(listener.clone()));
        tasks.spawn(Arc::clone(&engine).close_after_drain());
        engine
    }

    async fn claim_for_ever(self: Arc<Self>) {
        let mut promoted = Instant::now();
        while let Some(slots) = self.free_slots().await {
            let wanted = slots.num_permits();
            let sleep = match self.claim_into(slots).await {
                Ok(found) => {
                    let mut sleep = SOON;
                    if found.jobs == 0 || promoted.elapsed() >= PROMOTE_EVERY {
                        promoted = Instant::now();
                        sleep = self.until_next_scheduled().await;
                    }
                    if found.more || found.jobs == wanted {
                        continue;
                    }
                    if found.jobs > 0 { sleep.min(SOON) } else { sleep }
                }
                Err(error) => {
                    tracing::warn!(%error, queue = self.settings.queue.as_str(), "claiming waits for the database");
                    Duration::from_millis(200)
                }
            };
            let freed = async {
                self.freed.notified().await;
                tokio::time::sleep(GATHER).await;
            };
            tokio::select! {
                () = self.wake.notified() => {}
                () = freed => {}
                () = tokio::time::sleep(sleep) => {}
                () = self.drain.cancelled() => {}
            }
        }
        self.hand_back_waiting().await;
    }

    /// All slots that are free, at least one; `None` once the drain has begun.
    async fn free_slots(&self) -> Option<OwnedSemaphorePermit> {
        let mut slots = tokio::select! {
            biased;
            () = self.drain.cancelled() => return None,
            slot = Arc::clone(&self.slots).acquire_owned() => slot.ok()?,
        };
        let others = u32::try_from(self.slots.available_permits()).unwrap_or(0);
        if let Ok(others) = Arc::clone(&self.slots).try_acquire_many_owned(others) {
            slots.merge(others);
        }
        Some(slots)
    }

    async fn claim_into(&self, mut slots: OwnedSemaphorePermit) -> sqlx::Result<Found> {
        let EngineSettings { queue, ref worker, lease, tenant_cap, .. } = self.settings;
        let jobs = claim(&self.pool, queue, worker, slots.num_permits(), lease, tenant_cap).await?;
        let found = Found { jobs: jobs.len(), more: jobs.first().is_some_and(|job| job.more) };
        for job in jobs {
            let Some(slot) = slots.split(1) else { break };
            let (cancel, lost) = (CancellationToken::new(), Arc::new(AtomicBool::new(false)));
            if job.cancel_requested {
                cancel.cancel();
            }
            let held = Held {
                epoch: job.epoch,
                tenant: job.tenant,
                cancel: cancel.clone(),
                lost: Arc::clone(&lost),
            };
            if let Some(former) = lock(&self.held).insert(job.id, held) {
                // This very process was taken for dead, and its first run of the job goes on in vain.
                former.lost.store(true, Ordering::Release);
                former.cancel.cancel();
            }
            lock(&self.ready).push_back(Slotted { job, slot, cancel, lost });
        }
        if found.jobs > 0 {
            self.waker.wake();
        }
        Ok(found)
    }

    /// Makes due jobs ready, and says how long to sleep.
    async fn until_next_scheduled(&self) -> Duration {
        match promote(&self.pool, self.settings.queue, &self.settings.worker).await {
            Ok(Promoted { any: true, .. }) => Duration::ZERO,
            Ok(Promoted { next, .. }) => {
                next.unwrap_or(self.settings.poll).clamp(Duration::from_millis(1), self.settings.poll)
            }
            Err(error) => {
                tracing::warn!(%error, "scheduled jobs wait for the database");
                Duration::from_millis(200)
            }
        }
    }

    async fn listen(self: Arc<Self>, listener: Listener) {
        let mut signals = listener.subscribe();
        loop {
            let signal = tokio::select! {
                signal = signals.next() => signal,
                () = self.closed.cancelled() => return,
            };
            match signal {
                Signal::Jobs(queue) if queue == self.settings.queue => self.wake.notify_one(),
                Signal::Anything => self.wake.notify_one(),
                Signal::Cancel(job) => {
                    if let Some(held) = lock(&self.held).get(&job) {
                        held.cancel.cancel();
                    }
                }
                Signal::Jobs(_) | Signal::Keys | Signal::PlatformStatus | Signal::SignIns(_) => {}
            }
        }
    }

    async fn close_after_drain(self: Arc<Self>) {
        self.drain.cancelled().await;
        let idle = async {
            while self.held_count() > 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        if tokio::time::timeout(self.settings.grace, idle).await.is_err() {
            tracing::warn!(jobs = self.held_count(), "the grace is over; what still runs is handed back");
            self.kill.cancel();
        }
    }

    async fn hand_back_waiting(&self) {
        let waiting: Vec<_> = lock(&self.ready).drain(..).collect();
        let hand_back =
            waiting.into_iter().map(|Slotted { job, slot, .. }| self.hand_back(job.id, job.epoch, slot));
        futures::future::join_all(hand_back).await;
    }

    /// Lets another worker have a job at once, without using an attempt.
    pub(super) async fn hand_back(&self, job: JobId, epoch: i64, slot: OwnedSemaphorePermit) {
        let again = JobSettlement::Again { after: Duration::ZERO, counts: false, snooze: false, error: None };
        if self.settle(job, epoch, again, slot).await
            && let Err(error) = ring(&self.pool, [self.settings.queue]).await
        {
            tracing::debug!(%error, "a job that was handed back waits for the next poll");
        }
    }

    /// Settles a run and gives its slot back once that is committed. Returns whether the row was
    /// still this run's.
    pub(super) async fn settle(
        &self,
        job: JobId,
        epoch: i64,
        settlement: JobSettlement,
        slot: OwnedSemaphorePermit,
    ) -> bool {
        let (settled, answer) = oneshot::channel();
        let again = matches!(settlement, JobSettlement::Again { .. });
        let request = settle::Request { job, epoch, settlement, settled };
        let ours = self.settlements.send(request).is_ok() && answer.await.unwrap_or(false);
        self.let_go(job, epoch, slot);
        if again {
            // The claimer sleeps until the next scheduled job that it knows of, which this may precede.
            self.wake.notify_one();
        }
        ours
    }

    /// Gives a slot back without settling: the row was settled elsewhere, or is lost.
    pub(super) fn let_go(&self, job: JobId, epoch: i64, slot: OwnedSemaphorePermit) {
        let mut held = lock(&self.held);
        let gone = match held.get(&job) {
            Some(known) if known.epoch == epoch => held.remove(&job),
            _ => None,
        };
        drop(held);
        drop(slot);
        if gone.is_some_and(|gone| gone.tenant.is_some()) {
            // More of its jobs may wait than a claim could see, and nobody rings for those. How many of
            // them run in other processes is not known here.
            self.freed.notify_one();
        }
    }

    /// The jobs whose leases this process renews.
    pub(super) fn held(&self) -> Vec<(JobId, i64)> {
        lock(&self.held).iter().map(|(job, held)| (*job, held.epoch)).collect()
    }

    /// What a heartbeat learnt about a held job.
    pub(super) fn apply_lease_state(&self, job: JobId, epoch: i64, learnt: heartbeat::LeaseState) {
        let held = lock(&self.held);
        let Some(held) = held.get(&job).filter(|held| held.epoch == epoch) else { return };
        match learnt {
            heartbeat::LeaseState::Ours => {}
            heartbeat::LeaseState::CancelRequested => held.cancel.cancel(),
            heartbeat::LeaseState::Lost => {
                held.lost.store(true, Ordering::Release);
                held.cancel.cancel();
            }
        }
    }

    /// How many jobs this process holds, running or not.
    pub fn held_count(&self) -> usize {
        lock(&self.held).len()
    }

    pub(super) fn poll_next(&self, context: &mut Context<'_>) -> Poll<Slotted> {
        if let Some(next) = lock(&self.ready).pop_front() {
            return Poll::Ready(next);
        }
        self.waker.register(context.waker());
        lock(&self.ready).pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}

/// What a claim brought.
struct Found {
    jobs: usize,
    more: bool,
}

/// What promoting brought.
pub(super) struct Promoted {
    /// Whether a job became ready.
    pub(super) any: bool,
    /// In how long the next one's time will come.
    pub(super) next: Option<Duration>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every change under these locks is a single step, so a panic leaves them sound.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("settings", &self.settings).finish_non_exhaustive()
    }
}
