//! What a search tells whoever waits for it: places, never text.

use domain::{
    documents::{ChunkNumber, search::Hit},
    ids::DocumentId,
};
use serde::{Deserialize, Serialize};

/// The result of a search, best first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Found {
    /// The model of the vectors that were searched, where any were.
    #[serde(default)]
    pub model: Option<String>,
    /// What was found.
    pub hits: Vec<FoundHit>,
}

/// A chunk that was found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FoundHit {
    /// Its document.
    pub document: DocumentId,
    /// Its number there.
    pub number: ChunkNumber,
    /// What it was ranked by.
    pub score: f64,
    /// How near it is to the question.
    #[serde(default)]
    pub similarity: Option<f64>,
    /// Its place among the nearest, from 1.
    #[serde(default)]
    pub vector_rank: Option<u32>,
    /// Its place by words, from 1.
    #[serde(default)]
    pub text_rank: Option<u32>,
}

impl From<&Hit> for FoundHit {
    fn from(hit: &Hit) -> Self {
        let Hit { document, number, score, similarity, vector_rank, text_rank, .. } = *hit;
        Self { document, number, score, similarity, vector_rank, text_rank }
    }
}
