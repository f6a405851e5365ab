//! What a key does, written so that a test reads as a story.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Behaviour, Case, Rule};

/// What a key does from now on, or once (see [`Simulator::script_next`](crate::Simulator::script_next)).
///
/// As JSON, for `PUT /_sim/keys/{key}`, every field may be left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Script {
    /// How a call ends.
    pub behaviour: Behaviour,
    /// Before the first token; before the status line where there is no stream.
    pub first_token_delay_ms: u64,
    /// Between two tokens.
    pub token_delay_ms: u64,
    /// Tokens of an answer that has no text of its own.
    pub chunks: usize,
    /// The exact answer; each word is a chunk.
    pub text: Option<String>,
    /// Answer with the demo provider's text. `text` wins over it.
    pub demo: bool,
    /// Tokens that the model thinks before it speaks; they are sent and charged as thoughts.
    pub thoughts: usize,
    /// Say all there is to say, whatever limit was sent.
    pub ignores_limit: bool,
    /// Report usage.
    pub usage: bool,
    /// End lines with CR LF.
    pub crlf: bool,
    /// Spread each SSE event over several `data:` lines.
    pub multiline_data: bool,
    /// Send an SSE comment before the first event, as `OpenRouter` does while it waits.
    pub comments: bool,
    /// Calls that succeed in one UTC day.
    pub quota_per_day: Option<u64>,
    /// Calls that succeed in one minute.
    pub rate_per_minute: Option<u64>,
    /// Keys of one group, such as a Gemini project, share their quotas.
    pub quota_group: Option<String>,
    /// The exact bytes and pauses of each call, at any path: the first rule that fits answers. Where there are any,
    /// nothing else of the script counts.
    pub rules: Vec<Rule>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            behaviour: Behaviour::Answer,
            first_token_delay_ms: 0,
            token_delay_ms: 0,
            chunks: 40,
            text: None,
            demo: false,
            thoughts: 0,
            ignores_limit: false,
            usage: true,
            crlf: false,
            multiline_data: false,
            comments: false,
            quota_per_day: None,
            rate_per_minute: None,
            quota_group: None,
            rules: Vec::new(),
        }
    }
}

impl From<Behaviour> for Script {
    fn from(behaviour: Behaviour) -> Self {
        Self { behaviour, ..Self::default() }
    }
}

/// How it begins.
impl Script {
    /// A complete answer of 40 numbered words.
    pub fn healthy() -> Self {
        Self::default()
    }

    /// A complete answer with this text.
    pub fn answers(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }

    /// The built-in demo provider: a helpful text that says what it is, at a reader's pace.
    pub fn demo() -> Self {
        Self { demo: true, first_token_delay_ms: 150, token_delay_ms: 12, ..Self::default() }
    }

    /// The bytes and pauses of rules, the first that fits.
    pub fn rules(rules: impl IntoIterator<Item = Rule>) -> Self {
        let rules = rules.into_iter().collect();
        Self { behaviour: Behaviour::Rules, rules, ..Self::default() }
    }

    /// What a real server was seen to do.
    pub fn case(case: Case) -> Self {
        Self::rules(case.rules())
    }

    /// A key that the vendor does not know.
    pub fn invalid_key() -> Self {
        Behaviour::InvalidKey.into()
    }

    /// A key whose daily quota is spent.
    pub fn daily_quota() -> Self {
        Behaviour::DailyQuota.into()
    }

    /// A key that is asked to wait, in whole seconds.
    pub fn rate_limited(retry_after: Duration) -> Self {
        Behaviour::RateLimited { retry_after_s: retry_after.as_secs() }.into()
    }

    /// A key that is asked to wait, nobody knows how long.
    pub fn rate_limited_bare() -> Self {
        Behaviour::RateLimitedBare.into()
    }

    /// A key with nothing left to spend.
    pub fn insufficient_quota() -> Self {
        Behaviour::InsufficientQuota.into()
    }

    /// 503.
    pub fn overloaded() -> Self {
        Behaviour::Overloaded.into()
    }

