//! Documents: read, searched, embedded anew, removed.

pub(super) mod ingest_document;
pub(super) mod read_anew;
pub(super) mod reembed_library;
pub(super) mod remove_files;
pub(super) mod search_documents;
pub(super) mod sweep_files;
