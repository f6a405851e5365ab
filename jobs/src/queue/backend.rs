//! The engine as a backend of apalis, which is the worker runtime. Nothing outside of this file
//! knows it.

use std::{
    convert::Infallible,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use apalis::prelude::{Monitor, WorkerBuilder};
use apalis_core::{
    backend::{Backend, BackendConfig, finalize::Ephemeral},
    error::BoxDynError,
    task::{Task, builder::TaskBuilder, task_id::TaskId},
    worker::context::WorkerContext,
};
use futures::{FutureExt as _, future::BoxFuture};
use tower::{Layer, Service};
use tracing::Instrument as _;

use super::{
    engine::{Engine, Slotted},
    outcome::Outcome,
    supervise::{Running, supervise},
};

/// How long a stop waits for the database after the grace.
const SETTLE_GRACE: Duration = Duration::from_secs(10);

/// Runs an engine's jobs with `handler` until it has drained.
///
/// # Errors
/// Where the runtime gives up; the jobs are safe in the table.
pub async fn run_worker<H, F>(engine: Arc<Engine>, handler: H) -> anyhow::Result<()>
where
    H: Fn(Running) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Outcome> + Send + 'static,
{
    let drain = engine.drain.clone();
    let name = format!("{}-{}", engine.settings.queue.as_str(), engine.settings.worker);
    let closing = Arc::clone(&engine);
    let monitor = Monitor::new().register(move |_restart| {
        let handler = handler.clone();
        WorkerBuilder::new(name.clone()).backend(PgBackend(Arc::clone(&engine))).build(
            move |running: Running| {
                let outcome = handler(running);
                async move { Ok::<_, BoxDynError>(outcome.await) }
            },
        )
    });
    let until_idle = async move {
        drain.cancelled().await;
        // The runtime's own stop drops what runs, so it is told only when all has settled; or when the
        // database is away for so long that the leases had better bring the rest back.
        let settled = async {
            while closing.held_count() > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        if tokio::time::timeout(closing.settings.grace + SETTLE_GRACE, settled).await.is_err() {
            tracing::error!(
                jobs = closing.held_count(),
                "jobs could not be handed back; their leases will run out"
            );
        }
        closing.closed.cancel();
        Ok(())
    };
    monitor.run_with_signal(until_idle).await?;
    Ok(())
}

/// The backend.
#[derive(Debug, Clone)]
struct PgBackend(Arc<Engine>);

/// Hands a claimed job's slot from the poll to the layer that settles it.
#[derive(Clone)]
struct Handle(Arc<Mutex<Option<Slotted>>>);

impl Backend for PgBackend {
    type Task = Task<Running>;
    type Error = Infallible;

    fn poll_ready(&mut self, _: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn poll_next(
        &mut self,
        context: &mut Context<'_>,
        _: &WorkerContext,
    ) -> Poll<Option<Result<Self::Task, Infallible>>> {
        self.0.poll_next(context).map(|slotted| {
            let running = Running { job: slotted.job.clone(), cancel: slotted.cancel.clone() };
            let task = TaskBuilder::new(running)
                .task_id(TaskId::from_uuid(slotted.job.id.0))
                .data(Handle(Arc::new(Mutex::new(Some(slotted)))))
                .build();
            Some(Ok(task))
        })
    }

    fn poll_close(&mut self, _: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
}

impl BackendConfig for PgBackend {
    type Args = Running;
    type Id = uuid::Uuid;
    type Kind = Ephemeral;
    type Config = ();
    type Layer = SettleLayer;

    fn config(&self) -> &() {
        &()
    }

    fn middleware(&mut self, _: &mut WorkerContext) -> SettleLayer {
        SettleLayer(Arc::clone(&self.0))
    }
}

/// Spawns the handler, so that jobs run in parallel and none is dropped with the worker's future, and
/// settles what comes out.
#[derive(Debug, Clone)]
struct SettleLayer(Arc<Engine>);

impl<S> Layer<S> for SettleLayer {
    type Service = Settling<S>;

    fn layer(&self, inner: S) -> Settling<S> {
        Settling { inner, engine: Arc::clone(&self.0) }
    }
}

#[derive(Clone)]
struct Settling<S> {
    inner: S,
    engine: Arc<Engine>,
}

impl<S> Service<Task<Running>> for Settling<S>
where
    S: Service<Task<Running>, Response = Outcome>,
    S::Future: Send + 'static,
    S::Error: Into<BoxDynError>,
{
    type Response = ();
    type Error = BoxDynError;
    type Future = BoxFuture<'static, Result<(), BoxDynError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxDynError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, task: Task<Running>) -> Self::Future {
        let handle = task.data().get::<Handle>().cloned();
        let slotted =
            handle.and_then(|handle| handle.0.lock().unwrap_or_else(PoisonError::into_inner).take());
        let Some(slotted) = slotted else {
            return async { Err("a task without its slot".into()) }.boxed();
        };
        let outcome = self.inner.call(task).map(|result| {
            result.unwrap_or_else(|error| Outcome::Retry(Into::<BoxDynError>::into(error).to_string()))
        });
        // Boxed, since it is moved several times on its way, and a handler's state is large.
        let outcome = outcome.boxed();
        let span = slotted.job.span();
        let run =
            self.engine.tasks.spawn(supervise(Arc::clone(&self.engine), slotted, outcome).instrument(span));
        run.map(|ended| ended.map_err(Into::into)).boxed()
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle(…)")
    }
}
