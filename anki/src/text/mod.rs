//! The texts of notes: HTML in Anki, Markdown with formulas in dollar signs here.
//!
//! There and back changes nothing: what [`html_from_markdown`] makes of the Markdown of some HTML is read as that Markdown
//! again.

mod blocks;
mod elements;
mod escape;
mod formulas;
mod from_html;
mod from_markdown;
mod lines;
mod marks;
mod plain;
mod signs;
mod spans;
mod tags;
mod taken;

pub use from_html::{Removed, markdown_from_html};
pub use from_markdown::html_from_markdown;
pub(crate) use plain::plain;
pub(crate) use spans::decoded;

#[cfg(test)]
mod tests;
