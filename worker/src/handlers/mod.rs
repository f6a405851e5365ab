//! What each kind of job does, a file each, by subject: load, think, settle. A handler holds no connection while it
//! thinks.

use std::{collections::HashMap, future, sync::Arc};

use futures::{FutureExt as _, future::BoxFuture};
use jobs::{
    Job,
    queue::{Outcome, Running},
};

use crate::Context;

mod admin_events;
mod answers;
mod documents;
mod housekeeping;
mod keys;
mod study;

use admin_events::{deliver_alert, dispatch_admin_events};
use answers::{answer_message, find_passages};
use documents::{ingest_document, read_anew, reembed_library, remove_files, search_documents, sweep_files};
use housekeeping::{empty_trash, expire_subscriptions, prune_audit, roll_up_usage, sweep};
use keys::{probe_key, probe_keys, release_keys};
use study::{fit_parameters, import_deck};

/// Every handler there is, by the name of its kind of job.
pub(crate) fn all() -> Handlers {
    Handlers::default()
        .with(answer_message::answer)
        .with(answer_message::command)
        .with(deliver_alert::deliver)
        .with(dispatch_admin_events::dispatch)
        .with(empty_trash::empty)
        .with(expire_subscriptions::expire_subscriptions)
        .with(find_passages::find)
        .with(fit_parameters::fit_parameters)
        .with(import_deck::import)
        .with(ingest_document::ingest)
        .with(ingest_document::recognise)
        .with(probe_key::probe)
        .with(probe_keys::probe_keys)
        .with(prune_audit::prune_audit)
        .with(read_anew::read_anew)
        .with(reembed_library::reembed)
        .with(release_keys::release_keys)
        .with(remove_files::remove)
        .with(roll_up_usage::roll_up_usage)
        .with(search_documents::search)
        .with(sweep::sweep)
        .with(sweep_files::sweep_files)
}

type Handler = Arc<dyn Fn(Context, Running) -> BoxFuture<'static, Outcome> + Send + Sync>;

/// Handlers by the names of their kinds.
#[derive(Clone, Default)]
pub(crate) struct Handlers(HashMap<&'static str, Handler>);

impl Handlers {
    /// The same, and one more. A job whose payload cannot be read is discarded, and so is one that takes longer than its
    /// kind may.
    fn with<J: Job, F>(mut self, handler: impl Fn(Context, Running, J) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Outcome> + Send + 'static,
    {
        let run = move |context: Context, running: Running| {
            let Ok(work) = serde_json::from_value::<J>(running.job.payload.clone()) else {
                return future::ready(Outcome::Discard("the payload cannot be read".to_owned())).boxed();
            };
            let late = || Outcome::Discard(format!("took longer than {:?}", J::TIMEOUT));
            let work = tokio::time::timeout(J::TIMEOUT, handler(context, running, work));
            work.map(move |outcome| outcome.unwrap_or_else(|_elapsed| late())).boxed()
        };
        self.0.insert(J::NAME, Arc::new(run));
        self
    }

    /// Runs a job by the name of its kind.
    pub(crate) async fn run(&self, context: Context, running: Running) -> Outcome {
        match self.0.get(running.job.name.as_str()) {
            Some(handler) => handler(context, running).await,
            None => context.extra.run(&running).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_of_job_has_a_handler() {
        let handled: BTreeSet<_> = super::all().0.into_keys().collect();
        assert_eq!(handled, jobs::catalogue::kinds().names().collect());
    }
}
