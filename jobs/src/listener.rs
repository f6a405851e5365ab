//! The one LISTEN connection of a process. It hears what other processes commit: new jobs, cancels,
//! ends of sign-ins, and changes of what is held in memory.

use std::time::Duration;

use domain::ids::{JobId, UserId};
use sqlx::{PgPool, postgres::PgListener};
use tokio::sync::broadcast;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::Queue;

/// Signals that a subscriber may fall behind by; one that fell further behind looks at everything.
const BACKLOG: usize = 1_024;

/// What was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// A queue has new jobs, or was paused or resumed.
    Jobs(Queue),
    /// A running job shall stop.
    Cancel(JobId),
    /// The pool of provider keys changed.
    Keys,
    /// Maintenance or a feature's toggle changed.
    PlatformStatus,
    /// A sign-in of an account ended, or the account was disabled.
    SignIns(UserId),
    /// The connection was away: anything may have happened.
    Anything,
}

/// Hands out what the process hears.
#[derive(Debug, Clone)]
pub struct Listener {
    signals: broadcast::Sender<Signal>,
}

impl Listener {
    /// Listens until `stop`, over a connection of its own. `direct` must reach the server itself, not
    /// through a pooler in transaction mode.
    pub fn start(direct: PgPool, stop: CancellationToken, tasks: &TaskTracker) -> Self {
        let (signals, _) = broadcast::channel(BACKLOG);
        let listener = Self { signals: signals.clone() };
        tasks.spawn(async move {
            stop.run_until_cancelled(async {
                loop {
                    if let Err(error) = listen(&direct, &signals).await {
                        tracing::warn!(%error, "the LISTEN connection is away; polling goes on");
                    }
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            })
            .await
        });
        listener
    }

    /// What is heard from now on.
    pub fn subscribe(&self) -> Signals {
        Signals(self.signals.subscribe())
    }
}

/// A stream of signals that cannot miss any: what it missed becomes [`Signal::Anything`].
#[derive(Debug)]
pub struct Signals(broadcast::Receiver<Signal>);

impl Signals {
    /// The next signal; waits for ever once the process stops listening.
    pub async fn next(&mut self) -> Signal {
        match self.0.recv().await {
            Ok(signal) => signal,
            Err(broadcast::error::RecvError::Lagged(_)) => Signal::Anything,
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

async fn listen(direct: &PgPool, signals: &broadcast::Sender<Signal>) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(direct).await?;
    listener.listen_all(["jobs", "job_cancel", "keys", "upkeep", "sign_ins"]).await?;
    send(signals, Signal::Anything);
    loop {
        // `try_recv` says when the connection was lost, where `recv` would hide it.
        let Some(heard) = listener.try_recv().await? else { return Ok(()) };
        let signal = match heard.channel() {
            "jobs" => Queue::parse(heard.payload()).map(Signal::Jobs),
            "job_cancel" => heard.payload().parse().ok().map(Signal::Cancel),
            "keys" => Some(Signal::Keys),
            "upkeep" => Some(Signal::PlatformStatus),
            "sign_ins" => heard.payload().parse().ok().map(Signal::SignIns),
            _ => None,
        };
        if let Some(signal) = signal {
            send(signals, signal);
        }
    }
}

fn send(signals: &broadcast::Sender<Signal>, signal: Signal) {
    if signals.send(signal).is_err() {
        tracing::trace!("nobody listens yet");
    }
}
