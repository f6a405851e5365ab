//! Documents: a student's PDF answers back, with the page.

mod answers;
mod crash;
mod doubt;
mod embedders;
mod images;
mod isolation;
mod reread;
mod search;
mod stopping;
mod store;
mod upload;
mod waiting;
mod words;
