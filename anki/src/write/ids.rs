//! Ids in Anki are moments in milliseconds. Ours are made of what does not change.

use std::collections::HashSet;

use sha1::{Digest as _, Sha1};

/// From when, and of how many milliseconds, ids are made: eleven years up to 2026.
const FROM: i64 = 1_420_000_000_000;
const SPAN: u64 = 350_000_000_000;

/// The id in Anki of a deck of ours, or of anything else that has one.
pub fn deck_id(ours: &[u8]) -> i64 {
    let number = digest(ours) % SPAN;
    FROM + i64::try_from(number).unwrap_or(0)
}

/// What Anki finds notes with the same first field by.
pub(super) fn checksum(text: &str) -> u32 {
    u32::try_from(digest(text.as_bytes()) >> 32).unwrap_or(0)
}

/// A name for what has none, made of what it holds.
pub(crate) fn hex_digest(text: &str) -> String {
    format!("{:016x}", digest(text.as_bytes()))
}

/// The first eight bytes of SHA-1.
fn digest(bytes: &[u8]) -> u64 {
    Sha1::digest(bytes).iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Ids of which none is given twice.
#[derive(Debug, Default)]
pub(super) struct Ids(HashSet<i64>);

impl Ids {
    /// This one, or the next that is free.
    pub(super) fn free(&mut self, wanted: i64) -> i64 {
        let mut id = wanted.clamp(1, i64::from(u32::MAX) * 2_000);
        while !self.0.insert(id) {
            id += 1;
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_checksums_never_change() {
        assert_eq!(deck_id(b"deck"), deck_id(b"deck"));
        assert_ne!(deck_id(b"deck"), deck_id(b"duck"));
        // SHA-1 of "abc" begins with a9993e36.
        assert_eq!(checksum("abc"), 0xa999_3e36);
        let mut ids = Ids::default();
        assert_eq!([ids.free(5), ids.free(5), ids.free(6)], [5, 6, 7]);
    }
}
