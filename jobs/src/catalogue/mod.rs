//! Every job of the platform, one file each, and what becomes of a job that never got to its end.

use domain::{chat::messages, ids::JobId};
use serde_json::Value;
use sqlx::PgConnection;

mod answer_message;
mod deliver_alert;
mod empty_trash;
mod expire_subscriptions;
mod find_passages;
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
mod tell_notices;

pub use answer_message::AnswerMessage;
pub use deliver_alert::DeliverAlert;
pub use empty_trash::EmptyTrash;
pub use expire_subscriptions::ExpireSubscriptions;
pub use find_passages::FindPassages;
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
pub use tell_notices::TellNotices;

use crate::{Job, bus::Ending, queue::Enqueue};

/// Puts right what a job leaves behind that ended without its handler: discarded after its last
/// crash, or cancelled while it waited. Runs in the transaction that ends it.
///
/// # Errors
/// The database's. A payload that cannot be read leaves nothing behind that could be put right.
pub async fn abandon(
    conn: &mut PgConnection,
    job: JobId,
    name: &str,
    payload: &Value,
    ending: &Ending,
) -> sqlx::Result<()> {
    match name {
        AnswerMessage::NAME | RunCommand::NAME => {
            let Ok(answer) = serde_json::from_value::<AnswerMessage>(payload.clone()) else {
                return Ok(());
            };
            answer.abandon(conn, job, ending).await
        }
        ProbeKey::NAME => match serde_json::from_value::<ProbeKey>(payload.clone()) {
            Ok(probe) => probe.abandon(conn).await,
            Err(_) => Ok(()),
        },
        DeliverAlert::NAME => match serde_json::from_value::<DeliverAlert>(payload.clone()) {
            Ok(delivery) => delivery.abandon(conn).await,
            Err(_) => Ok(()),
        },
        IngestDocument::NAME => match serde_json::from_value::<IngestDocument>(payload.clone()) {
            Ok(ingest) => ingest.abandon(conn, job, ending).await,
            Err(_) => Ok(()),
        },
        RecogniseText::NAME => match serde_json::from_value::<RecogniseText>(payload.clone()) {
            Ok(recognise) => recognise.abandon(conn, job).await,
            Err(_) => Ok(()),
        },
        SearchDocuments::NAME => match serde_json::from_value::<SearchDocuments>(payload.clone()) {
            Ok(search) => search.abandon(conn).await,
            Err(_) => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Prepares a failed job to be done again by a new one: what [`abandon`] or its handler put to an end is
/// opened again. `None` where that cannot be.
///
/// # Errors
/// The database's; a unique violation where something else is under way in its place.
pub async fn revive(
    conn: &mut PgConnection,
    old: JobId,
    new: JobId,
    name: &str,
    payload: &Value,
) -> sqlx::Result<Option<Enqueue>> {
    match name {
        AnswerMessage::NAME => again::<AnswerMessage>(conn, old, new, payload).await,
        RunCommand::NAME => again::<RunCommand>(conn, old, new, payload).await,
        DeliverAlert::NAME => match serde_json::from_value::<DeliverAlert>(payload.clone()) {
            Ok(delivery) => Ok(delivery.reopen(conn).await?.then(|| Enqueue::new(&delivery))),
            Err(_) => Ok(None),
        },
        IngestDocument::NAME => match serde_json::from_value::<IngestDocument>(payload.clone()) {
            Ok(ingest) => Ok(ingest.reopen(conn, old, new).await?.then(|| Enqueue::new(&ingest))),
            Err(_) => Ok(None),
        },
        // A key is tried by asking for it: the pending one that failed is gone.
        _ => Ok(None),
    }
}

async fn again<J: Job>(
    conn: &mut PgConnection,
    old: JobId,
    new: JobId,
    payload: &Value,
) -> sqlx::Result<Option<Enqueue>> {
    let (Ok(answer), Ok(job)) = (
        serde_json::from_value::<AnswerMessage>(payload.clone()),
        serde_json::from_value::<J>(payload.clone()),
    ) else {
        return Ok(None);
    };
    let reopened = messages::reopen(conn, answer.answer, old, new).await?;
    Ok(reopened.then(|| Enqueue::new(&job)))
}
