//! Reads any vendor's stream: bytes in, deltas out, and exactly one end or error.

use std::{borrow::Cow, collections::VecDeque, marker::PhantomData, pin::Pin, time::Duration};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::keys::Secret;
use futures::{Stream, StreamExt, stream};
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::{
    ChatEvent, ChatStream, Class, End, Finish, ProviderError, Usage, fault,
    frames::{DONE, Frame, Frames, TooLong},
    json::{self, Joiner},
    lacking::Sent,
    thoughts::{Piece, Thoughts},
    verdict,
};

/// The longest answer, in bytes of text.
const LONGEST_ANSWER: usize = 1 << 20;

/// The most bytes of a stream, thoughts and wrapping included.
const LONGEST_STREAM: usize = 32 << 20;

/// How long to wait, after an end mark, for what may follow: some set it on every frame, and pause. Shorter than
/// anybody waits between two tokens, so that the text is not told as a failure.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long to wait, once all is said, for the stream to close, so that its connection is kept.
const CLOSE_GRACE: Duration = Duration::from_millis(100);

/// From how many tokens on a count that is too small says that a prompt was cut. Smaller ones leave out what a cache
/// had.
const SMALLEST_CONTEXT: u32 = 500;

/// What a vendor's frames mean.
pub(super) trait Protocol: Send + 'static {
    /// Takes in one frame of a stream, which is an object and no error.
    fn parse_frame(frame: &Value, state: &mut StreamState) -> FrameText;
}

/// What a frame says.
#[derive(Debug, Default)]
pub(super) struct FrameText {
    /// Text of the answer, or none.
    pub(super) text: String,
    /// There are thoughts in it.
    pub(super) thinks: bool,
}

/// What a stream has said so far, apart from its text.
#[derive(Debug)]
pub(super) struct StreamState {
    /// How it ends, once an end mark has come.
    pub(super) finish: Option<Finish>,
    /// Why there is nothing to hope for after the text of this frame.
    pub(super) failed: Option<ProviderError>,
    /// The latest usage.
    pub(super) usage: Usage,
    /// Nothing more is to come, not even a usage.
    pub(super) over: bool,
    /// Whether the answer comes as what a tool is called with.
    pub(super) tool: Tool,
    /// Text came in pieces: a whole message behind them repeats it.
    pub(super) in_pieces: bool,
}

/// The tool that takes an answer under a schema, where a vendor has it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tool {
    /// The model was given none.
    NotGiven,
    /// What comes is not for it.
    Closed,
    /// What comes is what it is called with.
    Open,
}

impl From<TooLong> for ProviderError {
    fn from(_: TooLong) -> Self {
        Self::too_much()
    }
}

/// How the bytes of a stream came to an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closed {
    /// As they should.
    Clean,
    /// The connection broke.
    Broken,
    /// They did not, and we wait no more.
    Waited,
}

/// Reads a vendor's stream. After an end or an error there is nothing more.
pub(super) fn read<P, B, E>(body: B, sent: Sent, secret: Secret, now: DateTime<Utc>) -> ChatStream
where
    P: Protocol,
    B: Stream<Item = Result<Bytes, E>> + Send + 'static,
    E: Send + 'static,
{
    read_for::<P, _, _>(PATIENCE, body, sent, secret, now)
}

/// The same, with another patience after an end mark.
pub(super) fn read_for<P, B, E>(
    patience: Duration,
    body: B,
    sent: Sent,
    secret: Secret,
    now: DateTime<Utc>,
) -> ChatStream
where
    P: Protocol,
    B: Stream<Item = Result<Bytes, E>> + Send + 'static,
    E: Send + 'static,
{
    let state = StreamState {
        finish: None,
        failed: None,
        usage: Usage::Missing,
        over: false,
        tool: if sent.schema { Tool::Closed } else { Tool::NotGiven },
        in_pieces: false,
    };
    let reader = Reader {
        body: Box::pin(body),
        frames: Frames::default(),
        state,
        events: VecDeque::new(),
        joiner: Joiner::default(),
        thoughts: Thoughts::default(),
        blank: String::new(),
        said: 0,
        readable: false,
        unreadable: Vec::new(),
        received: 0,
        deadline: None,
        patience,
        closed: None,
        sent,
        secret,
        now,
        protocol: PhantomData::<fn() -> P>,
    };
    Box::pin(stream::unfold(Some(reader), |reader| async move {
        let mut reader = reader?;
        let event = reader.event().await;
        let rest = !matches!(event, Ok(ChatEvent::End(_)) | Err(_));
        Some((event, rest.then_some(reader)))
    }))
}

