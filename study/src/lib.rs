//! What students keep and come back to: cards with their schedule, questions, summaries and maps.
//!
//! **Invariant:** nothing here knows HTTP, a queue or a vendor's protocol, and time, ids and randomness are passed in.

mod chance;
pub mod deck_title;
pub mod ids;
pub mod items;
pub mod note_draft;
pub mod notes;
pub mod quiz;
pub mod scheduling;
pub mod store;
pub mod stream;
pub mod summary;
