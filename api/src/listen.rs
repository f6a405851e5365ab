//! The connections: how many an address may have, and how long one may say nothing.
//!
//! A stranger has ten seconds for the head of a request, and may rest as long between two. A proxy of ours is trusted
//! to have its own rules, and keeps connections in store: it has longer than the usual proxy keeps one.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use ipnet::IpNet;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;

use crate::forwarded::{household, is_ours};

/// How long the head of a request may take, and how long a connection may rest before it.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// The same for proxies of ours: the usual ones keep a connection for a minute.
const HEAD_TIMEOUT_OF_PROXIES: Duration = Duration::from_secs(75);

/// How long no connection is taken after one could not be.
const ACCEPT_AGAIN: Duration = Duration::from_millis(200);

/// How connections are taken.
#[derive(Debug, Clone)]
pub struct Connections {
    /// So many of one address at a time; proxies of ours have any number.
    pub per_address: usize,
    /// So many at all. What comes beyond waits.
    pub most: usize,
    /// Proxies of ours.
    pub trusted_proxies: Vec<IpNet>,
    /// How long what is under way may go on after the stop.
    pub grace: Duration,
}

/// Serves until `stop`, and then what is under way to its end.
///
/// # Errors
/// Where the listener is of no use.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    connections: Connections,
    stop: CancellationToken,
) -> io::Result<()> {
    listener.local_addr()?;
    let slots = Arc::new(Semaphore::new(connections.most.min(Semaphore::MAX_PERMITS)));
    let (addresses, tasks) = (Addresses::default(), TaskTracker::new());
    while let Some(Some(slot)) = stop.run_until_cancelled(slot(&slots)).await {
        let Some(accepted) = stop.run_until_cancelled(listener.accept()).await else { break };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                if !is_of_the_client(&error) {
                    tracing::error!(%error, "no connection can be taken");
                    tokio::time::sleep(ACCEPT_AGAIN).await;
                }
                continue;
            }
        };
        let ours = is_ours(peer.ip().to_canonical(), &connections.trusted_proxies);
        let most = if ours { usize::MAX } else { connections.per_address };
        let Some(place) = addresses.enter(household(peer.ip()), most) else {
            metrics::counter!("medai_connections_refused_total").increment(1);
            tracing::debug!("an address has too many connections");
            continue;
        };
        let timeout = if ours { HEAD_TIMEOUT_OF_PROXIES } else { HEAD_TIMEOUT };
        let (router, stop) = (router.clone(), stop.clone());
        tasks.spawn(async move {
            converse(stream, peer, router, timeout, stop).await;
            drop((place, slot));
        });
    }
    drop(listener);
    tasks.close();
    if tokio::time::timeout(connections.grace, tasks.wait()).await.is_err() {
        tracing::warn!(connections = tasks.len(), "the grace is over; what is still under way is cut off");
    }
    Ok(())
}

async fn slot(slots: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
    Arc::clone(slots).acquire_owned().await.ok()
}

/// One connection, to its end.
async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    head_timeout: Duration,
    stop: CancellationToken,
) {
    // Nagle with delayed ACK would hold every token back for 40 ms.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection is slower than it could be");
    }
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(head_timeout);
    let connection = server.serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::trace!(%error, "a connection broke off");
    }
}

/// That somebody left before they were let in is no trouble of ours.
fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// How many connections each address has.
#[derive(Debug, Clone, Default)]
struct Addresses(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One connection of an address, for as long as this lives.
#[derive(Debug)]
struct Entered {
    addresses: Addresses,
    address: IpAddr,
}

impl Addresses {
    fn enter(&self, address: IpAddr, most: usize) -> Option<Entered> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = open.get(&address).copied().unwrap_or_default();
        if taken >= most {
            return None;
        }
        open.insert(address, taken + 1);
        drop(open);
        Some(Entered { addresses: self.clone(), address })
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let mut open = self.addresses.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = open.get_mut(&self.address) {
            *taken -= 1;
            if *taken == 0 {
                open.remove(&self.address);
            }
        }
    }
}
