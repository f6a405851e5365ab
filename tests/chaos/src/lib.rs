//! The fault suite: the real processes (2 api, 2 worker, 2 scheduler, PostgreSQL, Valkey, and the
//! simulator as the providers) under steady load, while one thing at a time goes wrong.
//!
//! Students ask, follow the events, go on at the other api where one is gone, repeat what they got no
//! receipt for under its `Idempotency-Key`, and sometimes stop an answer. After each fault the books
//! are read ([`audit`]): every accepted question ended in exactly one stored answer or one stored,
//! explained error; no hold is left; what is counted as used is what the simulator delivered.

pub mod audit;
pub mod disk;
pub mod fault;
pub mod load;
pub mod recovery;
pub mod row;
mod sse;
pub mod student;
pub mod table;
pub mod uploads;
pub mod world;

pub use fault::Fault;
pub use row::{Row, Timing};
pub use world::{Setup, World};
