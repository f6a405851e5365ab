//! The bytes of a body, with the places where a write ends and the pauses before each.

use std::time::Duration;

use serde_json::Value;

use crate::{Part, Script};

/// How frames are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Server-sent events.
    Sse,
    /// The same, each with its name: the `type` with which its data begins.
    Named,
    /// One JSON document a line.
    NdJson,
    /// One JSON array over the whole body: Gemini without `alt=sse`.
    Array,
}

/// The end of a write.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    /// Bytes of the body up to here.
    pub(crate) end: usize,
    /// Tokens that this write completes.
    pub(crate) tokens: usize,
    /// The pause before it.
    pub(crate) wait: Duration,
}

/// A body that is ready to be sent.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) bytes: Vec<u8>,
    pub(crate) edges: Vec<Edge>,
    framing: Framing,
    newline: &'static [u8],
    multiline: bool,
    first: Duration,
    every: Duration,
    spoken: bool,
}

impl Wire {
    /// An empty body.
    pub(crate) fn new(framing: Framing, script: &Script, chunks: usize) -> Self {
        let mut wire = Self {
            bytes: Vec::with_capacity(chunks.saturating_add(2).saturating_mul(256).min(1 << 20)),
            edges: Vec::with_capacity(chunks.saturating_add(4).min(1 << 16)),
            framing,
            newline: if script.crlf { b"\r\n" } else { b"\n" },
            multiline: script.multiline_data,
            first: Duration::from_millis(script.first_token_delay_ms),
            every: Duration::from_millis(script.token_delay_ms),
            spoken: false,
        };
        if script.comments && matches!(framing, Framing::Sse | Framing::Named) {
            wire.line(b": OPENROUTER PROCESSING");
            wire.line(b"");
            wire.edge(0, Duration::ZERO);
        }
        wire
    }

    /// A body that is one piece.
    pub(crate) fn whole(body: String, tokens: usize) -> Self {
        let mut wire = Self::new(Framing::NdJson, &Script::default(), 0);
        wire.bytes = body.into_bytes();
        wire.edge(tokens, Duration::ZERO);
        wire
    }

    /// Texts and pauses, as they are.
    pub(crate) fn parts(parts: &[Part], fill: impl Fn(&str) -> String) -> Self {
        let mut wire = Self::new(Framing::NdJson, &Script::default(), parts.len());
        let mut wait = Duration::ZERO;
        for part in parts {
            match part {
                Part::Text(text) => {
                    wire.bytes.extend_from_slice(fill(text).as_bytes());
                    wire.edge(1, std::mem::take(&mut wait));
                }
                Part::Pause(seconds) => wait += crate::rules::duration(*seconds),
            }
        }
        if !wait.is_zero() {
            wire.edge(0, wait);
        }
        wire
    }

    /// A frame that carries the next token.
    pub(crate) fn token(&mut self, json: &str) {
        let wait = if self.spoken { self.every } else { self.first };
        self.spoken = true;
        self.put(json);
        self.edge(1, wait);
    }

    /// A frame that carries none. It goes out with the frame before it.
    pub(crate) fn frame(&mut self, json: &str) {
        self.put(json);
        self.edge(0, Duration::ZERO);
    }

    /// A silence as long as the one before the first token, where none was sent.
    pub(crate) fn first_pause(&mut self) {
        if !self.spoken {
            self.spoken = true;
            self.edge(0, self.first);
        }
    }

    /// Closes what the framing opened.
    pub(crate) fn close(&mut self) {
        if self.framing == Framing::Array {
            self.bytes.extend_from_slice(if self.bytes.is_empty() { b"[]" } else { b"]" });
            self.edge(0, Duration::ZERO);
        }
    }

    /// One write a byte.
    pub(crate) fn drip(&mut self, every: Duration) {
        self.recut((1..=self.bytes.len()).collect(), every);
    }

    /// Every write ends inside a multi-byte character, where there is one.
    pub(crate) fn split_characters(&mut self) {
        let mut ends: Vec<usize> = self
            .bytes
            .windows(2)
            .enumerate()
            .filter(|(_, pair)| matches!(pair, [lead, _] if *lead >= 0xC0))
            .map(|(at, _)| at + 1)
            .collect();
        ends.push(self.bytes.len());
        // Each write must reach the reader before the next, or the kernel joins them.
        self.recut(ends, Duration::from_millis(1));
    }

    /// Keeps the first half.
    pub(crate) fn halve(&mut self) {
        let end = self.bytes.len() / 2;
        self.bytes.truncate(end);
        self.edges = vec![Edge { end, tokens: 0, wait: Duration::ZERO }];
    }

    /// Keeps nothing.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.edges.clear();
    }

    /// Puts the same bytes, pauses and tokens into other writes.
    fn recut(&mut self, ends: Vec<usize>, pause: Duration) {
        let starts = std::iter::once(0).chain(self.edges.iter().map(|edge| edge.end));
        let waits: Vec<_> = starts.zip(self.edges.iter().map(|edge| edge.wait)).collect();
        let mut waits = waits.into_iter().peekable();
        let mut old = std::mem::take(&mut self.edges).into_iter().peekable();
        for end in ends {
            let mut edge = Edge { end, tokens: 0, wait: pause };
            while let Some((_, wait)) = waits.next_if(|(start, _)| *start < end) {
                edge.wait += wait;
            }
            while let Some(done) = old.next_if(|old| old.end <= end) {
                edge.tokens += done.tokens;
            }
            self.edges.push(edge);
        }
    }

    fn edge(&mut self, tokens: usize, wait: Duration) {
        self.edges.push(Edge { end: self.bytes.len(), tokens, wait });
    }

    fn put(&mut self, json: &str) {
        if self.framing == Framing::Named
            && let Some((name, _)) = json.strip_prefix(r#"{"type":""#).and_then(|rest| rest.split_once('"'))
        {
            self.line(format!("event: {name}").as_bytes());
        }
        match self.framing {
            Framing::Sse | Framing::Named if self.multiline => {
                for line in spread(json).lines() {
                    self.bytes.extend_from_slice(b"data: ");
                    self.line(line.as_bytes());
                }
                self.line(b"");
            }
            Framing::Sse | Framing::Named => {
                self.bytes.extend_from_slice(b"data: ");
                self.line(json.as_bytes());
                self.line(b"");
            }
            Framing::NdJson => self.line(json.as_bytes()),
            Framing::Array => {
                self.bytes.extend_from_slice(if self.bytes.is_empty() { b"[" } else { b",\r\n" });
                self.bytes.extend_from_slice(json.as_bytes());
            }
        }
    }

    fn line(&mut self, line: &[u8]) {
        self.bytes.extend_from_slice(line);
        self.bytes.extend_from_slice(self.newline);
    }
}

/// The same JSON over several lines; what is none (`[DONE]`) stays as it is.
fn spread(json: &str) -> String {
    serde_json::from_str::<Value>(json)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| json.to_owned())
}

/// Text as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
