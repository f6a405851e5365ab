//! All SQL about what students keep, one file a table or a subject. A caller owns the transaction; whose rows they are is
//! said in every statement and by row-level security.

pub mod decks;
pub mod notes;
