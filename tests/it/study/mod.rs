//! What students keep and learn by.

mod exam;
mod maps;
mod material;
mod quality;
mod quiz;
mod summaries;
