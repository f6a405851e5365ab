//! Anki's packages and tables of notes: reading those of strangers, and writing ours.
//!
//! **Invariant:** nothing here knows a database or HTTP, opens a path, or trusts what a file says of itself: what is read
//! is counted as it is read. [`read`] works where no file can be opened and none be written, on what is open already.

mod limits;
mod model;
pub mod ours;
mod read;
mod refusal;
mod report;
mod table;
mod text;
mod write;

pub use limits::Limits;
pub use model::{Card, Deck, Kind, Media, Note, Occlusion, Package, Review, ReviewKind, Schedule};
pub use read::{read, read_with};
pub use refusal::{LineFault, Oddity, Part, Refusal, WriteError};
pub use report::{MappedAs, Report, TypeReport};
pub use table::{BadLine, Table, read_table, write_table};
pub use text::{Removed, html_from_markdown, markdown_from_html};
pub use write::{WriteOptions, deck_id, write};
