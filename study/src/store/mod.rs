//! All SQL about what students keep, one file a table or a subject. A caller owns the transaction; whose rows they are is
//! said by row-level security. What needs the platform's transaction says so.

pub mod decks;
pub mod drafts;
pub mod made_items;
pub mod maps;
pub mod notes;
pub mod question_sets;
pub mod questions;
pub mod quizzes;
mod storable;
pub mod summaries;
pub mod topics;
