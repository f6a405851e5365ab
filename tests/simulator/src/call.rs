//! The log of calls.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Ask, Behaviour, clock};

/// How many calls the log keeps unless [`Simulator::keep_calls`](crate::Simulator::keep_calls) says
/// otherwise.
const KEPT: usize = 50_000;

/// One call, as far as it has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// When it came, in milliseconds since 1970.
    pub at_ms: u64,
    /// Whose protocol was spoken, such as `gemini`.
    pub provider: String,
    /// The path, without a query.
    pub path: String,
    /// The key; empty where there was none.
    pub key: String,
    /// The model, where one was named.
    pub model: Option<String>,
    /// A stream was asked for.
    pub streamed: bool,
    /// The request's body, null where it had none or was no JSON.
    pub prompt: Value,
    /// What the script meant to do with it.
    pub behaviour: Behaviour,
    /// The HTTP status; none until there is one.
    pub outcome: Option<u16>,
    /// Chunks of text that were handed to the connection.
    pub chunks_sent: usize,
    /// The answer was handed over whole, up to its end mark. False for errors.
    pub finished: bool,
    /// The client hung up before the simulator was done.
    pub aborted: bool,
    /// Tokens of the prompt.
    pub prompt_tokens: usize,
    /// Tokens of the answer so far, thoughts included.
    pub completion_tokens: usize,
}

/// Sums over all calls since the start or the last [`Simulator::forget`](crate::Simulator::forget),
/// those that the log no longer keeps included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Calls that came.
    pub calls: u64,
    /// Calls whose answer was handed over whole.
    pub finished: u64,
    /// Calls whose client hung up first.
    pub aborted: u64,
    /// Calls that are still being answered.
    pub open: u64,
}

#[derive(Debug, Default)]
struct Counters {
    calls: AtomicU64,
    finished: AtomicU64,
    aborted: AtomicU64,
    closed: AtomicU64,
}

/// The latest calls, oldest first.
#[derive(Debug)]
pub(crate) struct Log {
    calls: VecDeque<Arc<Mutex<Call>>>,
    keep: usize,
    counters: Arc<Counters>,
}

impl Default for Log {
    fn default() -> Self {
        Self { calls: VecDeque::new(), keep: KEPT, counters: Arc::default() }
    }
}

impl Log {
    /// Opens the record of a call.
    pub(crate) fn open(&mut self, ask: &mut Ask, behaviour: Behaviour) -> Recorder {
        let call = Call {
            at_ms: clock::now_ms(),
            provider: ask.provider.as_str().to_owned(),
            path: std::mem::take(&mut ask.path),
            key: ask.key.clone(),
            model: ask.model.clone(),
            streamed: ask.streamed,
            prompt: std::mem::take(&mut ask.body),
            behaviour,
            outcome: None,
            chunks_sent: 0,
            finished: false,
            aborted: false,
            prompt_tokens: ask.prompt_tokens,
            completion_tokens: 0,
        };
        let call = Arc::new(Mutex::new(call));
        if self.keep > 0 {
            self.calls.push_back(Arc::clone(&call));
            self.trim();
        }
        self.counters.calls.fetch_add(1, Ordering::Relaxed);
        Recorder { call, counters: Arc::clone(&self.counters), closed: false }
    }

    /// Keeps the latest so many calls.
    pub(crate) fn keep(&mut self, calls: usize) {
        self.keep = calls;
        self.trim();
    }

    fn trim(&mut self) {
        while self.calls.len() > self.keep {
            self.calls.pop_front();
        }
    }

    /// A copy of all.
    pub(crate) fn list(&self) -> Vec<Call> {
        self.calls.iter().map(|call| lock(call).clone()).collect()
    }

    /// The sums.
    pub(crate) fn totals(&self) -> Totals {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let closed = read(&self.counters.closed);
        let calls = read(&self.counters.calls);
        Totals {
            calls,
            finished: read(&self.counters.finished),
            aborted: read(&self.counters.aborted),
            open: calls.saturating_sub(closed),
        }
    }

    /// Empties the log. Calls under way are no longer listed.
    pub(crate) fn forget(&mut self) {
        *self = Self { keep: self.keep, ..Self::default() };
    }
}

/// Writes down what becomes of a call. One that is dropped before it was closed was dropped by hyper,
/// because the client hung up.
#[derive(Debug)]
pub(crate) struct Recorder {
    call: Arc<Mutex<Call>>,
    counters: Arc<Counters>,
    closed: bool,
}

impl Recorder {
    /// The status line is about to go out; thoughts come with it.
    pub(crate) fn answered(&self, status: u16, thoughts: usize) {
        let mut call = lock(&self.call);
        call.outcome = Some(status);
        call.completion_tokens += thoughts;
    }

    /// Chunks of text are about to go out.
    pub(crate) fn sent(&self, chunks: usize) {
        let mut call = lock(&self.call);
        call.chunks_sent += chunks;
        call.completion_tokens += chunks;
    }

    /// The simulator is done with the call.
    pub(crate) fn close(&mut self, finished: bool) {
        if self.closed {
            return;
        }
        self.closed = true;
        self.counters.closed.fetch_add(1, Ordering::Relaxed);
        if finished {
            lock(&self.call).finished = true;
            self.counters.finished.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        if !self.closed {
            self.close(false);
            lock(&self.call).aborted = true;
            self.counters.aborted.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A panic elsewhere leaves the record readable.
fn lock(call: &Mutex<Call>) -> MutexGuard<'_, Call> {
    call.lock().unwrap_or_else(PoisonError::into_inner)
}
