//! The events of one job as a process knows them, and a reader's place in them.
//!
//! Readers pull: each keeps its own place in one shared, bounded log, so that a slow reader costs
//! nothing but its place, and falling out of the log is seen as a hole in the numbers.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use super::{Event, Number};

/// Events that a log holds before it forgets the oldest. At one flush in 15 ms this is a minute.
const CAPACITY: usize = 4_096;

/// A shared log of one job's events.
pub(super) struct Log {
    events: Mutex<VecDeque<Event>>,
    /// Counts additions and other reasons to look again.
    changes: watch::Sender<u64>,
}

impl Log {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { events: Mutex::default(), changes: watch::Sender::new(0) })
    }

    /// Adds an event unless its like is there. In order as a rule; a replay may fill in older ones.
    pub(super) fn add(&self, event: Event) {
        let mut events = self.lock();
        let place = events.iter().rposition(|known| known.number <= event.number);
        match place {
            Some(place) if events.get(place).is_some_and(|known| known.number == event.number) => return,
            Some(place) => events.insert(place + 1, event),
            None => events.push_front(event),
        }
        if events.len() > CAPACITY {
            events.pop_front();
        }
        drop(events);
        self.nudge();
    }

    /// Forgets all events; readers keep their places.
    pub(super) fn clear(&self) {
        self.lock().clear();
        self.nudge();
    }

    /// Makes readers look again, for a reason that is not in the log.
    pub(super) fn nudge(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// The number of the youngest event.
    pub(super) fn last(&self) -> Option<Number> {
        self.lock().back().map(|event| event.number)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn after(&self, last: Number) -> Vec<Event> {
        let events = self.lock();
        let start = events.partition_point(|event| event.number <= last);
        events.range(start..).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Event>> {
        // A panic elsewhere leaves the log usable: every change of it is a single step.
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reader's hold on a job's events.
pub struct Tail {
    log: Arc<Log>,
    changes: watch::Receiver<u64>,
    /// Dropped with the reader, so that the bus can forget a job that nobody reads.
    _interest: Box<dyn Send + Sync>,
}

impl Tail {
    pub(super) fn new(log: Arc<Log>, interest: impl Send + Sync + 'static) -> Self {
        let changes = log.changes.subscribe();
        Self { log, changes, _interest: Box::new(interest) }
    }

    /// The events above `last` that are known now, in order.
    pub fn after(&mut self, last: Number) -> Vec<Event> {
        self.changes.mark_unchanged();
        self.log.after(last)
    }

    /// Waits until there is a reason to look again: an event, or that the bus came back.
    pub async fn changed(&mut self) {
        if self.changes.changed().await.is_err() {
            // The log outlives its readers, so this cannot be; but a reader must not spin.
            std::future::pending::<()>().await;
        }
    }
}

impl fmt::Debug for Tail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tail(…)")
    }
}
