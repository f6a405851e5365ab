//! The harness: starts the platform, and reads as a story.

pub(crate) mod books;
pub(crate) mod browser;
pub(crate) mod documents;
pub(crate) mod home;
pub(crate) mod hooks;
pub(crate) mod keys;
pub(crate) mod logs;
pub(crate) mod mail;
pub(crate) mod pdf;
pub(crate) mod platform;
pub(crate) mod process;
pub(crate) mod servers;
pub(crate) mod sse;
pub(crate) mod student;

pub(crate) use keys::key;
pub(crate) use platform::Platform;
