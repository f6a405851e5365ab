//! The number of an event.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Bits for the events of one epoch: a million of them.
const BITS: u32 = 20;

/// `epoch · 2²⁰ + n`: the n-th event of a job's epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Number(i64);

impl Number {
    /// The number of the `queued` event, which the api emits: it belongs to no epoch.
    pub const QUEUED: Self = Self(0);

    /// How far the number of a job's terminal event is ahead of the event before it: room for the
    /// `restart` and the `delta` of a reader who gets the text from the database.
    pub const ROOM_BEFORE_END: i64 = 3;

    /// The same for a job that told items: room for the `restart` and all of them, one number each. It is half of an epoch, so
    /// that no hole is taken for it.
    pub const ROOM_FOR_ITEMS: i64 = 1 << (BITS - 1);

    /// The beginning of an epoch: its first event is the [`Self::next`] of this.
    pub const fn epoch(epoch: i64) -> Self {
        Self(epoch << BITS)
    }

    /// A number as a client sent it back; `None` where no event can have it.
    pub const fn from_client(number: i64) -> Option<Self> {
        if number >= 0 { Some(Self(number)) } else { None }
    }

    /// The epoch that the event belongs to.
    pub const fn epoch_of(self) -> i64 {
        self.0 >> BITS
    }

    /// The number after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        self.plus(1)
    }

    /// The number of the terminal event, if this is the last before it.
    #[must_use]
    pub const fn end(self) -> Self {
        self.plus(Self::ROOM_BEFORE_END)
    }

    /// The same of a job that told items.
    #[must_use]
    pub const fn end_of_items(self) -> Self {
        self.plus(Self::ROOM_FOR_ITEMS)
    }

    /// The number `n` places away.
    #[must_use]
    pub const fn plus(self, n: i64) -> Self {
        Self(self.0.saturating_add(n))
    }

    /// Whether nothing of the same epoch comes before it.
    pub const fn is_first(self) -> bool {
        self.0 == Self::epoch(self.epoch_of()).0 + 1
    }

    /// Whether an event of this number can come right after one numbered `last`, with nothing lost
    /// between: the next of its epoch, or the first of a later one.
    pub const fn follows(self, last: Self) -> bool {
        self.0 == last.0 + 1 || (self.epoch_of() > last.epoch_of() && self.is_first())
    }

    /// Whether a terminal event of this number can come right after one numbered `last`.
    pub const fn ends(self, last: Self) -> bool {
        let after = self.0 - last.0;
        let own_epoch = Self::epoch(self.epoch_of());
        after == Self::ROOM_BEFORE_END
            || after == Self::ROOM_FOR_ITEMS
            || (self.epoch_of() > last.epoch_of() && self.0 == own_epoch.end().0)
    }

    /// As a plain number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn a_rescued_job_speaks_above_the_dead_worker() {
        let dead = Number::epoch(1).plus(900_000);
        let rescued = Number::epoch(2).next();
        assert!(rescued > dead && rescued.follows(dead));
        assert!(!dead.plus(2).follows(dead), "a hole is noticed");
        assert!(!Number::epoch(2).plus(2).follows(dead), "also at the beginning of an epoch");
    }
}
