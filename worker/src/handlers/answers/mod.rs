//! What is made for a student who waits for it.

pub(super) mod answer_message;
mod conclusion;
mod fallback_hold;
pub(super) mod find_passages;
mod found;
mod produce;
mod store;
