//! A job's end of the bus: numbers its events, joins its deltas, and heals what the bus lost.

use std::{sync::Arc, time::Duration};

use domain::ids::JobId;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{Bus, Event, EventKind, Number, Published, TerminalEvent};

/// Deltas that come within this time of the last that left are joined. The first leaves at once.
const JOIN: Duration = Duration::from_millis(15);

/// How long a bus that is out of reach is left alone, so that it does not slow the job.
const LEAVE_ALONE: Duration = Duration::from_millis(500);

/// Writes the events of one run of a job.
#[derive(Debug)]
pub struct EventWriter {
    bus: Arc<dyn Bus>,
    job: JobId,
    last: Number,
    /// All text so far, and how much of it has left.
    text: String,
    sent: usize,
    /// All items so far, as they were told.
    items: Vec<Value>,
    left_at: Option<Instant>,
    began: Instant,
    first_text: Option<Duration>,
    trouble: Trouble,
}

/// What is wrong with the bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    None,
    /// An event was lost: the next that gets through must be a restart with all text so far.
    Lost,
    /// Out of reach, not to be tried before this time; and so events are being lost.
    Away(Instant),
    /// Another worker has taken the job over: nobody listens.
    Superseded,
}

impl EventWriter {
    /// For the run of a job that has this epoch.
    pub fn new(bus: Arc<dyn Bus>, job: JobId, epoch: i64) -> Self {
        Self {
            bus,
            job,
            last: Number::epoch(epoch),
            text: String::new(),
            sent: 0,
            items: Vec::new(),
            left_at: None,
            began: Instant::now(),
            first_text: None,
            trouble: Trouble::None,
        }
    }

    /// The text so far, sent or not.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The items so far: what each event said.
    pub fn items(&self) -> &[Value] {
        &self.items
    }

    /// How long after its start this run had its first text or item to tell.
    pub const fn first_text_after(&self) -> Option<Duration> {
        self.first_text
    }

    /// Says something other than text. Text that waits leaves before it.
    pub async fn send(&mut self, kind: EventKind, data: Value) {
        self.flush().await;
        self.publish(kind, data).await;
    }

    /// Adds text.
    pub async fn delta(&mut self, text: &str) {
        self.text.push_str(text);
        if self.due().is_none_or(|due| due <= Instant::now()) {
            self.flush().await;
        }
    }

    /// Tells an item, whole and checked: `kind` is what it is, such as `card`.
    pub async fn item(&mut self, kind: &str, item: Value) {
        let data = json!({ "index": self.items.len(), "kind": kind, "item": item });
        self.items.push(data.clone());
        self.first_text.get_or_insert(self.began.elapsed());
        self.publish(EventKind::Item, data).await;
    }

    /// When text that waits should leave; `None` where it may leave now.
    pub fn due(&self) -> Option<Instant> {
        self.left_at.map(|left| left + JOIN)
    }

    /// Whether text waits.
    pub const fn waits(&self) -> bool {
        self.sent < self.text.len()
    }

    /// Sends text that waits.
    pub async fn flush(&mut self) {
        if !self.waits() {
            return;
        }
        let text = self.text.get(self.sent..).unwrap_or_default();
        let data = json!({ "text": text });
        self.sent = self.text.len();
        let now = Instant::now();
        self.left_at = Some(now);
        self.first_text.get_or_insert(now - self.began);
        self.publish(EventKind::Delta, data).await;
    }

    /// Takes all text and all items back, because the answer begins anew.
    pub async fn restart(&mut self) {
        self.restart_after(0).await;
    }

    /// Takes all text back, and all items but the first so many, which are told again.
    pub async fn restart_after(&mut self, items: usize) {
        self.text.clear();
        self.sent = 0;
        self.left_at = None;
        self.items.truncate(items);
        if self.trouble == Trouble::None {
            self.put(EventKind::Restart, json!({})).await;
            self.publish_items().await;
            if self.trouble == Trouble::Lost {
                self.heal().await;
            }
        } else {
            // To heal is to tell all that there is again.
            self.publish(EventKind::Restart, json!({})).await;
        }
    }

    /// Tells all items, as long as the bus takes them.
    async fn publish_items(&mut self) {
        for at in 0..self.items.len() {
            let Some(data) = self.items.get(at).cloned().filter(|_| self.trouble == Trouble::None) else {
                return;
            };
            self.put(EventKind::Item, data).await;
        }
    }

    /// The end, to be stored in the transaction that ends the job and published after its commit.
    pub fn ending(&self, kind: EventKind, data: Value) -> TerminalEvent {
        // What was left untold must show as a hole, also where the last event did arrive of which the
        // bus did not say so.
        let last = match self.trouble {
            Trouble::None | Trouble::Superseded => self.last,
            Trouble::Lost | Trouble::Away(_) => self.last.next(),
        };
        let number = if self.items.is_empty() { last.end() } else { last.end_of_items() };
        TerminalEvent { number, kind, data }
    }

    async fn publish(&mut self, kind: EventKind, data: Value) {
        match self.trouble {
            Trouble::Superseded => return,
            Trouble::Away(until) if Instant::now() < until => return,
            Trouble::None => self.put(kind, data).await,
            // What follows a loss is said by healing, unless it is no text: then it follows that.
            Trouble::Lost | Trouble::Away(_) => {
                self.heal().await;
                let told = matches!(kind, EventKind::Delta | EventKind::Item | EventKind::Restart);
                if self.trouble == Trouble::None && !told {
                    self.put(kind, data).await;
                }
            }
        }
        if self.trouble == Trouble::Lost {
            self.heal().await;
        }
    }

    /// Tells all text and all items again from the start.
    async fn heal(&mut self) {
        self.put(EventKind::Restart, json!({})).await;
        if self.trouble == Trouble::Lost {
            // It is expected to come after a loss, and it is what heals it.
            self.trouble = Trouble::None;
        }
        let told = self.text.get(..self.sent).unwrap_or_default();
        if self.trouble == Trouble::None && !told.is_empty() {
            let data = json!({ "text": told });
            self.put(EventKind::Delta, data).await;
        }
        self.publish_items().await;
    }

    /// Hands one event to the bus, and notes what became of it.
    async fn put(&mut self, kind: EventKind, data: Value) {
        self.last = self.last.next();
        let event = Event { number: self.last, kind, data: data.to_string().into() };
        self.trouble = match self.bus.publish(self.job, event).await {
            Ok(Published::InOrder) => Trouble::None,
            Ok(Published::AfterLoss) => Trouble::Lost,
            Ok(Published::Stale) => Trouble::Superseded,
            Err(error) => {
                tracing::warn!(%error, job.id = %self.job, "an event is lost; the text will be told again");
                Trouble::Away(Instant::now() + LEAVE_ALONE)
            }
        };
    }
}

/// Publishes a job's end, after the commit that stored it. Tries again for a while in the background
/// where the bus is out of reach; after that the readers find it in the database.
pub async fn publish_ending(bus: &Arc<dyn Bus>, job: JobId, ending: &TerminalEvent) {
    if bus.publish(job, ending.event()).await.is_ok() {
        return;
    }
    let (bus, event) = (Arc::clone(bus), ending.event());
    tokio::spawn(async move {
        for wait in [1, 1, 2, 2, 4, 5] {
            tokio::time::sleep(Duration::from_secs(wait)).await;
            if bus.publish(job, event.clone()).await.is_ok() {
                return;
            }
        }
        tracing::warn!(job.id = %job, "the end of a job reached no bus; readers will find it in the database");
    });
}
