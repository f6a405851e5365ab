//! SQL about notes.

mod change;
mod insert;
mod list;
mod made;
mod tags;

pub use change::{delete, move_to, set_tags, update};
pub use insert::{MOST, NewNote, has_room, insert_all};
pub use list::{Asked, Note, StateFilter, existing, find, list};
pub use made::{MadeNote, insert_cards, insert_made};
pub use tags::{add_tag, add_tags, remove_tag, remove_tags};
