//! All SQL about what students keep, one file a table or a subject. A caller owns the transaction: within `begin_as`, unless a
//! function says that it needs the platform.

pub mod answer;
pub mod cards;
pub mod decks;
pub mod drafts;
pub mod exchange;
pub mod fitting;
pub mod limits;
pub mod load;
pub mod made_items;
pub mod maps;
pub mod notes;
pub mod question_sets;
pub mod questions;
pub mod queue;
pub mod quizzes;
pub mod reset;
pub mod reviews;
pub mod settings;
pub mod stats;
mod storable;
pub mod summaries;
pub mod topics;
pub mod undo;
