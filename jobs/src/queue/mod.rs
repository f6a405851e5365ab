//! The queue: one table, the few statements that move a row through its states, and the engine that
//! feeds a worker from it.
//!
//! Claim, run and settle are separate steps: a job holds a lease while it runs, and no connection.
//! Each start has an `epoch`; every write about a running job names it, so that a worker that was
//! taken for dead changes nothing.

mod backend;
pub mod browse;
mod claim;
pub mod control;
pub mod counters;
mod depth;
mod end;
mod engine;
mod enqueue;
mod heartbeat;
mod kinds;
mod notifier;
mod observe;
mod outcome;
pub mod record;
mod rescue;
pub mod retention;
mod settle;
mod supervise;
mod turn;
pub mod workers;

pub use backend::run_worker;
pub use claim::Claimed;
pub use depth::{Depth, depth};
pub use end::{Early, complete, end_early, finish};
pub use engine::{Engine, EngineSettings, PLANNING};
pub use enqueue::{Enqueue, Enqueued, enqueue, enqueue_many};
pub use kinds::Kinds;
pub use notifier::Notifier;
pub use outcome::Outcome;
pub use rescue::rescue;
pub use supervise::Running;
pub use turn::{gone_elsewhere, snoozed_before};
