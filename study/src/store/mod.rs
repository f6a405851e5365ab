//! All SQL about what students keep, one file a table or a subject. A caller owns the transaction; whose rows they are is
//! said in every statement and by row-level security.

pub mod answer;
pub mod cards;
pub mod decks;
pub mod fitting;
pub mod limits;
pub mod load;
pub mod notes;
pub mod queue;
pub mod reset;
pub mod reviews;
pub mod settings;
pub mod stats;
pub mod undo;
