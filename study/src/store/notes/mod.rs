//! SQL about notes.

mod insert;
mod made;

pub use insert::{MOST, NewNote, insert_all};
pub use made::{MadeNote, insert_cards, insert_made};
