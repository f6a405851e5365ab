//! The events of one response, as a client reads them.

use std::{pin::Pin, time::Duration};

use futures::{Stream, StreamExt as _};
use serde_json::Value;

/// A stream is never silent for longer: there are keep-alives.
const SILENCE: Duration = Duration::from_secs(40);

/// One event.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) id: i64,
    pub(crate) kind: String,
    pub(crate) data: Value,
}

impl Event {
    pub(crate) fn is_terminal(&self) -> bool {
        matches!(self.kind.as_str(), "done" | "truncated" | "blocked" | "cancelled" | "error")
    }
}

/// An open stream.
pub(crate) struct Events {
    bytes: Pin<Box<dyn Stream<Item = reqwest::Result<Vec<u8>>> + Send>>,
    buffer: Vec<u8>,
}

impl Events {
    pub(crate) fn new(response: reqwest::Response) -> Self {
        let bytes = response.bytes_stream().map(|chunk| chunk.map(|chunk| chunk.to_vec()));
        Self { bytes: Box::pin(bytes), buffer: Vec::new() }
    }

    /// The next event; `None` where the stream ended, broke, or fell silent.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|window| window == b"\n\n") {
                let frame: Vec<u8> = self.buffer.drain(..end + 2).collect();
                match parse(&String::from_utf8_lossy(&frame)) {
                    Some(event) => return Some(event),
                    None => continue,
                }
            }
            match tokio::time::timeout(SILENCE, self.bytes.next()).await {
                Ok(Some(Ok(chunk))) => self.buffer.extend_from_slice(&chunk),
                _ => return None,
            }
        }
    }
}

fn parse(frame: &str) -> Option<Event> {
    let field = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let (id, kind) = (field("id:")?.parse().ok()?, field("event:")?.to_owned());
    Some(Event { id, kind, data: serde_json::from_str(field("data:")?).ok()? })
}
