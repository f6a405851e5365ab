//! Runs the jobs: what each does, which key serves it, and how a provider is spoken to.

use std::{fmt, future::Future, path::PathBuf, pin::Pin, sync::Arc, time::Duration};

use domain::{
    Clock, Db,
    keys::{Provider, Vault, endpoints::Defaults},
};
use files::Files;
use ingest::{assets::Assets, embed::Local, reader::ReaderLimits};
use jobs::{
    Queue,
    bus::Bus,
    catalogue,
    listener::Listener,
    platform_status::PlatformStatus,
    queue::{Engine, EngineSettings, Outcome, Running, run_worker},
};
use sqlx::PgPool;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

mod answer_costs;
mod citation_markers;
mod embedders;
mod handlers;
pub mod importing;
mod ingestion;
mod making;
pub mod notify;
mod prompts;
pub mod providers;
mod retrieval;
pub mod router;
mod tasks;

use answer_costs::AnswerCosts;
pub use embedders::EmbedderChoice;
use embedders::Embedders;
use ingestion::Tools;
use notify::{Channels, NotifySettings};
use router::{Router, pool::Pool};

/// How the worker works; the binary fills it from the environment.
#[derive(Debug, Clone)]
pub struct WorkerSettings {
    /// The queues that it takes from, each with how many jobs at a time.
    pub queues: Vec<(Queue, usize)>,
    /// How this process is called in the table.
    pub name: String,
    /// Providers in order of preference.
    pub chain: Vec<Provider>,
    /// Address and model of keys that name none.
    pub defaults: Defaults,
    /// Whether students' own keys reach the public internet only.
    pub own_keys_stay_outside: bool,
    /// Which model embeds.
    pub embedder: EmbedderChoice,
    /// What a reader of a PDF may use up.
    pub reader_limits: ReaderLimits,
    /// Failures in a row above which a key is degraded.
    pub key_failure_threshold: i32,
    /// How keys are probed.
    pub probe_call: ProbeCall,
    /// How long a provider may take to say the first word.
    pub first_token_timeout: Duration,
    /// How long a model may think before its first word, thoughts told.
    pub thinking_timeout: Duration,
    /// How long Ollama may load a model.
    pub loading_timeout: Duration,
    /// The longest context that Ollama is asked for, in tokens.
    pub ollama_context: u32,
    /// The longest that a question waits for a key to cool.
    pub max_wait: Duration,
    /// Jobs of one student that run at a time, of each queue.
    pub tenant_cap: i64,
    /// The same of those that own keys may serve.
    pub own_key_cap: i64,
    /// How long an answer may take that own keys may serve.
    pub own_key_answer_timeout: Duration,
    /// How long a job is held without a sign of life.
    pub lease: Duration,
    /// How long what runs may go on after the stop.
    pub grace: Duration,
    /// How admins are reached.
    pub notify: NotifySettings,
}

impl WorkerSettings {
    /// How one queue is worked on.
    fn engine(&self, queue: Queue, concurrency: usize) -> EngineSettings {
        EngineSettings {
            kinds: catalogue::kinds().clone(),
            queue,
            worker: self.name.as_str().into(),
            concurrency,
            tenant_cap: match queue {
                Queue::OwnKey => self.own_key_cap,
                // An own key that drips holds up no test but its student's.
                Queue::Probe => 1,
                _ => self.tenant_cap,
            },
            lease: self.lease,
            poll: Duration::from_secs(5),
            grace: self.grace,
        }
    }
}

/// How a key is proved to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum ProbeCall {
    /// By a short answer.
    Answer,
    /// By the list of models, which is free and says nothing about quotas.
    Models,
}

/// What a worker stands on.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The database, for handlers.
    pub db: Db,
    /// A pool for the queue's own statements; see [`Engine::start`].
    pub queue_pool: PgPool,
    /// Where jobs tell how they go.
    pub bus: Arc<dyn Bus>,
    /// What other processes commit.
    pub listener: Listener,
    /// What is closed and switched off.
    pub platform_status: PlatformStatus,
    /// The time.
    pub clock: Clock,
    /// Opens provider keys.
    pub vault: Arc<Vault>,
    /// Documents and images.
    pub files: Files,
    /// What the local model runs on.
    pub assets: Arc<Assets>,
    /// The local model, shared by all of a process.
    pub local: Arc<Local>,
    /// The program that is started again to read a PDF.
    pub reader: PathBuf,
    /// Handlers of jobs that are not in the catalogue, for tests and benchmarks.
    pub extra: Extra,
}

