//! The words of the platform: ids, records and rules, and all SQL about them.
//!
//! **Invariant:** nothing here knows HTTP, a queue or a vendor's protocol. Functions of a store take
//! a connection, never a pool: the caller owns the transaction.

pub mod analytics;
pub mod audit;
pub mod chat;
pub mod clock;
pub mod db;
pub mod documents;
pub mod feature;
pub mod feedback;
pub mod ids;
pub mod images;
pub mod keys;
pub mod maintenance;
pub mod platform_status;
pub mod quota;
pub mod reachable;
pub mod switches;
pub mod toggles;
pub mod users;

pub use clock::Clock;
pub use db::{Db, Tx};
pub use feature::Feature;
