//! A student: asks, reads on wherever an api lives, and writes down what came of it.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use reqwest::{Method, RequestBuilder, Response, StatusCode, header};
use serde_json::{Value, json};
use tokio::time::sleep;
use uuid::Uuid;

use crate::sse::{Event, Events};

/// Everybody's password.
pub const PASSWORD: &str = "s4-gallop-rhythm";

/// How long a student tries before giving up on a question.
const PATIENCE: Duration = Duration::from_secs(100);

/// The pause before another try.
const PAUSE: Duration = Duration::from_millis(100);

/// How a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The response is the stream.
    Streaming,
    /// A command; first the receipt, then the events.
    Command,
    /// First the receipt, then the events of the other api; stopped after some words.
    Stopping,
}

/// How it ended, for its reader.
#[derive(Debug, Clone)]
pub struct End {
    /// The kind of the terminal event.
    pub kind: String,
    /// When.
    pub at: Instant,
}

/// What became of one question.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What makes it unlike all others; it is in its text.
    pub nonce: String,
    /// How it was asked.
    pub how: How,
    /// When.
    pub sent: Instant,
    /// Its job, once that is known: then it is accepted.
    pub job: Option<Uuid>,
    /// The answer as the reader has it.
    pub text: String,
    /// The items that its command made, as they were told.
    pub(crate) items: Vec<Value>,
    /// How it ended; `None` where the reader gave up.
    pub end: Option<End>,
    /// The api said no: the code of the last refusal.
    pub refused: Option<String>,
    /// Whether the student pressed stop.
    pub stopped: bool,
    /// What was wrong with the events.
    pub complaint: Option<String>,
    last: Option<i64>,
    deltas: usize,
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Student {
    /// Their id.
    pub id: Uuid,
    token: String,
    http: reqwest::Client,
    bases: Vec<String>,
    at: usize,
}

impl Student {
    /// Registers a new one.
    ///
    /// # Errors
    /// Where that is refused.
    pub async fn register(http: &reqwest::Client, bases: &[String], number: usize) -> anyhow::Result<Self> {
        let email = format!("{}@suite.example", Uuid::from_u128(rand::random()).simple());
        let body = json!({ "email": email, "password": PASSWORD, "name": "Student" });
        let base = bases.get(number % bases.len().max(1)).context("no api")?;
        let response = http.post(format!("{base}/api/auth/register")).json(&body).send().await?;
        if !response.status().is_success() {
            bail!("nobody can register: {}", response.text().await?);
        }
        let body = response.json().await?;
        let id = text(&body, "/user/id")?.parse()?;
        let token = text(&body, "/access_token")?;
        Ok(Self { id, token, http: http.clone(), bases: bases.to_vec(), at: number })
    }

    /// Asks one question and reads its answer to the end.
    pub async fn ask(&mut self, how: How) -> Asked {
        let nonce = format!("nonce-{:016x}", rand::random::<u64>());
        let mut asked = Asked::new(nonce, how);
        let deadline = Instant::now() + PATIENCE;
        let Some(session) = self.session(deadline).await else {
            asked.refused = Some("no session".to_owned());
            return asked;
        };
        asked.sent = Instant::now();
        let mut events = self.send(&session, &mut asked, deadline).await;
        if asked.refused.is_some() {
            return asked;
        }
        if how == How::Stopping {
            self.at += 1;
        }
        while asked.end.is_none() && Instant::now() < deadline {
            match &mut events {
                Some(open) => match open.next().await {
                    Some(event) => asked.take(event),
                    None => events = None,
                },
                None => {
                    sleep(PAUSE).await;
                    self.at += 1;
                    events = match asked.job {
                        Some(job) => self.follow(job, asked.last).await,
                        // The stream broke before it named its job: the same key brings the same job.
                        None => self.send(&session, &mut asked, deadline).await,
                    };
                }
            }
            if how == How::Stopping && !asked.stopped && asked.deltas >= 3 {
                asked.stopped = self.stop(&asked).await;
            }
        }
        asked
    }

    async fn session(&mut self, deadline: Instant) -> Option<String> {
        while Instant::now() < deadline {
            let request = self.request(Method::POST, "/api/chat/sessions").json(&json!({}));
            if let Some(response) = quickly(request).await
                && response.status().is_success()
                && let Ok(body) = response.json::<Value>().await
            {
                return text(&body, "/id").ok();
            }
            self.at += 1;
            sleep(PAUSE).await;
        }
        None
    }

