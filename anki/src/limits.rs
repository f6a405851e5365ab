//! How much of a stranger's file is read.

use serde::{Deserialize, Serialize};

/// What a file may cost. All of it is counted as it is read; nothing that a file declares is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file: u64,
    /// Files in the package.
    pub entries: usize,
    /// Bytes of the collection, unpacked. They are held in memory.
    pub collection: u64,
    /// Bytes of the list of media, unpacked.
    pub media_list: u64,
    /// Bytes of one image, unpacked.
    pub image: u64,
    /// Bytes of all images, unpacked.
    pub images: u64,
    /// Bytes that are unpacked in all, also of what is left out.
    pub unpacked: u64,
    /// Notes.
    pub notes: usize,
    /// Cards.
    pub cards: usize,
    /// Reviews.
    pub reviews: usize,
    /// Decks, and likewise kinds of notes, fields and templates.
    pub decks: usize,
    /// Bytes of all fields of one note, as HTML. A longer note is left out, and counted.
    pub note: usize,
    /// Bytes of all notes, as HTML.
    pub text: usize,
    /// Tags of one note.
    pub tags: usize,
    /// Steps of the machine that runs a query.
    pub steps: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 512 << 20,
            entries: 100_000,
            collection: 256 << 20,
            media_list: 8 << 20,
            image: 10 << 20,
            images: 256 << 20,
            unpacked: 1 << 30,
            notes: 100_000,
            cards: 300_000,
            reviews: 2_000_000,
            decks: 5_000,
            note: 512 << 10,
            text: 192 << 20,
            tags: 200,
            steps: 2_000_000_000,
        }
    }
}