struct Reader<P, B> {
    body: Pin<Box<B>>,
    frames: Frames,
    state: StreamState,
    events: VecDeque<ChatEvent>,
    joiner: Joiner,
    thoughts: Thoughts,
    /// What has no visible character yet: nothing, unless one follows.
    blank: String,
    /// The bytes of text that were told.
    said: usize,
    /// Whether any frame could be read.
    readable: bool,
    /// The first frame that could not.
    unreadable: Vec<u8>,
    received: usize,
    /// After an end mark: until when to read on.
    deadline: Option<Instant>,
    patience: Duration,
    closed: Option<Closed>,
    sent: Sent,
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
        self.next_event().await.map_err(|error| error.without(&self.secret))
    }

    async fn next_event(&mut self) -> Result<ChatEvent, ProviderError> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Ok(event);
            }
            if let Some(error) = self.state.failed.take() {
                return Err(error);
            }
            if let Some(closed) = self.closed {
                return self.end(closed);
            }
            if let Err(error) = self.read_on().await {
                // What goes wrong behind an end mark takes nothing back, but nobody knows what it kept away.
                let ended = self.state.over || self.state.finish.is_some();
                if ended && self.said > 0 {
                    self.flush();
                    self.closed = Some(Closed::Broken);
                } else {
                    // Not before what was said before it.
                    self.state.failed = Some(error);
                }
            }
        }
    }

    /// Reads a frame, or more bytes.
    async fn read_on(&mut self) -> Result<(), ProviderError> {
        match self.frames.next()? {
            Some(Frame::Quiet) => {
                self.events.push_back(ChatEvent::Alive);
                return Ok(());
            }
            Some(Frame::Data { bytes, error }) => {
                let bytes = bytes.to_vec();
                self.take(&bytes, error)?;
                return self.note();
            }
            None => {}
        }
        match self.bytes().await {
            Ok(bytes) => {
                self.received += bytes.len();
                if self.received > LONGEST_STREAM {
                    return Err(ProviderError::too_much());
                }
                self.frames.push(&bytes);
            }
            Err(closed) => self.close(closed)?,
        }
        Ok(())
    }

    /// The next bytes, or how they ended.
    async fn bytes(&mut self) -> Result<Bytes, Closed> {
        let next = self.body.next();
        let next = match self.deadline {
            None => next.await,
            Some(deadline) => timeout_at(deadline, next).await.map_err(|_elapsed| Closed::Waited)?,
        };
        next.ok_or(Closed::Clean)?.map_err(|_broken| Closed::Broken)
    }

    /// Takes what is left once no more bytes come.
    fn close(&mut self, closed: Closed) -> Result<(), ProviderError> {
        self.frames.close();
        while let Some(frame) = self.frames.next()? {
            if let Frame::Data { bytes, error } = frame {
                let bytes = bytes.to_vec();
                self.take(&bytes, error)?;
            }
        }
        self.closed = Some(closed);
        self.flush();
        self.note()
    }

    /// Tells what was held back.
    fn flush(&mut self) {
        if let Some(rest) = self.joiner.finish() {
            self.think(&rest);
        }
        if let Some(rest) = self.thoughts.finish() {
            self.push_text(&rest);
        }
    }

    /// Takes a frame: an object, a list of them, or, where a server forgets line ends, one a line.
    fn take(&mut self, frame: &[u8], error: bool) -> Result<(), ProviderError> {
        let mut frame = frame.trim_ascii();
        // A gateway in front of a gateway.
        while let Some(within) = frame.strip_prefix(b"data:") {
            frame = within.trim_ascii_start();
        }
        if frame.is_empty() {
            return Ok(());
        }
        if frame.eq_ignore_ascii_case(DONE) {
            self.state.over = true;
            return Ok(());
        }
        match json::parse(frame) {
            Some(json::Read { value: Value::Array(list), halves }) => {
                list.iter().try_for_each(|value| self.take_value(value, halves, error))
            }
            Some(json::Read { value, halves }) => self.take_value(&value, halves, error),
            None if frame.contains(&b'\n') => {
                frame.split(|byte| *byte == b'\n').try_for_each(|line| self.take(line, error))
            }
            None => self.skip(frame, error),
        }
    }

    fn take_value(&mut self, value: &Value, halves: bool, error: bool) -> Result<(), ProviderError> {
        if !value.is_object() {
            return self.skip(value.to_string().as_bytes(), error);
        }
        if fault::is_error(value, error) {
            return Err(self.fault(value.to_string().as_bytes()));
        }
        self.readable = true;
        if value.get("type").is_some_and(|kind| kind == "ping") {
            self.events.push_back(ChatEvent::Alive);
        }
        let said = P::parse_frame(value, &mut self.state);
        if said.thinks {
            self.events.push_back(ChatEvent::Thinking);
        }
        let text = self.joiner.push(said.text, halves);
        if !text.is_empty() {
            self.think(&text);
        }
        Ok(())
    }

    /// A frame that cannot be read is no reason not to read the others.
    fn skip(&mut self, frame: &[u8], error: bool) -> Result<(), ProviderError> {
        if error {
            return Err(self.fault(frame));
        }
        if self.unreadable.is_empty() {
            frame.clone_into(&mut self.unreadable);
        }
        Ok(())
    }

    fn think(&mut self, text: &str) {
        for told in self.thoughts.push(text) {
            match told {
                Piece::Thought => self.events.push_back(ChatEvent::Thinking),
                Piece::Text(text) => self.push_text(&text),
                Piece::TakenBack => {
                    self.events.retain(|event| !matches!(event, ChatEvent::Delta(_)));
                    if std::mem::take(&mut self.said) > 0 {
                        self.events.push_back(ChatEvent::Restart);
                    }
                    self.blank.clear();
                    self.events.push_back(ChatEvent::Thinking);
                }
            }
        }
    }

    /// Tells text, from its first visible character on.
    fn push_text(&mut self, text: &str) {
        // No database takes one, and no reader misses it.
        let text =
            &*if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) };
        if self.said == 0 {
            self.blank.push_str(text);
            if self.blank.len() > LONGEST_ANSWER || self.blank.chars().all(is_blank) {
                return;
            }
            let text = std::mem::take(&mut self.blank);
            self.said = text.len();
            self.events.push_back(ChatEvent::Delta(text));
        } else {
            self.said += text.len();
            self.events.push_back(ChatEvent::Delta(text.to_owned()));
        }
    }

    fn note(&mut self) -> Result<(), ProviderError> {
        if self.said.max(self.blank.len()) > LONGEST_ANSWER {
            self.events.clear();
            return Err(ProviderError::too_much());
        }
        if self.sent.longest.is_some_and(|longest| self.said > longest) {
            // The provider ignores the limit that it was sent: what it said stands, and no more is read.
            self.flush();
            // An end mark that it set before says nothing of what followed.
            if !matches!(self.state.finish, Some(Finish::Blocked(_))) {
                self.state.finish = Some(Finish::Length);
            }
            self.state.over = true;
            self.closed = Some(Closed::Waited);
            return Ok(());
        }
        if self.state.over {
            let latest = Instant::now() + CLOSE_GRACE;
            self.deadline = Some(self.deadline.map_or(latest, |deadline| deadline.min(latest)));
        } else if self.state.finish.is_some() {
            self.deadline = Some(Instant::now() + self.patience);
        }
        Ok(())
    }

    fn end(&mut self, closed: Closed) -> Result<ChatEvent, ProviderError> {
        let usage = self.usage();
        let over = self.state.over || closed == Closed::Clean;
        let finish = match self.state.finish.take() {
            Some(Finish::Blocked(code)) => Finish::Blocked(code),
            Some(Finish::Length) if self.said == 0 => return Err(self.empty_by_length()),
            None if !self.state.over => return Err(self.unfinished()),
            None | Some(_) if self.said == 0 => return Err(ProviderError::empty()),
            None => Finish::Stop,
            Some(finish) if over => finish,
            Some(_) => Finish::Unclosed,
        };
        Ok(ChatEvent::End(End { finish, usage, prompt_cut: self.prompt_cut() }))
    }

    /// What the vendor counted, unless that cannot be: then nobody knows, and it is estimated.
    fn usage(&self) -> Usage {
        let Usage::Exact { prompt, completion, .. } = self.state.usage else { return Usage::Missing };
        let told = u32::try_from(self.said).unwrap_or(u32::MAX);
        let answer = self.sent.most_answer.saturating_add(told);
        let known = self.sent.most_prompt > 0;
        if known && (prompt > self.sent.most_prompt || completion > answer) {
            tracing::warn!(prompt, completion, "a provider counts more tokens than there can be");
            return Usage::Missing;
        }
        self.state.usage
    }

    /// Whether the server counts far fewer tokens than the prompt surely had. It has cut the prompt, then, to what it
    /// holds at all.
    fn prompt_cut(&self) -> bool {
        let Usage::Exact { prompt, .. } = self.usage() else { return false };
        prompt >= SMALLEST_CONTEXT && u64::from(prompt) * 10 < u64::from(self.sent.tokens) * 6
    }

    fn empty_by_length(&self) -> ProviderError {
        let mut error = ProviderError::new(
            Class::EmptyByLength,
            Some(200),
            "the model used up its tokens and said nothing",
        );
        if let Usage::Exact { completion, thoughts, .. } = self.usage() {
            error.thoughts = thoughts.or(Some(completion)).filter(|thoughts| *thoughts > 0);
        }
        error
    }

    /// Why a stream without an end mark failed.
    fn unfinished(&self) -> ProviderError {
        let stray = self.frames.stray();
        if !stray.is_empty() {
            // No stream at all, but a page, or an error with the wrong status.
            return self.fault(stray);
        }
        if !self.readable && !self.unreadable.is_empty() {
            return ProviderError::not_its_protocol(200);
        }
        ProviderError::broken_off()
    }

    fn fault(&self, body: &[u8]) -> ProviderError {
        verdict::of(200, &HeaderMap::new(), body, &self.sent, self.now)
    }
}

/// Whether a character shows nothing.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}')
}
