//! Why a file, or a page of it, was not read.

use serde::{Deserialize, Serialize};

/// Why a file was not read. What a student is told is found by [`ReadError::code`].
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Something else, whatever its name says.
    #[error("this is not a PDF")]
    NotAPdf,
    /// A PDF once, but none that can be opened any more.
    #[error("the PDF is damaged")]
    Damaged,
    /// Encrypted, and the empty password does not open it.
    #[error("the PDF needs a password")]
    NeedsPassword,
    /// Encrypted, and neither the empty nor the given password opens it.
    #[error("the password does not open the PDF")]
    WrongPassword,
    /// Longer than is allowed.
    #[error("the PDF has {pages} pages, and {limit} are allowed")]
    TooManyPages {
        /// How many it has.
        pages: u32,
        /// How many are allowed.
        limit: u32,
    },
    /// No page was read within the time it gets.
    #[error("reading the PDF took too long")]
    TookTooLong,
    /// No page was read within the memory it gets.
    #[error("reading the PDF took too much memory")]
    OutOfMemory,
    /// Our failure, not the file's.
    #[error("the reader failed: {0}")]
    Io(#[from] std::io::Error),
    /// Nobody takes the pages any more.
    #[error("reading the PDF was given up")]
    Abandoned,
}

impl ReadError {
    /// A name that never changes.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAPdf => "PDF_NOT_A_PDF",
            Self::Damaged => "PDF_DAMAGED",
            Self::NeedsPassword => "PDF_NEEDS_PASSWORD",
            Self::WrongPassword => "PDF_WRONG_PASSWORD",
            Self::TooManyPages { .. } => "PDF_TOO_MANY_PAGES",
            Self::TookTooLong => "PDF_TOOK_TOO_LONG",
            Self::OutOfMemory => "PDF_OUT_OF_MEMORY",
            Self::Io(_) => "PDF_READER_FAILED",
            Self::Abandoned => "PDF_ABANDONED",
        }
    }

    /// Whether the same file may fare better another time.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::Io(_) | Self::Abandoned)
    }
}

/// Why a page was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Neither engine makes sense of it.
    Unreadable,
    /// The child died of it.
    Crashed,
    /// It took more than its time, or the file had used up its own.
    TookTooLong,
    /// It took more memory than there is.
    OutOfMemory,
    /// The file had used up the text that is kept of it.
    TooMuchText,
}

impl Reason {
    /// A name that never changes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "PAGE_UNREADABLE",
            Self::Crashed => "PAGE_CRASHED",
            Self::TookTooLong => "PAGE_TOOK_TOO_LONG",
            Self::OutOfMemory => "PAGE_OUT_OF_MEMORY",
            Self::TooMuchText => "PAGE_TOO_MUCH_TEXT",
        }
    }
}
