//! Reads a stranger's package, in memory alone: every form that Anki has exported.
//!
//! | what | today | older | oldest |
//! |---|---|---|---|
//! | `meta` says | 3 | 2 | is not there |
//! | collection | `collection.anki21b`, zstd, schema 18 | `collection.anki21`, schema 11 | `collection.anki2` |
//! | `media` | protobuf, zstd, and so is each file | JSON | JSON |
//!
//! Today's form has a `collection.anki2` as well, with one note that asks to update Anki: it is never read where there is
//! another.

mod archive;
mod cards;
mod database;
mod lenient;
mod mapping;
mod media;
mod messages;
mod notes;
mod templates;
#[cfg(test)]
mod tests;
mod types;

use std::io::{Read, Seek};

use self::{archive::Archive, database::Database, types::Collection};
pub(crate) use self::{media::is_name, types::DAY};
use crate::{Limits, Media, Package, Refusal};

/// What an open package holds, with its images.
pub fn read(file: impl Read + Seek, limits: &Limits) -> Result<Package, Refusal> {
    let mut media = Vec::new();
    let mut package = read_with(file, limits, &mut |image| media.push(image))?;
    package.media = media;
    Ok(package)
}

/// What an open package holds; its images are handed on one by one, after all else was read, so that they need not all be in
/// memory. A package without one card is refused.
pub fn read_with(
    file: impl Read + Seek,
    limits: &Limits,
    image: &mut dyn FnMut(Media),
) -> Result<Package, Refusal> {
    let mut archive = Archive::open(file, limits)?;
    let form = archive.form()?;
    let mut package = {
        let database = Database::open(&mut archive, form, limits)?;
        let collection = Collection::read(&database, limits)?;
        let mut read = notes::Notes::read(&database, &collection, limits)?;
        cards::read(&database, &collection, &mut read, limits)?
    };
    media::read(&mut archive, form, limits, &mut package, image)?;
    Ok(package)
}
