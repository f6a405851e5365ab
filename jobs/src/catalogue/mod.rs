//! Every kind of job of the platform, one file each, and the list of them.

use std::sync::LazyLock;

mod answer_message;
mod empty_trash;
mod expire_subscriptions;
mod find_passages;
mod fit_parameters;
mod import_deck;
mod ingest_document;
mod probe_key;
mod probe_keys;
mod prune_audit;
mod read_anew;
mod recognise_text;
mod reembed_library;
mod release_keys;
mod remove_files;
mod roll_up_usage;
mod run_command;
mod search_documents;
mod sweep;
mod sweep_files;

pub use answer_message::AnswerMessage;
pub use empty_trash::EmptyTrash;
pub use expire_subscriptions::ExpireSubscriptions;
pub use find_passages::FindPassages;
pub use fit_parameters::FitParameters;
pub use import_deck::ImportDeck;
pub use ingest_document::IngestDocument;
pub use probe_key::ProbeKey;
pub use probe_keys::ProbeKeys;
pub use prune_audit::PruneAudit;
pub use read_anew::ReadAnew;
pub use recognise_text::RecogniseText;
pub use reembed_library::ReembedLibrary;
pub use release_keys::ReleaseKeys;
pub use remove_files::RemoveFiles;
pub use roll_up_usage::RollUpUsage;
pub use run_command::RunCommand;
pub use search_documents::SearchDocuments;
pub use sweep::Sweep;
pub use sweep_files::SweepFiles;

pub use crate::admin_events::{DeliverAlert, DispatchAdminEvents};
use crate::queue::Kinds;

/// All kinds.
pub fn kinds() -> &'static Kinds {
    static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
        Kinds::default()
            .with::<AnswerMessage>()
            .with::<DeliverAlert>()
            .with::<EmptyTrash>()
            .with::<ExpireSubscriptions>()
            .with::<FindPassages>()
            .with::<FitParameters>()
            .with::<ImportDeck>()
            .with::<IngestDocument>()
            .with::<ProbeKey>()
            .with::<ProbeKeys>()
            .with::<PruneAudit>()
            .with::<ReadAnew>()
            .with::<RecogniseText>()
            .with::<ReembedLibrary>()
            .with::<ReleaseKeys>()
            .with::<RemoveFiles>()
            .with::<RollUpUsage>()
            .with::<RunCommand>()
            .with::<SearchDocuments>()
            .with::<Sweep>()
            .with::<SweepFiles>()
            .with::<DispatchAdminEvents>()
    });
    &KINDS
}