    /// Sends the question until it is accepted, or refused for a reason. Returns the events, where the
    /// response is these.
    async fn send(&mut self, session: &str, asked: &mut Asked, deadline: Instant) -> Option<Events> {
        let content = match asked.how {
            How::Command => format!("/mcq 1 {}", asked.nonce),
            How::Streaming | How::Stopping => format!("What is preload? ({})", asked.nonce),
        };
        while Instant::now() < deadline {
            let mut request = self
                .request(Method::POST, &format!("/api/chat/sessions/{session}/messages"))
                .header("idempotency-key", &asked.nonce)
                .json(&json!({ "content": content }));
            if asked.how == How::Streaming {
                request = request.header(header::ACCEPT, "text/event-stream");
            }
            if let Some(response) = quickly(request).await {
                let status = response.status();
                match status {
                    StatusCode::OK => return Some(Events::new(response)),
                    StatusCode::ACCEPTED => {
                        if let Ok(body) = response.json::<Value>().await {
                            asked.job = text(&body, "/job/id").ok().and_then(|id| id.parse().ok());
                            return None;
                        }
                    }
                    // Of an outage: it may be better elsewhere, or later.
                    StatusCode::INTERNAL_SERVER_ERROR | StatusCode::BAD_GATEWAY => {}
                    _ => {
                        let body = response.json::<Value>().await.unwrap_or_default();
                        asked.refused =
                            Some(text(&body, "/error/code").unwrap_or_else(|_| status.to_string()));
                        return None;
                    }
                }
            }
            self.at += 1;
            sleep(PAUSE).await;
        }
        asked.refused.get_or_insert_with(|| "no api took it".to_owned());
        None
    }

    async fn follow(&self, job: Uuid, after: Option<i64>) -> Option<Events> {
        let mut request = self.request(Method::GET, &format!("/api/jobs/{job}/events"));
        if let Some(after) = after {
            request = request.header("last-event-id", after.to_string());
        }
        quickly(request).await.filter(|response| response.status() == StatusCode::OK).map(Events::new)
    }

    async fn stop(&self, asked: &Asked) -> bool {
        let Some(job) = asked.job else { return false };
        let stopped = quickly(self.request(Method::DELETE, &format!("/api/jobs/{job}"))).await;
        stopped.is_some_and(|response| response.status().is_success())
    }

    /// A request with their token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let base = self.bases.get(self.at % self.bases.len().max(1)).map_or("", String::as_str);
        self.http.request(method, format!("{base}{path}")).bearer_auth(&self.token)
    }
}

impl Asked {
    pub(crate) fn new(nonce: String, how: How) -> Self {
        Self {
            nonce,
            how,
            sent: Instant::now(),
            job: None,
            text: String::new(),
            items: Vec::new(),
            end: None,
            refused: None,
            stopped: false,
            complaint: None,
            last: None,
            deltas: 0,
        }
    }

    fn take(&mut self, event: Event) {
        if self.last.is_some_and(|last| event.id <= last) {
            self.complaint.get_or_insert_with(|| format!("event {} came after {:?}", event.id, self.last));
        }
        self.last = Some(event.id);
        match event.kind.as_str() {
            "queued" => {
                self.job = text(&event.data, "/job_id").ok().and_then(|id| id.parse().ok()).or(self.job);
            }
            "restart" => {
                self.text.clear();
                self.items.clear();
            }
            "item" => self.items.push(event.data.clone()),
            "delta" => {
                self.deltas += 1;
                self.text.push_str(&text(&event.data, "/text").unwrap_or_default());
            }
            _ => {}
        }
        if event.is_terminal() {
            self.end = Some(End { kind: event.kind, at: Instant::now() });
        }
    }
}

/// The response, unless none comes soon.
async fn quickly(request: RequestBuilder) -> Option<Response> {
    let response = tokio::time::timeout(Duration::from_secs(15), request.send()).await;
    response.ok()?.ok()
}

/// A text within an answer.
///
/// # Errors
/// Where it is not there.
pub fn text(answer: &Value, pointer: &str) -> anyhow::Result<String> {
    let text = answer.pointer(pointer).and_then(Value::as_str);
    text.map(ToOwned::to_owned).with_context(|| format!("an answer lacks {pointer}"))
}
