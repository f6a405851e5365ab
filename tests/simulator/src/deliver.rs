//! Sends a body at the pace of its script, and notices when the client hangs up.

use std::{io, sync::Arc, time::Duration};

use axum::body::Body;
use bytes::Bytes;
use futures::stream;
use tokio::time::{Instant, sleep, sleep_until};

use crate::{
    call::Recorder,
    state::State,
    wire::{Edge, Wire},
};

/// What hyper needs to flush what it was given before the connection breaks.
const FLUSH: Duration = Duration::from_millis(2);

/// How a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// As HTTP wants it.
    Clean,
    /// The connection breaks.
    Cut,
    /// Never, unless the simulator stops.
    Hang,
}

/// A body that waits for nothing and ends cleanly is handed over at once, with its length.
pub(crate) fn at_once(wire: Wire, complete: bool, mut recorder: Recorder) -> Body {
    recorder.sent(wire.edges.iter().map(|edge| edge.tokens).sum());
    recorder.close(complete);
    Body::from(wire.bytes)
}

/// A body that is sent write by write. `complete` says that a clean end finishes the answer.
pub(crate) fn in_writes(wire: Wire, end: End, complete: bool, recorder: Recorder, state: Arc<State>) -> Body {
    let play = Play {
        bytes: Bytes::from(wire.bytes),
        edges: wire.edges.into_iter().peekable(),
        sent: 0,
        due: Instant::now(),
        end,
        complete,
        recorder,
        state,
    };
    Body::from_stream(stream::unfold(play, Play::next))
}

struct Play {
    bytes: Bytes,
    edges: std::iter::Peekable<std::vec::IntoIter<Edge>>,
    sent: usize,
    due: Instant,
    end: End,
    complete: bool,
    recorder: Recorder,
    state: Arc<State>,
}

impl Play {
    async fn next(mut self) -> Option<(io::Result<Bytes>, Self)> {
        while let Some(edge) = self.edges.next() {
            if !edge.wait.is_zero() {
                self.due += edge.wait;
                sleep_until(self.due).await;
            }
            let piece = self.take_from(edge);
            if !piece.is_empty() {
                return Some((Ok(piece), self));
            }
        }
        match self.end {
            End::Clean => {
                self.recorder.close(self.complete);
                return None;
            }
            End::Cut => sleep(FLUSH).await,
            End::Hang => self.state.stopped.cancelled().await,
        }
        self.recorder.close(false);
        self.end = End::Clean;
        Some((Err(io::ErrorKind::ConnectionAborted.into()), self))
    }

    /// This write, joined by those after it that need no pause. The record is written before the bytes
    /// are, so that whoever has read an end mark also finds it in the log.
    fn take_from(&mut self, edge: Edge) -> Bytes {
        let Edge { mut end, mut tokens, .. } = edge;
        while let Some(next) = self.edges.next_if(|next| next.wait.is_zero()) {
            end = next.end;
            tokens += next.tokens;
        }
        self.recorder.sent(tokens);
        if self.end == End::Clean && self.edges.peek().is_none() {
            self.recorder.close(self.complete);
        }
        let piece = self.bytes.split_to(end.saturating_sub(self.sent).min(self.bytes.len()));
        self.sent = end;
        piece
    }
}
