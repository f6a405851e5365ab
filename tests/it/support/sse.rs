//! A reader of events, as a client is one.

use std::time::Duration;

use futures::{Stream, StreamExt as _};
use serde_json::Value;

/// One event as it came over the wire.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    /// Of which job, where a stream tells of several.
    pub(crate) job: String,
    pub(crate) id: i64,
    pub(crate) kind: String,
    pub(crate) data: Value,
}

/// An open stream of events.
pub(crate) struct Events {
    bytes: std::pin::Pin<Box<dyn Stream<Item = reqwest::Result<Vec<u8>>> + Send>>,
    buffer: Vec<u8>,
    /// What came so far.
    pub(crate) seen: Vec<Event>,
}

impl Events {
    pub(crate) fn new(response: reqwest::Response) -> Self {
        let bytes = Box::pin(response.bytes_stream().map(|chunk| chunk.map(|chunk| chunk.to_vec())));
        Self { bytes, buffer: Vec::new(), seen: Vec::new() }
    }

    /// The next event; `None` at the end of the stream (or where it broke).
    pub(crate) async fn next(&mut self) -> Option<Event> {
        // Signs of life are no events: without this a story whose job nobody takes would never end.
        let event = tokio::time::timeout(Duration::from_mins(2), self.read()).await;
        event.unwrap_or_else(|_late| panic!("no event came for two minutes after: {:?}", self.seen))
    }

    async fn read(&mut self) -> Option<Event> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|window| window == b"\n\n") {
                let frame: Vec<u8> = self.buffer.drain(..end + 2).collect();
                let Some(event) = parse(std::str::from_utf8(&frame).unwrap()) else { continue };
                self.seen.push(event.clone());
                return Some(event);
            }
            match self.bytes.next().await {
                Some(Ok(chunk)) => self.buffer.extend_from_slice(&chunk),
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// Reads on until an event of this kind.
    pub(crate) async fn until(&mut self, kind: &str) -> Event {
        loop {
            let event = self.next().await.unwrap_or_else(|| panic!("no {kind} came, but: {:?}", self.seen));
            if event.kind == kind {
                return event;
            }
        }
    }

    /// Reads to the end.
    pub(crate) async fn finish(mut self) -> Answer {
        while self.next().await.is_some() {}
        Answer { events: self.seen }
    }
}

fn parse(frame: &str) -> Option<Event> {
    let field = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let (job, id) = field("id:").map(|id| id.rsplit_once(':').unwrap_or(("", id))).unwrap_or_default();
    Some(Event {
        job: job.to_owned(),
        // What works, and what is over, has no number.
        id: id.parse().unwrap_or(-1),
        kind: field("event:")?.to_owned(),
        data: serde_json::from_str(field("data:")?).unwrap(),
    })
}

/// All events of an answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) events: Vec<Event>,
}

impl Answer {
    /// The text as a reader has it in the end.
    pub(crate) fn text(&self) -> String {
        text_of(&self.events)
    }

    /// The items as a reader has them in the end, each as its event told it.
    pub(crate) fn items(&self) -> Vec<Value> {
        let mut items = Vec::new();
        for event in &self.events {
            match event.kind.as_str() {
                "restart" => items.clear(),
                "item" => items.push(event.data.clone()),
                _ => {}
            }
        }
        items
    }

    /// The kind of the last event.
    pub(crate) fn end(&self) -> &str {
        self.events.last().map_or("nothing", |event| event.kind.as_str())
    }

    /// The data of the last event.
    pub(crate) fn end_data(&self) -> &Value {
        &self.events.last().expect("an end").data
    }

    /// How many events of a kind came.
    pub(crate) fn count(&self, kind: &str) -> usize {
        self.events.iter().filter(|event| event.kind == kind).count()
    }

    /// Panics unless the numbers only ever grow.
    pub(crate) fn assert_in_order(&self) {
        for pair in self.events.windows(2) {
            assert!(pair[0].id < pair[1].id, "out of order: {pair:?}");
        }
    }
}

/// The text that a reader of these events has: a restart takes all back.
pub(crate) fn text_of(events: &[Event]) -> String {
    let mut text = String::new();
    for event in events {
        match event.kind.as_str() {
            "restart" => text.clear(),
            "delta" => text.push_str(event.data["text"].as_str().unwrap()),
            _ => {}
        }
    }
    text
}
