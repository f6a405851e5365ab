//! Notes as a table: CSV and TSV, with the head that Anki writes and reads.

mod head;
mod read;
#[cfg(test)]
mod tests;
mod write;

use serde::{Deserialize, Serialize};

pub use self::{read::read_table, write::write_table};
use crate::{LineFault, Package};

/// A table that was read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Table {
    /// Its notes, each with new cards.
    pub package: Package,
    /// Lines that are no note.
    pub bad: Vec<BadLine>,
}

/// A line that is no note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadLine {
    /// Its number, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub why: LineFault,
}
