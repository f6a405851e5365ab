//! Writes a package that every Anki of today reads: schema 11 in `collection.anki21`, with media in JSON.
//!
//! Reading it again in Anki updates notes and never doubles them: by their guid, where they were changed later. So names, ids
//! and fields of our kinds of notes are fixed for good; a field more would make another kind.

mod collection;
mod ids;
mod rows;
#[cfg(test)]
mod tests;
mod types;

use std::io::{Seek, Write};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

pub use self::ids::deck_id;
pub(crate) use self::{ids::hex_digest, types::name as type_name};
use crate::{Package, WriteError};

/// How a package is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WriteOptions {
    /// The present, in seconds since 1970.
    pub now: i64,
    /// Whether schedules and reviews go along; else all cards are new.
    pub scheduling: bool,
    /// The decay of the student's parameters of FSRS.
    pub decay: f32,
}

/// Writes a package.
pub fn write(package: &Package, options: &WriteOptions, out: impl Write + Seek) -> Result<(), WriteError> {
    check(package)?;
    let connection = collection::make(package, options)?;
    let database = connection.serialize("main")?;
    let mut zip = ZipWriter::new(out);
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("collection.anki21", packed.large_file(database.len() > u32::MAX as usize))?;
    zip.write_all(&database)?;
    let names: serde_json::Map<String, serde_json::Value> = package
        .media
        .iter()
        .enumerate()
        .map(|(at, media)| (at.to_string(), media.name.as_str().into()))
        .collect();
    zip.start_file("media", packed)?;
    zip.write_all(serde_json::Value::Object(names).to_string().as_bytes())?;
    for (at, media) in package.media.iter().enumerate() {
        zip.start_file(at.to_string(), stored)?;
        zip.write_all(&media.bytes)?;
    }
    zip.finish()?.flush()?;
    Ok(())
}

fn check(package: &Package) -> Result<(), WriteError> {
    for (at, card) in package.cards.iter().enumerate() {
        if card.note >= package.notes.len() || card.deck >= package.decks.len() {
            return Err(WriteError::Dangling { what: "card", at });
        }
    }
    for (at, review) in package.reviews.iter().enumerate() {
        if review.card >= package.cards.len() {
            return Err(WriteError::Dangling { what: "review", at });
        }
    }
    let unnamed = package.media.iter().find(|media| !crate::read::is_name(&media.name));
    unnamed.map_or(Ok(()), |media| Err(WriteError::MediaName(media.name.clone())))
}
