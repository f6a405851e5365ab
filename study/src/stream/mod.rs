//! Items out of the text that a model streams: one at a time, as each closes, whatever stands around them.

pub mod latex;
pub mod parse;
mod prose;
pub mod split;

#[cfg(test)]
mod split_tests;

pub use parse::{NoItem, parse};
pub use split::{Found, Splitter};
