//! All SQL about what students keep, one file a table or a subject. A caller owns the transaction: within `begin_as`, unless a
//! function says that it needs the platform.

pub mod decks;
pub mod made_items;
pub mod maps;
pub mod notes;
pub mod question_sets;
mod storable;
pub mod summaries;
