//! Reads any vendor's stream: bytes in, deltas out, and exactly one end or error.

use std::{marker::PhantomData, pin::Pin, time::Duration};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::keys::Secret;
use futures::{Stream, StreamExt, stream};
use reqwest::header::HeaderMap;
use tokio::time::{Instant, timeout_at};

use super::{
    ChatEvent, ChatStream, End, Finish, ProviderError, Usage,
    frames::{Frames, Framing, TooLong},
};

/// The longest answer, in bytes of text.
const LONGEST_ANSWER: usize = 1 << 20;

/// The most bytes of a stream, thoughts and wrapping included.
const LONGEST_STREAM: usize = 32 << 20;

/// How long to wait, after the end mark, for the usage.
const USAGE_GRACE: Duration = Duration::from_secs(1);

/// How long to wait, once all is said, for the stream to close, so that its connection is kept.
const CLOSE_GRACE: Duration = Duration::from_millis(100);

/// What a vendor's bytes mean.
pub(super) trait Protocol: Send + 'static {
    /// How its stream is cut.
    const FRAMING: Framing;

    /// The one place that says what a failure of this vendor means. An error inside a stream
    /// comes with the stream's status, 200.
    fn classify(status: u16, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> ProviderError;

    /// Takes in one frame of a stream and gives the text in it, which may be empty.
    fn hear(frame: &[u8], heard: &mut Heard) -> Result<String, Halt>;
}

/// What a stream has said so far, apart from its text.
#[derive(Debug)]
pub(super) struct Heard {
    /// How it ends, once its end mark has come.
    pub(super) finish: Option<Finish>,
    /// The latest usage.
    pub(super) usage: Usage,
    /// Nothing more is to come, not even a usage.
    pub(super) over: bool,
    /// The bytes of text of all frames before.
    pub(super) said: usize,
}

/// Why a stream is read no further.
#[derive(Debug)]
pub(super) enum Halt {
    /// The frame is an error, to be classified as if it were the body of one.
    Refused,
    /// It failed otherwise.
    Failed(ProviderError),
}

impl From<ProviderError> for Halt {
    fn from(error: ProviderError) -> Self {
        Self::Failed(error)
    }
}

/// The cause is dropped, since it quotes what it could not read.
impl From<serde_json::Error> for Halt {
    fn from(_: serde_json::Error) -> Self {
        Self::Failed(ProviderError::not_its_protocol(200))
    }
}

impl From<TooLong> for ProviderError {
    fn from(_: TooLong) -> Self {
        Self::too_much()
    }
}

/// Reads a vendor's stream. After an end or an error there is nothing more.
pub(super) fn read<P, B, E>(body: B, secret: Secret, now: DateTime<Utc>) -> ChatStream
where
    P: Protocol,
    B: Stream<Item = Result<Bytes, E>> + Send + 'static,
    E: Send + 'static,
{
    let reader = Reader {
        body: Box::pin(body),
        frames: Frames::new(P::FRAMING),
        heard: Heard { finish: None, usage: Usage::Missing, over: false, said: 0 },
        received: 0,
        deadline: None,
        closed: false,
        secret,
        now,
        protocol: PhantomData::<fn() -> P>,
    };
    Box::pin(stream::unfold(Some(reader), |reader| async move {
        let mut reader = reader?;
        let event = reader.event().await;
        let rest = matches!(event, Ok(ChatEvent::Delta(_))).then_some(reader);
        Some((event, rest))
    }))
}

struct Reader<P, B> {
    body: Pin<Box<B>>,
    frames: Frames,
    heard: Heard,
    received: usize,
    /// After the end mark: until when to read on.
    deadline: Option<Instant>,
    closed: bool,
    secret: Secret,
    now: DateTime<Utc>,
    protocol: PhantomData<fn() -> P>,
}

impl<P, B, E> Reader<P, B>
where
    P: Protocol,
    B: Stream<Item = Result<Bytes, E>>,
{
    async fn event(&mut self) -> Result<ChatEvent, ProviderError> {
        match (self.text().await, self.heard.finish.take()) {
            (Ok(Some(text)), finish) => {
                self.heard.finish = finish;
                Ok(ChatEvent::Delta(text))
            }
            // What goes wrong behind the end mark harms nobody.
            (Ok(None) | Err(_), Some(finish)) => {
                Ok(ChatEvent::End(End { finish, usage: self.heard.usage, prompt_cut: false }))
            }
            (Ok(None), None) => Err(self.unfinished()),
            (Err(error), None) => Err(error.without(&self.secret)),
        }
    }

    /// The next piece of text, or `None` once the stream is over.
    async fn text(&mut self) -> Result<Option<String>, ProviderError> {
        loop {
            while let Some(frame) = self.frames.next()? {
                let text = match P::hear(frame, &mut self.heard) {
                    Ok(text) => text,
                    Err(Halt::Refused) => return Err(P::classify(200, &HeaderMap::new(), frame, self.now)),
                    Err(Halt::Failed(error)) => return Err(error),
                };
                self.note(&text)?;
                if !text.is_empty() {
                    return Ok(Some(text));
                }
            }
            if self.closed {
                return Ok(None);
            }
            if let Some(bytes) = self.bytes().await {
                self.received += bytes.len();
                if self.received > LONGEST_STREAM {
                    return Err(ProviderError::too_much());
                }
                self.frames.push(&bytes);
            } else {
                self.closed = true;
                self.frames.close();
            }
        }
    }

    /// The next bytes, or `None` where the stream ended, broke, or stays open without a reason.
    async fn bytes(&mut self) -> Option<Bytes> {
        let next = self.body.next();
        let next = match self.deadline {
            None => next.await,
            Some(deadline) => timeout_at(deadline, next).await.ok().flatten(),
        };
        next?.ok()
    }

    fn note(&mut self, text: &str) -> Result<(), ProviderError> {
        self.heard.said += text.len();
        if self.heard.said > LONGEST_ANSWER {
            return Err(ProviderError::too_much());
        }
        if self.heard.finish.is_some() {
            let grace = if self.heard.over { CLOSE_GRACE } else { USAGE_GRACE };
            let latest = Instant::now() + grace;
            self.deadline = match self.deadline {
                Some(deadline) if self.heard.over => Some(deadline.min(latest)),
                // Some Gemini models set the end mark on every frame: text says there is more.
                Some(deadline) if text.is_empty() => Some(deadline),
                _ => Some(latest),
            };
        }
        Ok(())
    }

    /// Why a stream without an end mark failed.
    fn unfinished(&self) -> ProviderError {
        let stray = self.frames.stray();
        if stray.is_empty() {
            return ProviderError::broken_off();
        }
        // No stream at all, but a page, or an error with the wrong status.
        P::classify(200, &HeaderMap::new(), stray, self.now).without(&self.secret)
    }
}
