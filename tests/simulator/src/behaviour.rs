//! What a key can do to a call.

use serde::{Deserialize, Serialize};

/// How a call ends. In JSON a plain one is its name (`"invalid_key"`), one with a figure is an object
/// (`{"rate_limited":{"retry_after_s":8}}`).
///
/// Chunk counts say how much is sent before it happens. A call that is not streamed meets the nearest
/// thing: a cut body is half of its bytes, an error in the stream is an error object under status 200.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Behaviour {
    /// A complete answer.
    #[default]
    Answer,
    /// The key is not valid: Gemini says 400, the others 401.
    InvalidKey,
    /// 429, the quota of the day is spent. Gemini says "retry in 38 s" all the same.
    DailyQuota,
    /// 429, too many calls of late.
    RateLimited {
        /// How long the vendor asks to wait, in seconds.
        retry_after_s: u64,
    },
    /// 429 without a hint of when to return.
    RateLimitedBare,
    /// 429, there is nothing left to spend.
    InsufficientQuota,
    /// 402, prepaid credit is gone.
    PrepaidGone,
    /// 503, the model is overloaded.
    Overloaded,
    /// 503 with OpenAI's `slow_down`.
    SlowDown,
    /// 500.
    InternalError,
    /// 502 with the HTML page of a proxy.
    BadGateway,
    /// 504.
    GatewayTimeout,
    /// 529, as Anthropic-like gateways say "overloaded".
    Unavailable529,
    /// 400, a field of the request is wrong.
    BadRequest,
    /// 400, the prompt is longer than the model's context.
    ContextTooLong,
    /// 413.
    PayloadTooLarge,
    /// 404.
    UnknownModel,
    /// 403.
    Forbidden,
    /// The vendor does not serve this country: Gemini says 400, the others 403.
    RegionBlocked,
    /// The safety rules refuse the prompt: Gemini and Anthropic under status 200, OpenAI as 400. Ollama has no such
    /// rules and answers.
    BlockedPrompt,
    /// The safety rules stop the answer when half of it was sent. Ollama answers in full.
    BlockedMidway,
    /// Status 200, then the connection breaks before any text.
    CutBeforeFirstToken,
    /// The connection breaks within the stream.
    CutAfter {
        /// Chunks that arrive first.
        chunks: usize,
    },
    /// The stream ends cleanly, but without its end mark.
    NoEndMark {
        /// Chunks that arrive first.
        chunks: usize,
    },
    /// Status 200, then an error object inside the stream.
    ErrorInStream {
        /// Chunks that arrive first.
        chunks: usize,
    },
    /// The same as `OpenRouter` does it: `code` is a number, the frame has choices too.
    NumericCodeInStream {
        /// Chunks that arrive first.
        chunks: usize,
    },
    /// 429 as `OpenRouter` does it: `code` is a number.
    NumericCode,
    /// Nothing at all, not even a status line.
    Silence,
    /// Status 200 and headers, then nothing.
    SilenceAfterHeaders,
    /// The stream falls silent and the connection stays open.
    SilenceAfter {
        /// Chunks that arrive first.
        chunks: usize,
    },
    /// A complete answer, one byte at a time.
    SlowDrip {
        /// Milliseconds between two bytes.
        ms_per_byte: u64,
    },
    /// Status 200 and bytes that are neither JSON nor SSE.
    Garbage,
    /// Status 200 and no body.
    EmptyBody,
    /// A complete answer whose every write ends in the middle of a multi-byte character. The text of an
    /// answer without a script of its own is then full of such characters.
    HalfUtf8,
    /// What the script's rules say, byte for byte.
    Rules,
}

impl Behaviour {
    /// Chunks that are sent of an answer of `all`.
    pub(crate) fn chunks_of(self, all: usize) -> usize {
        match self {
            Self::BlockedPrompt | Self::CutBeforeFirstToken | Self::SilenceAfterHeaders => 0,
            Self::BlockedMidway => all.div_ceil(2),
            Self::CutAfter { chunks }
            | Self::NoEndMark { chunks }
            | Self::ErrorInStream { chunks }
            | Self::NumericCodeInStream { chunks }
            | Self::SilenceAfter { chunks } => chunks.min(all),
            _ => all,
        }
    }
}
