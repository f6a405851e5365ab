//! A note that is made of something else a student has, without a model.

use serde_json::Value;

use crate::items::Flashcard;

/// A note to be kept, unless it is there already.
#[derive(Debug, Clone)]
pub struct NoteDraft {
    /// Its name, which is the same each time it is made of the same thing.
    pub guid: String,
    /// What it asks.
    pub card: Flashcard,
    /// The passage that it stands on, where that was checked.
    pub source: Option<Value>,
}
