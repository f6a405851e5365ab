//! The worker of a process, and what its embedder runs on.

use std::sync::Arc;

use ingest::reader::ReaderLimits;
use jobs::{Queue, processes::Role};
use worker::{EmbedderChoice, Extra, Parts, WorkerSettings};

use super::Platform;
use crate::config::Config;

impl Platform {
    /// Runs jobs of some queues until drained.
    ///
    /// # Errors
    /// Where the pool of keys cannot be read at the start.
    pub async fn run_worker(&self, queues: Vec<(Queue, usize)>, extra: Extra) -> anyhow::Result<()> {
        let config = &self.config;
        let Config { providers, jobs, embedding, files, .. } = config;
        let settings = WorkerSettings {
            queues,
            embedder: embedding.choice(providers),
            reader_limits: ReaderLimits { max_pages: files.max_pages, ..ReaderLimits::default() },
            name: self.name.clone(),
            chain: providers.provider_chain.clone(),
            defaults: providers.endpoints.defaults(),
            own_keys_stay_outside: config.is_production(),
            key_failure_threshold: providers.key_failure_threshold,
            probe_call: providers.probe_call,
            first_token_timeout: providers.first_token_timeout,
            thinking_timeout: providers.thinking_timeout,
            loading_timeout: providers.loading_timeout,
            ollama_context: providers.ollama_context,
            max_wait: providers.max_wait,
            tenant_cap: jobs.tenant_concurrency,
            own_key_cap: jobs.own_key_concurrency,
            own_key_answer_timeout: jobs.own_key_answer_timeout,
            lease: jobs.job_lease,
            grace: jobs.shutdown_grace,
            notify: config.notify_settings()?,
        };
        let parts = Parts {
            db: self.db.clone(),
            queue_pool: self.queue_pool.clone(),
            bus: Arc::clone(&self.bus),
            listener: self.listener.clone(),
            platform_status: self.platform_status().await?,
            clock: self.clock.clone(),
            vault: Arc::clone(&self.vault),
            files: self.files.clone(),
            assets: Arc::clone(&self.assets),
            local: Arc::clone(&self.local),
            reader: self.reader.clone(),
            extra,
        };
        self.presence.takes(Role::Worker);
        worker::run(parts, settings, self.drain.clone(), &self.tasks).await
    }

    /// Fetches what the local embedder runs on, so that the first document need not wait for it. Nothing else waits.
    pub fn fetch_embedder(&self) {
        if self.config.embedding.choice(&self.config.providers) != EmbedderChoice::Local {
            return;
        }
        let (assets, drain) = (Arc::clone(&self.assets), self.drain.clone());
        self.tasks.spawn(async move {
            if let Some(Err(error)) = drain.run_until_cancelled(assets.files()).await {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "the embedding model could not be fetched; the next document tries again"
                );
            }
        });
    }
}