    /// 500.
    pub fn internal_error() -> Self {
        Behaviour::InternalError.into()
    }

    /// 400.
    pub fn bad_request() -> Self {
        Behaviour::BadRequest.into()
    }

    /// The safety rules refuse the prompt.
    pub fn blocked_prompt() -> Self {
        Behaviour::BlockedPrompt.into()
    }

    /// The safety rules stop the answer at half.
    pub fn blocked_midway() -> Self {
        Behaviour::BlockedMidway.into()
    }

    /// The connection breaks before any text.
    pub fn cut_before_first_token() -> Self {
        Behaviour::CutBeforeFirstToken.into()
    }

    /// The connection breaks after so many chunks.
    pub fn cut_after(chunks: usize) -> Self {
        Behaviour::CutAfter { chunks }.into()
    }

    /// The stream ends cleanly after so many chunks, but without its end mark.
    pub fn no_end_mark(chunks: usize) -> Self {
        Behaviour::NoEndMark { chunks }.into()
    }

    /// So many chunks, then an error object inside the stream.
    pub fn error_in_stream(chunks: usize) -> Self {
        Behaviour::ErrorInStream { chunks }.into()
    }

    /// A vendor that never answers.
    pub fn silent() -> Self {
        Behaviour::Silence.into()
    }

    /// A vendor that falls silent after so many chunks.
    pub fn silent_after(chunks: usize) -> Self {
        Behaviour::SilenceAfter { chunks }.into()
    }
}

/// How it goes on.
impl Script {
    /// The same, but calls end so.
    #[must_use]
    pub fn behaving(self, behaviour: Behaviour) -> Self {
        Self { behaviour, ..self }
    }

    /// The same, but with this text.
    #[must_use]
    pub fn saying(self, text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..self }
    }

    /// The same, but the first token takes its time.
    #[must_use]
    pub fn first_token_after(self, delay: Duration) -> Self {
        Self { first_token_delay_ms: millis(delay), ..self }
    }

    /// The same, but with a pause between tokens.
    #[must_use]
    pub fn token_every(self, delay: Duration) -> Self {
        Self { token_delay_ms: millis(delay), ..self }
    }

    /// The same, but so long.
    #[must_use]
    pub fn chunks(self, chunks: usize) -> Self {
        Self { chunks, ..self }
    }

    /// The same, but the model thinks first.
    #[must_use]
    pub fn thinking(self, thoughts: usize) -> Self {
        Self { thoughts, ..self }
    }

    /// The same, but the limit of tokens that was sent is ignored.
    #[must_use]
    pub fn ignoring_the_limit(self) -> Self {
        Self { ignores_limit: true, ..self }
    }

    /// The same, but usage is kept secret.
    #[must_use]
    pub fn without_usage(self) -> Self {
        Self { usage: false, ..self }
    }

    /// The same, but lines end with CR LF.
    #[must_use]
    pub fn with_crlf(self) -> Self {
        Self { crlf: true, ..self }
    }

    /// The same, but events span several `data:` lines.
    #[must_use]
    pub fn with_multiline_data(self) -> Self {
        Self { multiline_data: true, ..self }
    }

    /// The same, but with an SSE comment first.
    #[must_use]
    pub fn with_comments(self) -> Self {
        Self { comments: true, ..self }
    }

    /// The same, but so many calls a UTC day.
    #[must_use]
    pub fn per_day(self, calls: u64) -> Self {
        Self { quota_per_day: Some(calls), ..self }
    }

    /// The same, but so many calls a minute.
    #[must_use]
    pub fn per_minute(self, calls: u64) -> Self {
        Self { rate_per_minute: Some(calls), ..self }
    }

    /// The same, but quotas are shared with the keys of this group.
    #[must_use]
    pub fn in_group(self, group: impl Into<String>) -> Self {
        Self { quota_group: Some(group.into()), ..self }
    }
}

fn millis(delay: Duration) -> u64 {
    u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)
}
