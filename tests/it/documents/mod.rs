//! Documents: a student's PDF answers back, with the page.

mod answers;
mod crash;
mod embedders;
mod images;
mod isolation;
mod search;
mod stopping;
mod store;
mod upload;
