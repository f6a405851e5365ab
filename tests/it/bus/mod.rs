//! The bus: one suite of stories, told on both of its kinds; then what only one of them can show, and
//! the writer, whose events a reader must be able to trust whatever the bus loses.

use std::{sync::Arc, time::Duration};

use domain::ids::JobId;
use jobs::bus::{Bus, Event, EventKind, MemoryBus, Number, RedisBus, Tail};
use serde_json::{Value, json};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::support::{logs, servers};

mod both;
mod redis;
mod resp;
mod writer;

/// How long a story waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where a story is told: a process that publishes, and one that reads. In memory these are one.
struct Stage {
    here: Arc<dyn Bus>,
    elsewhere: Arc<dyn Bus>,
    kind: Kind,
    stop: CancellationToken,
}

enum Kind {
    Memory(Arc<MemoryBus>),
    Redis { url: String },
}

impl Stage {
    fn memory() -> Self {
        logs::keep();
        let bus = MemoryBus::new();
        Self {
            here: bus.clone(),
            elsewhere: bus.clone(),
            kind: Kind::Memory(bus),
            stop: CancellationToken::new(),
        }
    }

    /// Two processes on the Valkey that all tests share.
    async fn redis() -> Self {
        let url = tokio::task::spawn_blocking(servers::redis_url).await.unwrap();
        Self::redis_at(url)
    }

    fn redis_at(url: &str) -> Self {
        logs::keep();
        let stop = CancellationToken::new();
        let process = || RedisBus::connect(url, stop.clone(), &TaskTracker::new()).unwrap();
        let (here, elsewhere) = (process(), process());
        Self { here, elsewhere, kind: Kind::Redis { url: url.to_owned() }, stop }
    }

    /// Makes the bus forget a job, as a Redis that was restarted has.
    async fn forget(&self, job: JobId) {
        match &self.kind {
            Kind::Memory(bus) => bus.forget(),
            Kind::Redis { url } => {
                let gone = resp::command(url, &["DEL", &key(job)]).await;
                assert!(gone == ":1" || gone == ":0", "{gone}");
            }
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// What the job's stream and channel are called in Redis.
fn key(job: JobId) -> String {
    format!("medai:job:{{{job}}}")
}

/// The n-th event of an epoch: a bit of text.
fn nth(epoch: i64, n: i64) -> Event {
    delta(Number::epoch(epoch).plus(n), &format!("{n} "))
}

fn delta(number: Number, text: &str) -> Event {
    Event { number, kind: EventKind::Delta, data: json!({ "text": text }).to_string().into() }
}

/// The text of these events of an epoch.
fn text_of(numbers: impl IntoIterator<Item = i64>) -> String {
    numbers.into_iter().flat_map(|n| [n.to_string(), " ".to_owned()]).collect()
}

/// A reader of a job, which goes by the rules of all readers: it takes what is above the last that it
/// saw, a restart takes the text back, and after a hole only a restart counts.
struct Reader {
    tail: Tail,
    seen: Number,
    lost: bool,
    text: String,
    events: Vec<Event>,
}

impl Reader {
    async fn of(bus: &Arc<dyn Bus>, job: JobId) -> Self {
        Self::after(bus, job, Number::QUEUED).await
    }

    async fn after(bus: &Arc<dyn Bus>, job: JobId, seen: Number) -> Self {
        let tail = bus.follow(job).await;
        Self { tail, seen, lost: false, text: String::new(), events: Vec::new() }
    }

    /// Takes what is there now.
    fn look(&mut self) {
        for event in self.tail.after(self.seen) {
            assert!(event.number > self.seen, "out of order: {event:?} after {}", self.seen);
            let whole =
                event.number.follows(self.seen) || (event.kind.is_terminal() && event.number.ends(self.seen));
            self.lost = (self.lost || !whole) && event.kind != EventKind::Restart;
            match event.kind {
                EventKind::Restart => self.text.clear(),
                EventKind::Delta if !self.lost => {
                    let data: Value = serde_json::from_str(&event.data).unwrap();
                    self.text.push_str(data["text"].as_str().unwrap());
                }
                _ => {}
            }
            self.seen = event.number;
            self.events.push(event);
        }
    }

    /// Reads on until this holds.
    async fn until(&mut self, holds: impl Fn(&Self) -> bool) {
        let read = async {
            loop {
                self.look();
                if holds(self) {
                    return;
                }
                self.tail.changed().await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, read).await;
        assert!(waited.is_ok(), "stuck at {} with {:?}", self.seen, self.text);
    }

    async fn until_text(&mut self, text: &str) {
        self.until(|reader| !reader.lost && reader.text == text).await;
    }

    /// Reads to the end, and panics where something before it is missing.
    async fn finish(&mut self) {
        self.until(|reader| reader.events.last().is_some_and(|event| event.kind.is_terminal())).await;
        assert!(!self.lost, "a hole before the end: {:?}", self.numbers());
    }

    fn numbers(&self) -> Vec<i64> {
        self.events.iter().map(|event| event.number.get()).collect()
    }

    fn count(&self, kind: EventKind) -> usize {
        self.events.iter().filter(|event| event.kind == kind).count()
    }
}
