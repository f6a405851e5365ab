//! Why a file is not read, in words for the student who sent it.

use serde::{Deserialize, Serialize};

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case", tag = "code", content = "about")]
#[strum(serialize_all = "snake_case")]
pub enum Refusal {
    /// It is no zip file.
    #[error("This is not an Anki package. Export your deck in Anki as “Anki Deck Package (.apkg)”.")]
    NotAPackage,
    /// A zip file without a collection.
    #[error("There is no collection of cards in this file. Export the deck in Anki once more.")]
    NoCollection,
    /// It can't be unpacked, or its database can't be read.
    #[error("This file is damaged. Export the deck in Anki once more.")]
    Damaged,
    /// It is encrypted, or packed in a way that Anki does not use.
    #[error("This file is packed in a way that Anki does not use. Export the deck in Anki once more.")]
    UnknownPacking,
    /// A form that is newer than all that are known.
    #[error(
        "This package is of a newer Anki than we know. Tick “Support older Anki versions” when you export it."
    )]
    TooNew,
    /// More bytes than allowed.
    #[error("{what} of this file is too large: at most {most} MB are read. Export smaller parts of it.")]
    TooLarge {
        /// What is too large.
        what: Part,
        /// The most, in megabytes.
        most: u64,
    },
    /// More of something than allowed.
    #[error("This file has too many {what}: at most {most} are read. Export smaller parts of it.")]
    TooMany {
        /// What there is too much of.
        what: Part,
        /// The most.
        most: u64,
    },
    /// Reading it costs more than any honest file does.
    #[error("Reading this file takes too long. Export smaller parts of it.")]
    TooMuchWork,
    /// Its database has something that Anki's never has.
    #[error("The database of this file holds {0}, which Anki never writes. It is not read, to be safe.")]
    Suspicious(Oddity),
    /// It is no text in UTF-8.
    #[error("This file is no text in UTF-8. Save it as “CSV UTF-8”.")]
    NotText,
    /// A setting of a table that is none.
    #[error("Line {line} can't be read: {why}.")]
    BadLine {
        /// Its number, from 1.
        line: u64,
        /// What is wrong with it.
        why: LineFault,
    },
    /// A table without a line.
    #[error("There is no line with a card in this file.")]
    EmptyTable,
}

/// A part of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "lowercase")]
#[expect(missing_docs, reason = "each is what it is called")]
pub enum Part {
    #[strum(serialize = "The whole")]
    Whole,
    #[strum(serialize = "The collection")]
    Collection,
    #[strum(serialize = "The list of media")]
    MediaList,
    #[strum(serialize = "What is packed into the whole")]
    Unpacked,
    #[strum(serialize = "The text")]
    Text,
    #[strum(serialize = "files")]
    Entries,
    Notes,
    Cards,
    Reviews,
    Decks,
    #[strum(serialize = "kinds of notes")]
    Types,
    Lines,
}

/// What Anki's database never has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is what it is called")]
pub enum Oddity {
    #[strum(serialize = "a view")]
    View,
    #[strum(serialize = "a trigger")]
    Trigger,
    #[strum(serialize = "a virtual table")]
    VirtualTable,
    #[strum(serialize = "a computed column")]
    ComputedColumn,
    #[strum(serialize = "a table of an unknown kind")]
    UnknownTable,
}

/// What is wrong with a line of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is what it is called")]
pub enum LineFault {
    #[strum(serialize = "it is longer than a note may be")]
    TooLong,
    #[strum(serialize = "its quotes do not end")]
    OpenQuotes,
    #[strum(serialize = "its first field is empty")]
    Empty,
    #[strum(serialize = "this separator is not known")]
    Separator,
    #[strum(serialize = "this number of a column is none")]
    Column,
}

impl Refusal {
    /// Its name for programs.
    pub fn code(&self) -> &'static str {
        self.into()
    }

    pub(crate) fn too_large(what: Part, most: u64) -> Self {
        Self::TooLarge { what, most: most >> 20 }
    }

    pub(crate) fn too_many(what: Part, most: usize) -> Self {
        Self::TooMany { what, most: most as u64 }
    }
}

/// Why a package is not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A card names a note or a deck, or a review a card, that is not there.
    #[error("a {what} names what is not there, at {at}")]
    Dangling {
        /// What names it.
        what: &'static str,
        /// Its place in its list.
        at: usize,
    },
    /// An image whose name is no name of a file.
    #[error("an image has no name that a file can have: {0:?}")]
    MediaName(String),
    /// The database was not made.
    #[error("the collection was not made")]
    Database(#[from] rusqlite::Error),
    /// The package was not packed.
    #[error("the package was not packed")]
    Zip(#[from] zip::result::ZipError),
    /// It was not written to where it goes.
    #[error("the package was not written")]
    Io(#[from] std::io::Error),
}
