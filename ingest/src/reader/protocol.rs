//! What parent and child say to each other, one JSON document a line.

use serde::{Deserialize, Serialize};

use super::Reason;

/// What the child is to read, and what it may cost.
#[derive(Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) password: Option<String>,
    pub(super) max_pages: u32,
    pub(super) memory: u64,
    /// Milliseconds of processor time that are left for any file, for each page, and for one page.
    pub(super) cpu: u64,
    pub(super) cpu_per_page: u64,
    pub(super) cpu_of_one_page: u64,
    /// Seconds until the kernel ends the child, should its parent not be there to do so.
    pub(super) wall: u32,
    pub(super) page_text: u32,
    pub(super) all_text: u64,
    /// The page to begin with.
    pub(super) from: u32,
    /// Which engines may open the file.
    pub(super) engines: Engines,
    /// Whether only the second engine may read the page to begin with, because the first one died of it.
    pub(super) first_died: bool,
    /// Whether it is not to be read, but copied without its password.
    pub(super) unlock: bool,
}

/// Which engines a child uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Engines {
    /// The first, with the second where it fails.
    Both,
    /// The first alone, since the second died of the file again and again.
    First,
    /// The second, since opening the file with the first killed a child.
    Second,
}

/// What the child says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// The file is open. Said once, first.
    Opened { pages: u32, title: Option<String> },
    /// The next page is begun with the first engine or the second, after so many milliseconds of processor time.
    Begun { page: u32, second: bool, cpu: u64 },
    /// What the first engine made of it, in case that the child dies of asking the second engine. It is not
    /// proved.
    Draft { label: Option<String>, text: String },
    /// A page, as it was read; one without text has an empty one.
    Page { index: u32, label: Option<String>, text: String, failed: Option<Reason>, doubtful: bool },
    /// All pages were said.
    Done,
    /// The file can't be opened.
    Refused(Refusal),
}

/// Why not.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Refusal {
    NotAPdf,
    Damaged,
    NeedsPassword,
    WrongPassword,
    TooManyPages(u32),
}

/// The longest line that is taken from a child: a page of escaped text.
pub(super) fn longest_line(page_text: u32) -> usize {
    // Six bytes for an escaped character, four for any other.
    usize::try_from(page_text).unwrap_or(usize::MAX).saturating_mul(6).saturating_add(64 * 1024)
}
