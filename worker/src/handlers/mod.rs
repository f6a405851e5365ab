//! What each job does, one file each: load, think, settle. A handler holds no connection while it
//! thinks.

use jobs::{
    Job,
    catalogue::{
        AnswerMessage, DeliverAlert, EmptyTrash, ExpireSubscriptions, FindPassages, IngestDocument, ProbeKey,
        ProbeKeys, PruneAudit, ReadAnew, RecogniseText, ReembedLibrary, ReleaseKeys, RemoveFiles,
        RollUpUsage, RunCommand, SearchDocuments, Sweep, SweepFiles, TellNotices,
    },
    queue::{Outcome, Running},
};

use crate::Context;

mod answer;
mod deliver_alert;
mod empty_trash;
mod expire_subscriptions;
mod find_passages;
mod found;
mod ingest_document;
mod probe_key;
mod probe_keys;
mod prune_audit;
mod read_anew;
mod reembed_library;
mod release_keys;
mod remove_files;
mod roll_up_usage;
mod search_documents;
mod sweep;
mod sweep_files;
mod tell_notices;
mod wallet;

/// Runs a job by its name.
pub(crate) async fn run(context: Context, running: Running) -> Outcome {
    match running.job.name.as_str() {
        AnswerMessage::NAME => Box::pin(within::<AnswerMessage>(answer::answer(&context, &running))).await,
        // The payload is the same: what differs is the queue, and the feature of the message.
        RunCommand::NAME => Box::pin(within::<RunCommand>(answer::answer(&context, &running))).await,
        ProbeKey::NAME => Box::pin(within::<ProbeKey>(probe_key::probe(&context, &running))).await,
        ProbeKeys::NAME => Box::pin(within::<ProbeKeys>(probe_keys::probe_keys(&context, &running))).await,
        ReleaseKeys::NAME => within::<ReleaseKeys>(release_keys::release_keys(&context)).await,
        RollUpUsage::NAME => within::<RollUpUsage>(roll_up_usage::roll_up_usage(&context)).await,
        ExpireSubscriptions::NAME => {
            within::<ExpireSubscriptions>(expire_subscriptions::expire_subscriptions(&context)).await
        }
        PruneAudit::NAME => within::<PruneAudit>(prune_audit::prune_audit(&context, &running)).await,
        IngestDocument::NAME => {
            Box::pin(within::<IngestDocument>(ingest_document::ingest(&context, &running))).await
        }
        RecogniseText::NAME => {
            Box::pin(within::<RecogniseText>(ingest_document::recognise(&context, &running))).await
        }
        ReembedLibrary::NAME => {
            Box::pin(within::<ReembedLibrary>(reembed_library::reembed(&context, &running))).await
        }
        ReadAnew::NAME => Box::pin(within::<ReadAnew>(read_anew::read_anew(&context, &running))).await,
        FindPassages::NAME => Box::pin(within::<FindPassages>(find_passages::find(&context, &running))).await,
        SearchDocuments::NAME => {
            Box::pin(within::<SearchDocuments>(search_documents::search(&context, &running))).await
        }
        RemoveFiles::NAME => within::<RemoveFiles>(remove_files::remove(&context, &running)).await,
        SweepFiles::NAME => within::<SweepFiles>(Box::pin(sweep_files::sweep_files(&context))).await,
        Sweep::NAME => within::<Sweep>(Box::pin(sweep::sweep(&context))).await,
        TellNotices::NAME => within::<TellNotices>(tell_notices::tell(&context)).await,
        DeliverAlert::NAME => within::<DeliverAlert>(deliver_alert::deliver(&context, &running)).await,
        EmptyTrash::NAME => within::<EmptyTrash>(empty_trash::empty(&context, &running)).await,
        _ => context.extra.run(&running).await,
    }
}

/// Bounds a job by its own policy.
async fn within<J: Job>(work: impl Future<Output = Outcome>) -> Outcome {
    let outcome = tokio::time::timeout(J::TIMEOUT, work).await;
    outcome.unwrap_or_else(|_elapsed| Outcome::Discard(format!("took longer than {:?}", J::TIMEOUT)))
}
