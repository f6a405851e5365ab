//! The passage that an item stands on.

use domain::ids::DocumentId;
use serde::{Deserialize, Serialize};

use super::Reasons;

/// A passage of those that went along, and words of it. Whether they stand there is for the caller to check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoted {
    /// The number of the passage in the prompt.
    pub passage: u32,
    /// Its words, as they stand there.
    pub quote: String,
}

impl Quoted {
    /// How long a quote may be, in characters.
    pub const MOST: usize = 600;

    pub(super) fn check(source: Option<&Self>, reasons: &mut Reasons) {
        if let Some(source) = source {
            reasons.text("quote", &source.quote, Self::MOST);
        }
    }
}

/// A passage whose words were found where they are said to stand: what is kept, and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Source {
    /// The document, which may be gone by now.
    pub document_id: DocumentId,
    /// Its title.
    pub title: String,
    /// The page, from 1.
    pub page: i32,
    /// What is printed on the page as its number, where that is another.
    pub label: Option<String>,
    /// The words.
    pub quote: String,
}
