//! When a card is asked again: FSRS by the crate `fsrs`, and what that crate leaves to its users.
//!
//! The crate knows memory: stability, difficulty, and how many days until recall falls to the retention that is wanted.
//! Here is the rest: where a day begins, whole days within bounds, learning steps, fuzz, load balance, and guards
//! against input on which the crate panics or answers NaN.
//!
//! **Invariant:** a card's state is what its review log makes of it. What was drawn at random or hung on settings of
//! that day (interval, step) is in the log; what is computed (stability, difficulty) comes out again.

pub mod backlog;
pub mod balance;
pub mod card;
pub mod day;
pub mod fitting;
pub mod fuzz;
pub mod interval;
pub mod memory;
pub mod queue;
pub mod replay;
pub mod review;
pub mod settings;
pub mod steps;

#[cfg(test)]
mod queue_tests;
#[cfg(test)]
mod review_tests;

pub use card::{Card, Due, Rating, State};
pub use day::Day;
pub use fuzz::CardSeed;
pub use interval::Interval;
pub use memory::{Memory, Model, Parameters};
pub use replay::{LogEntry, rebuild};
pub use review::{Asked, Choice, NextStates, next_states, review};
pub use settings::{Settings, Steps};
