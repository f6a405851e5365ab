//! What a model makes: cards, questions, sections and points of summaries, nodes and edges of maps. Each is typed here,
//! bounded, checked with reasons that can be told to the model, and rendered as Markdown.

pub mod card;
pub mod cloze;
pub mod doubles;
pub mod flaws;
pub mod map;
pub mod map_shape;
pub mod markdown;
pub mod markup;
pub mod mermaid;
pub mod question;
pub mod reason;
pub mod schema;
pub mod source;
pub mod summary;

#[cfg(test)]
mod map_tests;

pub use card::{CardKind, Flashcard};
pub use map::{Edge, Map, Node};
pub use question::{AnswerOption, Difficulty, Question};
pub use reason::{Reason, Reasons};
pub use source::{Quoted, Source};
pub use summary::{Point, Section};

use serde::{Serialize, de::DeserializeOwned};

/// One kind of thing that a model makes.
pub trait Made: Serialize + DeserializeOwned {
    /// The name of its list in the model's JSON.
    const LIST: &'static str;

    /// What is wrong with it; nothing where it may be shown.
    fn reasons(&self) -> Reasons;

    /// What it asks or says, for finding near-doubles (`doubles.rs`).
    fn gist(&self) -> String;

    /// Its passage, if it says one.
    fn source(&self) -> Option<&Quoted>;
}
