//! What students keep here, as a package has it, and back. Pure.

mod images;
mod notes;
mod occlusion;
mod schedule;

pub use images::with_images;
pub use notes::{OurNote, number, ordinal, to_fields, to_note};
pub use schedule::{to_card, to_schedule};
