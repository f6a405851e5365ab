//! Readers see items instead of words: each as it closes, once it was checked.

use std::fmt;

use async_trait::async_trait;
use jobs::bus::EventWriter;
use study::stream::Splitter;
use tokio::time::Instant;

use super::{Collector, Counts, Flawed, Item, Kind, Order};
use crate::router::Output;

/// Cuts the words of calls into items, and tells these.
pub(crate) struct ItemsOutput<'a> {
    writer: &'a mut EventWriter,
    kind: &'static dyn Kind,
    order: Order,
    /// Of calls that are over: these stay.
    kept: Vec<Item>,
    /// What readers see beyond: of this call or, until that has something, of one that broke off.
    seen: Vec<Item>,
    collector: Box<dyn Collector>,
    splitter: Splitter,
    raw: String,
    shown: bool,
}

impl fmt::Debug for ItemsOutput<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kept, seen) = (self.kept.len(), self.seen.len());
        f.debug_struct("ItemsOutput").field("kept", &kept).field("seen", &seen).finish_non_exhaustive()
    }
}

/// What one call came to.
pub(crate) struct OfCall {
    pub(crate) new: usize,
    pub(crate) flawed: Vec<Flawed>,
    pub(crate) counts: Counts,
}

impl<'a> ItemsOutput<'a> {
    pub(crate) fn new(writer: &'a mut EventWriter, kind: &'static dyn Kind, order: Order) -> Self {
        Self {
            collector: kind.collector(&[], &order),
            splitter: Splitter::new(kind.lists()),
            writer,
            kind,
            order,
            kept: Vec::new(),
            seen: Vec::new(),
            raw: String::new(),
            shown: false,
        }
    }

    pub(crate) fn kept(&self) -> &[Item] {
        &self.kept
    }

    /// All that readers see.
    pub(crate) fn into_items(self) -> Vec<Item> {
        let mut items = self.kept;
        items.extend(self.seen);
        items
    }

    /// What readers see is kept from now on: what comes is added to it.
    pub(crate) fn keep(&mut self) -> OfCall {
        let new = self.seen.len();
        self.kept.append(&mut self.seen);
        OfCall { new, flawed: self.collector.flawed().to_vec(), counts: self.collector.counts() }
    }

    async fn publish(&mut self, items: Vec<Item>) {
        for item in items {
            if !std::mem::replace(&mut self.shown, true) {
                self.seen.clear();
                if self.writer.items().len() > self.kept.len() {
                    self.writer.restart_after(self.kept.len()).await;
                }
            }
            self.writer.item(item.kind(), item.to_json()).await;
            self.seen.push(item);
        }
    }
}

#[async_trait]
impl Output for ItemsOutput<'_> {
    fn begin(&mut self) {
        self.collector = self.kind.collector(&self.kept, &self.order);
        self.splitter = Splitter::new(self.kind.lists());
        self.raw.clear();
        self.shown = false;
    }

    async fn push(&mut self, text: &str) {
        self.raw.push_str(text);
        for found in self.splitter.push(text.as_bytes()) {
            let items = self.collector.take(found);
            self.publish(items).await;
        }
    }

    async fn retract(&mut self) {
        let told = self.shown;
        self.begin();
        if told {
            self.seen.clear();
            self.writer.restart_after(self.kept.len()).await;
        }
    }

    async fn end(&mut self) {}

    fn shown(&self) -> bool {
        self.shown
    }

    fn raw_text(&self) -> &str {
        &self.raw
    }

    fn due(&self) -> Option<Instant> {
        None
    }

    async fn flush(&mut self) {}
}
