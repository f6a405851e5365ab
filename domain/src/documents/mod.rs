//! Students' documents: what is stored of them, and how they are searched.
//!
//! A document's text is kept once, by page; a chunk is a range of a page; vectors and the inverted index name
//! chunks. All within `begin_as`: row-level security says whose they are.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::{DocumentId, JobId};

pub mod chunks;
pub mod citations;
pub mod pages;
pub mod place;
mod problem;
pub mod ranking;
pub mod reread;
pub mod search;
pub mod searches;
pub mod store;
mod verdict;
pub mod words;

pub use problem::{Problem, page_in_words, pages_in_words};
pub use verdict::{Readings, verdict};

/// The most tokens of passages that an answer is given.
pub const PASSAGE_TOKENS: usize = 1_500;

/// The reader that reads pages now. To be raised with every change of it that reads them otherwise: documents of an
/// earlier one are then read anew, and their passages marked until that is done.
pub const READER_VERSION: i32 = 3;

/// The length of every vector.
pub const DIMENSIONS: usize = 384;

/// Where a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "document_status", rename_all = "snake_case")]
pub enum DocumentStatus {
    /// The file is there; a job will read it.
    Uploaded,
    /// A job is at it.
    Processing,
    /// All of it can be searched.
    Ready,
    /// Some pages could not be read; the others can be searched.
    PartlyReady,
    /// Nothing of it can be searched; `error` says why.
    Failed,
}

/// A document as stored.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its id, and the name of its file.
    pub id: DocumentId,
    /// From the file's name, or its own.
    pub title: String,
    /// The size of its file.
    pub bytes: i64,
    /// Where it stands.
    pub status: DocumentStatus,
    /// How many pages it has, once it has been read.
    pub pages: Option<i32>,
    /// Pages that could not be read.
    pub failed_pages: Vec<i32>,
    /// Pages that have no text to be read, such as scans.
    pub textless_pages: Vec<i32>,
    /// What is wrong with it, as the student is told.
    pub error: Option<Value>,
    /// How far its job is.
    pub progress: Option<Value>,
    /// The model whose vectors are complete.
    pub model: Option<String>,
    /// The job that works on it, or did last.
    pub job_id: JobId,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
    /// When it could be searched first.
    pub ready_at: Option<DateTime<Utc>>,
    /// The reader whose text it has.
    pub reader_version: i32,
}

impl Document {
    /// Whether something of it can be searched.
    pub const fn is_searchable(&self) -> bool {
        matches!(self.status, DocumentStatus::Ready | DocumentStatus::PartlyReady)
    }

    /// Whether its text is an earlier reader's, which may have read numbers wrong.
    pub const fn is_outdated(&self) -> bool {
        self.is_searchable() && self.reader_version < READER_VERSION
    }
}

/// What became of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "page_outcome", rename_all = "snake_case")]
pub enum PageOutcome {
    /// Its text was read.
    Read,
    /// It has none.
    NoText,
    /// It could not be read.
    Failed,
}

/// The number of a chunk in its document: 4096 · page + its place on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChunkNumber(pub i32);

impl ChunkNumber {
    /// The most chunks of a page; what a page has beyond is not searched.
    pub const MOST_ON_A_PAGE: usize = 4096;

    const ON_A_PAGE: i32 = 4096;

    /// Of a page (from 1) and a place on it (from 0); `None` where the page has too many.
    pub fn new(page: i32, place: usize) -> Option<Self> {
        let place = i32::try_from(place).ok().filter(|place| *place < Self::ON_A_PAGE)?;
        page.checked_mul(Self::ON_A_PAGE)?.checked_add(place).map(Self)
    }

    /// Its page, from 1.
    pub const fn page(self) -> i32 {
        self.0.div_euclid(Self::ON_A_PAGE)
    }
}

#[cfg(test)]
mod tests {
    use super::ChunkNumber;

    proptest::proptest! {
        #[test]
        fn a_chunks_number_says_its_page(page in 1_i32..100_000, place in 0_usize..5_000) {
            let number = ChunkNumber::new(page, place);
            proptest::prop_assert_eq!(number.is_some(), place < ChunkNumber::MOST_ON_A_PAGE);
            if let Some(number) = number {
                proptest::prop_assert_eq!(number.page(), page);
            }
        }
    }
}
