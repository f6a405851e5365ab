//! A student's PDF becomes pages of text, chunks and vectors. No database and no HTTP in here.
//!
//! | module | what it does |
//! |---|---|
//! | [`reader`] | reads the PDF in a child process that may die of it |
//! | [`chunks`] | splits a page's text into what the embedding model takes |
//! | [`embed`] | the port to embedding models, and the one that runs on this machine |
//! | [`assets`] | fetches that model and its runtime, once, pinned by hash |

pub mod assets;
pub mod chunks;
pub mod embed;
pub mod reader;
