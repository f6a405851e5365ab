//! Items out of one call: parsed, put in order, checked, and each only once.

use std::{fmt, sync::Arc};

use domain::documents::citations::Citation;
use study::{
    items::{Made, doubles::Seen},
    stream::{self, Found},
};
use uuid::Uuid;

use super::{Counts, Flawed, Item, What, Why, quotes};

/// Reads the items of one call.
pub(crate) trait Collector: Send + Sync {
    /// Takes what was cut out of the stream; gives what may be shown now.
    fn take(&mut self, found: Found) -> Vec<Item>;

    /// What may not be shown.
    fn flawed(&self) -> &[Flawed];

    /// What is counted.
    fn counts(&self) -> Counts;
}

/// How an item becomes one of all kinds, and how it is put in order that has this seed and place, before it is checked.
pub(crate) type How<T> = (fn(T) -> What, fn(T, u64, u64) -> T);

/// Items that stand each for itself.
pub(crate) struct ListCollector<T> {
    passages: Arc<[Citation]>,
    /// How many more there may be.
    room: usize,
    /// How many there are before those of this call.
    before: u64,
    seen: Seen,
    flawed: Vec<Flawed>,
    counts: Counts,
    arrange: fn(T, u64, u64) -> T,
    seed: u64,
    wrap: fn(T) -> What,
}

impl<T> fmt::Debug for ListCollector<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListCollector").field("counts", &self.counts).finish_non_exhaustive()
    }
}

impl<T: Made> ListCollector<T> {
    /// For what follows on these items; `limit` is how many there may be with them.
    pub(crate) fn new(
        kept: &[Item],
        limit: usize,
        passages: Arc<[Citation]>,
        seed: u64,
        (wrap, arrange): How<T>,
    ) -> Self {
        let mut known = Seen::default();
        for item in kept {
            known.is_new(&item.gist());
        }
        Self {
            passages,
            room: limit.saturating_sub(kept.len()),
            before: kept.len() as u64,
            seen: known,
            flawed: Vec::new(),
            counts: Counts::default(),
            arrange,
            seed,
            wrap,
        }
    }

    fn read(&mut self, text: &str) -> Result<Option<T>, Why> {
        let item: T = stream::parse(text).map_err(|why| Why::Form(why.0))?;
        let item = (self.arrange)(item, self.seed, self.before);
        let reasons = item.reasons();
        if !reasons.is_empty() {
            return Err(Why::Flaws(reasons));
        }
        let new = self.seen.is_new(&item.gist());
        self.counts.doubles += u32::from(!new);
        Ok(new.then_some(item))
    }
}

impl<T: Made> Collector for ListCollector<T> {
    fn take(&mut self, found: Found) -> Vec<Item> {
        if self.room == 0 {
            return Vec::new();
        }
        self.counts.items += 1;
        match self.read(&found.text) {
            Ok(Some(item)) => {
                let source = item.source().map(|quoted| quotes::source(quoted, &self.passages));
                self.counts.quotes += u32::from(source.is_some());
                self.counts.unproved += u32::from(source == Some(None));
                self.room -= 1;
                self.before += 1;
                vec![Item { id: new_id(), what: (self.wrap)(item), source: source.flatten() }]
            }
            Ok(None) => Vec::new(),
            Err(why) => {
                self.flawed.push(Flawed { text: found.text, why });
                Vec::new()
            }
        }
    }

    fn flawed(&self) -> &[Flawed] {
        &self.flawed
    }

    fn counts(&self) -> Counts {
        self.counts
    }
}

/// Ids are made where all others are.
pub(super) fn new_id() -> Uuid {
    domain::ids::NoteId::generate().0
}
