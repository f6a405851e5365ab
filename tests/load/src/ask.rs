//! Asking one question and reading the streamed answer: through medai, or the simulator directly.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use serde_json::json;

use crate::{
    client::{Connection, Request, bearer, find},
    students::Student,
};

/// After so many questions a student begins a new conversation, so that histories stay short.
const QUESTIONS_A_SESSION: u32 = 10;

/// What is asked.
const QUESTION: &str = "What is preload, and how does it differ from afterload?";

/// About what medai sends along with a question.
const SYSTEM: &str = "You are a tutor for medical students. Explain step by step, name the mechanism first, then the \
                      clinical use, and say where you are not sure.";

/// How long an answer took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Took {
    /// Until the bytes of the first text.
    pub(crate) first: Duration,
    /// Until the end.
    pub(crate) whole: Duration,
}

/// Whom an asker asks.
#[derive(Debug, Clone)]
pub(crate) enum Way {
    /// The provider itself.
    Directly,
    /// medai, as this student.
    Through(Student),
}

/// Somebody who asks one question after another, over one connection.
#[derive(Debug)]
pub(crate) struct Asker {
    address: SocketAddr,
    way: Way,
    connection: Connection,
    request: Request,
    left: u32,
    body: Vec<u8>,
}

impl Asker {
    /// Connects.
    pub(crate) async fn new(address: SocketAddr, way: Way) -> anyhow::Result<Self> {
        let connection = Connection::open(address).await?;
        Ok(Self { address, way, connection, request: completion(), left: 0, body: Vec::new() })
    }

    /// Asks, and reads the answer to its end. A new conversation is begun before, where it is time.
    pub(crate) async fn ask(&mut self) -> anyhow::Result<Took> {
        if let Way::Through(student) = &self.way
            && self.left == 0
        {
            let session = student.new_session(&mut self.connection).await?;
            self.request = message(student, &session);
            self.left = QUESTIONS_A_SESSION;
        }
        self.left = self.left.saturating_sub(1);
        match self.way {
            Way::Directly => self.read(br#""content":"word"#, b"data: [DONE]").await,
            Way::Through(_) => self.read(b"event: delta", b"event: done").await,
        }
    }

    /// Starts over after a failure, whose rest may still be on the connection.
    pub(crate) async fn start_over(&mut self) -> anyhow::Result<()> {
        self.connection = Connection::open(self.address).await?;
        self.left = 0;
        Ok(())
    }

    async fn read(&mut self, first: &[u8], last: &[u8]) -> anyhow::Result<Took> {
        self.body.clear();
        let (mut came, mut seen) = (None, 0);
        let began = Instant::now();
        let status = self.connection.send(&self.request).await?;
        loop {
            let more = self.connection.piece(&mut self.body).await?;
            if came.is_none() {
                if self.body.get(seen..).is_some_and(|new| find(new, first).is_some()) {
                    came = Some(began.elapsed());
                }
                // The mark may begin in this piece and end in the next.
                seen = self.body.len().saturating_sub(first.len());
            }
            if !more {
                break;
            }
        }
        let whole = began.elapsed();
        if status != 200 {
            bail!("a question was answered with {status}: {}", String::from_utf8_lossy(&self.body));
        }
        let tail = self.body.get(self.body.len().saturating_sub(512)..).unwrap_or_default();
        ensure!(find(tail, last).is_some(), "an answer did not end well: {}", String::from_utf8_lossy(tail));
        Ok(Took { first: came.context("an answer had no text")?, whole })
    }
}

/// A question to medai that wants the events at once.
fn message(student: &Student, session: &str) -> Request {
    let headers =
        format!("{}Accept: text/event-stream\r\nContent-Type: application/json\r\n", bearer(&student.token));
    let path = format!("/api/chat/sessions/{session}/messages");
    Request::new("POST", &path, &headers, &json!({ "content": QUESTION }).to_string())
}

/// The same question to the provider.
fn completion() -> Request {
    let body = json!({
        "model": "gpt-4o-mini",
        "messages": [{ "role": "system", "content": SYSTEM }, { "role": "user", "content": QUESTION }],
        "stream": true,
        "stream_options": { "include_usage": true },
    });
    let headers = format!("{}Content-Type: application/json\r\n", bearer("sk-benchmark-directly"));
    Request::new("POST", "/v1/chat/completions", &headers, &body.to_string())
}
