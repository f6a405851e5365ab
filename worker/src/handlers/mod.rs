//! What each kind of job does, one file each: load, think, settle. A handler holds no connection while it
//! thinks.

use std::{collections::HashMap, future, sync::Arc};

use futures::{FutureExt as _, future::BoxFuture};
use jobs::{
    Job,
    queue::{Outcome, Running},
};

use crate::Context;

mod answer;
mod deliver_alert;
mod dispatch_admin_events;
mod empty_trash;
mod expire_subscriptions;
mod fallback_hold;
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

/// Every handler there is, by the name of its kind of job.
pub(crate) fn all() -> Handlers {
    Handlers::default()
        .with(answer::answer)
        .with(answer::command)
        .with(deliver_alert::deliver)
        .with(empty_trash::empty)
        .with(expire_subscriptions::expire_subscriptions)
        .with(find_passages::find)
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
        .with(dispatch_admin_events::dispatch)
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
