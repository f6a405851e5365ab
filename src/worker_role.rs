//! `medai worker`

use anyhow::Context as _;
use clap::Args;
use jobs::Queue;
use worker::Extra;

use crate::{config::Config, platform::Platform};

/// What a worker takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The queues to take from, separated by commas; all unless given. `chat` brings `own_key` along.
    #[arg(long, value_delimiter = ',')]
    queues: Vec<String>,
    /// Jobs at a time, of each queue; each queue's own number unless given.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    concurrency: Option<u16>,
}

impl Arguments {
    fn queues(&self) -> anyhow::Result<Vec<(Queue, usize)>> {
        let named = self.queues.iter().map(|name| {
            Queue::parse(name.trim()).with_context(|| {
                format!("there is no queue {name:?}; there are {}", Queue::ALL.map(Queue::as_str).join(", "))
            })
        });
        let mut queues = named.collect::<anyhow::Result<Vec<_>>>()?;
        if queues.is_empty() {
            queues.extend(Queue::ALL);
        }
        // Part of the chat, as releases before had it: who names that one has questions by own keys served, too.
        if queues.contains(&Queue::Chat) && !queues.contains(&Queue::OwnKey) {
            queues.push(Queue::OwnKey);
        }
        let concurrency =
            |queue: Queue| self.concurrency.map_or_else(|| queue.default_concurrency(), usize::from);
        Ok(queues.into_iter().map(|queue| (queue, concurrency(queue))).collect())
    }
}

pub(crate) async fn run(config: Config, arguments: Arguments) -> anyhow::Result<()> {
    config.require_complete()?;
    let queues = arguments.queues()?;
    let platform = Platform::start(config.clone(), &config.database.database()?).await?;
    platform.serve_metrics().await?;
    platform.drain_on_signal();
    platform.fetch_embedder();
    tracing::info!(name = platform.name, "the worker runs");
    let ran = platform.run_worker(queues, Extra::default()).await;
    platform.end().await;
    ran
}