/// What handlers use.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) db: Db,
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) clock: Clock,
    pub(crate) router: Arc<Router>,
    pub(crate) platform_status: PlatformStatus,
    pub(crate) channels: Arc<Channels>,
    pub(crate) files: Files,
    pub(crate) vault: Arc<Vault>,
    pub(crate) embedders: Arc<Embedders>,
    pub(crate) tools: Arc<Tools>,
    pub(crate) own_key_answer_timeout: Duration,
    pub(crate) costs: Arc<AnswerCosts>,
    pub(crate) extra: Extra,
}

/// Runs the worker until it has drained after `drain`.
///
/// # Errors
/// Where the pool of keys cannot be read at the start, or the runtime gives up.
pub async fn run(
    parts: Parts,
    settings: WorkerSettings,
    drain: CancellationToken,
    tasks: &TaskTracker,
) -> anyhow::Result<()> {
    let Parts {
        db,
        queue_pool,
        bus,
        listener,
        platform_status,
        clock,
        vault,
        files,
        assets,
        local,
        reader,
        extra,
    } = parts;
    // The pool outlives the drain: what runs still chooses keys.
    let stop = CancellationToken::new();
    let settings = Arc::new(settings);
    let pool = Pool::start(&db, &vault, &clock, &settings, &listener, &stop, tasks).await?;
    let router = Arc::new(Router::new(pool, platform_status.clone(), clock.clone(), Arc::clone(&settings))?);
    let channels = Arc::new(Channels::new(&settings.notify, db.clone(), Arc::clone(&vault))?);
    let embedders = Arc::new(Embedders::new(local, settings.embedder.clone(), Arc::clone(&router)));
    let tools = Arc::new(Tools::new(reader, settings.reader_limits.clone(), assets));
    let costs = Arc::new(AnswerCosts::default());
    let context = Context {
        own_key_answer_timeout: settings.own_key_answer_timeout,
        db: db.clone(),
        bus: bus.clone(),
        clock,
        router,
        platform_status,
        channels,
        files,
        vault,
        embedders,
        tools,
        costs: Arc::clone(&costs),
        extra,
    };
    let (written, until) = (db.clone(), stop.clone());
    tasks.spawn(async move { costs.write_for_ever(written, until).await });
    let handlers = Arc::new(handlers::all());
    let workers = settings.queues.iter().map(|(queue, concurrency)| {
        let engine = settings.engine(*queue, *concurrency);
        let engine = Engine::start(engine, &db, &queue_pool, &bus, &listener, &drain, tasks);
        let (context, handlers) = (context.clone(), Arc::clone(&handlers));
        run_worker(engine, move |running| {
            let (context, handlers) = (context.clone(), Arc::clone(&handlers));
            async move { handlers.run(context, running).await }
        })
    });
    let ended = futures::future::try_join_all(workers).await;
    stop.cancel();
    ended.map(drop)
}

type ExtraFuture = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// Runs jobs whose names the catalogue does not have; without one, they fail.
#[derive(Clone, Default)]
pub struct Extra(Option<Arc<dyn Fn(Running) -> ExtraFuture + Send + Sync>>);

impl Extra {
    /// With a handler.
    pub fn new<F: Future<Output = Outcome> + Send + 'static>(
        handler: impl Fn(Running) -> F + Send + Sync + 'static,
    ) -> Self {
        Self(Some(Arc::new(move |running| Box::pin(handler(running)))))
    }

    async fn run(&self, running: &Running) -> Outcome {
        match &self.0 {
            Some(handler) => handler(running.clone()).await,
            // A newer release may have enqueued it, and a newer worker may be there for the next try.
            None => Outcome::Retry(format!("no job is called {:?}", running.job.name)),
        }
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Extra(…)")
    }
}
