//! SQL about what students keep. Within `begin_as` unless a function says that it needs the platform.

pub mod made_items;
pub mod maps;
pub mod question_sets;
pub mod questions;
pub mod quizzes;
mod storable;
pub mod summaries;
pub mod topics;
