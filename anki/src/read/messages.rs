//! The messages of protobuf in a package, as far as they are read.

use prost::Message;

/// What `meta` says.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Meta {
    #[prost(int32, tag = "1")]
    pub(super) version: i32,
}

/// What `media` lists: the place of each is the name of its file in the package.
#[derive(Clone, PartialEq, Message)]
pub(super) struct MediaEntries {
    #[prost(message, repeated, tag = "1")]
    pub(super) entries: Vec<MediaEntry>,
}

/// A file.
#[derive(Clone, PartialEq, Message)]
pub(super) struct MediaEntry {
    #[prost(string, tag = "1")]
    pub(super) name: String,
}

/// How a kind of note is made.
#[derive(Clone, PartialEq, Message)]
pub(super) struct TypeConfig {
    /// 1 is a cloze.
    #[prost(int32, tag = "1")]
    pub(super) kind: i32,
}

/// The two sides of a card.
#[derive(Clone, PartialEq, Message)]
pub(super) struct TemplateConfig {
    #[prost(string, tag = "1")]
    pub(super) question: String,
    #[prost(string, tag = "2")]
    pub(super) answer: String,
}
