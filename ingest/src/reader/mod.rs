//! Reads a PDF in a child process, since whoever parses a stranger's file may be made to die of it.
//!
//! [`read`] starts the program again as `medai read-pdf` ([`SUBCOMMAND`], whose whole work is [`child`]). The child
//! gets the file as its standard input, already open, and a socket in place of its standard output. On it the parent
//! says what to read, and the child answers line by line: how many pages there are, which page it begins, what that
//! page says. So when it dies, the pages before are kept, and the parent knows which page killed it; a new child goes
//! on there, with the other engine for that page, and, if that one dies too, behind it.
//!
//! What holds the child is in `sandbox.rs`. Which engine does what:
//!
//! | what | who |
//! |---|---|
//! | the file, its objects, streams, locks; fonts and the codes of their glyphs | `hayro-syntax`, `hayro-font` |
//! | which glyph stands where: text operators, drawings, layers, fields | `drawn` |
//! | signs of Symbol, Wingdings and their kind | `drawn/symbols.rs`, by the code of the glyph and the name of the font |
//! | signs that go by no usual name | `drawn/names.rs`, `drawn/tex.rs` |
//! | a glyph of which two sources say two things | `drawn/witness.rs`: its name, the encoding, the other codes |
//! | a glyph that has not the shape of what the file says, where nothing else is known | `drawn/outline.rs` |
//! | lines that part numbers, white boxes that hide them | `drawn/shapes.rs` |
//! | what is not seen: cut off, or white on white | `drawn/seen.rs` |
//! | figures over figures: fractions | `drawn/fractions.rs` |
//! | words, lines, columns, directions, exponents | `layout` |
//! | which gaps part figures | `tracking.rs` |
//! | proof of each number, unit and sign by the glyphs | `guard.rs`, which knows nothing of `layout` |
//! | another opinion, where the glyphs prove nothing or say little | `pdf-extract`, in `engines.rs` |
//! | bounds of what streams unpack to | `unpacked.rs` |
//! | locks that only `lopdf` knows | `unlock.rs`; `unlocked_copy.rs` makes a copy for programs that recognise scans |
//!
//! Parsers that also put the text together (pdfium, `MuPDF`, poppler) read signs of some fonts wrong (`50 mg` for
//! `50 μg`), `pdf_oxide` 0.3.78 also numbers, and none tells what it guessed. Glyphs with their codes do, in safe Rust,
//! with nothing to install.

mod attempt;
mod child;
mod clean;
pub mod confined;
mod drawn;
mod engines;
mod error;
mod first;
mod guard;
mod info;
mod labels;
mod layout;
mod parent;
mod protocol;
mod sandbox;
mod tracking;
mod unlock;
mod unlocked_copy;
mod unpacked;

use std::time::Duration;

pub use child::child;
pub use error::{ReadError, Reason};
pub use parent::read;
pub use unlocked_copy::unlock;

/// The one argument that turns the program into the child.
pub const SUBCOMMAND: &str = "read-pdf";

/// How much a file may cost.
#[derive(Debug, Clone)]
pub struct ReaderLimits {
    /// More pages are refused.
    pub max_pages: u32,
    /// The time for the whole file, over all children.
    pub wall: Duration,
    /// The address space of a child, in bytes.
    pub memory: u64,
    /// Processor time that any file gets.
    pub cpu: Duration,
    /// Processor time that each page adds.
    pub cpu_per_page: Duration,
    /// Processor time after which a single page is given up.
    pub cpu_of_one_page: Duration,
    /// Characters that are kept of one page.
    pub page_text: u32,
    /// Characters that are kept of a file.
    pub all_text: u64,
    /// How many children may die of a file before its remaining pages are given up.
    pub deaths: u32,
}

impl Default for ReaderLimits {
    fn default() -> Self {
        Self {
            max_pages: 3_000,
            wall: Duration::from_mins(10),
            memory: 512 * 1024 * 1024,
            cpu: Duration::from_secs(30),
            cpu_per_page: Duration::from_millis(100),
            cpu_of_one_page: Duration::from_secs(10),
            page_text: 200_000,
            all_text: 40_000_000,
            deaths: 12,
        }
    }
}

/// One page, as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its place in the file, from 0.
    pub index: u32,
    /// What is printed on it as its number, where the file says so: `iv`, `A-3`.
    pub label: Option<String>,
    /// Its text; empty unless it was [read](PageOutcome::Read). Free of NUL and other control characters but `\n`
    /// and `\t`, in composed form (NFC), with ligatures taken apart.
    pub text: String,
    /// Whether it could be read.
    pub outcome: PageOutcome,
    /// Whether its numbers, units or signs could not be proved: whoever cites it says to check the original.
    pub doubtful: bool,
}

/// How reading a page went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageOutcome {
    /// It has text.
    Read,
    /// It has none: an image, or nothing at all.
    NoText,
    /// It could not be read.
    Failed(Reason),
}

/// What is known of the file when all its pages went by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// How many pages it has. Each was sent once.
    pub pages: u32,
    /// The title that it gives itself.
    pub title: Option<String>,
}
