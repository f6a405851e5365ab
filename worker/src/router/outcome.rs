//! How a question came out.

use chrono::{DateTime, Utc};
use domain::{chat::history::estimate_tokens, ids::KeyId, keys::Provider, quota::Exceeded};

use crate::providers::{ChatRequest, Class, End, Finish, Lack, ProviderError, Usage};

/// Why a shared key may not serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotPaid {
    /// A limit of the student's plan is reached.
    Exceeded(Exceeded),
    /// The feature is closed by now.
    Closed,
    /// It cannot be known now.
    Unknown(String),
}

/// How a question came out. What was said is in its [`Output`](super::Output).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// How it ended.
    pub end: AnswerEnd,
    /// Who delivered, where somebody did.
    pub by: Option<By>,
    /// Tokens of the delivered call.
    pub usage: Tokens,
    /// Calls that were abandoned, and their tokens, estimated.
    pub abandoned: Abandoned,
    /// Nothing may be cited: nobody knows which part of the prompt the model saw.
    pub prompt_cut: bool,
    /// Pictures of earlier messages that whoever delivered was not shown.
    pub pictures_left_out: usize,
}

/// How a question ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerEnd {
    /// All is said; true where the model reached its longest answer.
    Complete {
        /// Whether it was cut at the most tokens that an answer may have.
        at_length: bool,
    },
    /// The stream broke off, and nobody could take over.
    Truncated,
    /// The provider would not answer; its code.
    Blocked(String),
    /// Nobody who was asked took the request, or had a word to say to it.
    Declined(Declined),
    /// The student stopped it.
    Cancelled,
    /// No key before this time: ask again then.
    Wait(DateTime<Utc>),
    /// No key soon enough; when there may be one, as far as is known.
    Exhausted(Option<DateTime<Utc>>),
    /// The student's own key does not serve, and a shared one may not.
    NotPaid(NotPaid),
}

/// Why nobody answered a request, although providers are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Declined {
    /// What was said holds nothing that could be used, also when it was asked for again.
    NothingUsable,
    /// The length of an answer was used up, by thoughts perhaps, before there was a word.
    NoWord,
    /// The providers stopped for reasons of their own.
    Withheld,
    /// A field of it, or the order of its turns.
    Request,
    /// Nobody who can serve can look at its picture.
    Picture,
    /// It is too long.
    TooLong,
}

impl Declined {
    /// What a failure means for the request; `None` where it is the provider's trouble.
    pub(super) fn of(error: &ProviderError) -> Option<Self> {
        match error.class {
            Class::Withheld => Some(Self::Withheld),
            Class::EmptyByLength => Some(Self::NoWord),
            Class::Refusal => Some(match (&error.lacks, error.status) {
                (Some(Lack::Vision), _) => Self::Picture,
                (Some(Lack::Context(_)), _) | (_, Some(413)) => Self::TooLong,
                _ if error.reason.contains("context_length") => Self::TooLong,
                _ => Self::Request,
            }),
            _ => None,
        }
    }
}

/// Who delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// Through which key.
    pub key: KeyId,
    /// Whether the key is the student's own.
    pub own: bool,
    /// Whose.
    pub provider: Provider,
    /// With which model.
    pub model: String,
}

/// Tokens of a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Of the prompt.
    pub prompt: u32,
    /// Of the answer.
    pub completion: u32,
    /// Whether these are the provider's own figures.
    pub exact: bool,
}

/// What failing over cost the platform.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Abandoned {
    /// Calls.
    pub calls: u32,
    /// Their tokens, estimated.
    pub tokens: u32,
}

/// A call that broke off after some text.
pub(super) struct Partial {
    pub(super) by: By,
    pub(super) usage: Tokens,
}

impl Answered {
    /// Of a question that nobody was asked.
    pub const fn of_none(end: AnswerEnd) -> Self {
        Self::without(end, Abandoned { calls: 0, tokens: 0 })
    }

    pub(super) const fn without(end: AnswerEnd, abandoned: Abandoned) -> Self {
        Self {
            end,
            by: None,
            usage: Tokens { prompt: 0, completion: 0, exact: false },
            abandoned,
            prompt_cut: false,
            pictures_left_out: 0,
        }
    }

    pub(super) fn partly(end: AnswerEnd, partial: Option<Partial>, abandoned: Abandoned) -> Self {
        let (by, usage) = partial.map(|partial| (partial.by, partial.usage)).unzip();
        Self { by, usage: usage.unwrap_or_default(), ..Self::without(end, abandoned) }
    }
}

impl Abandoned {
    pub(super) const fn add(&mut self, usage: Tokens) {
        self.calls += 1;
        self.tokens = self.tokens.saturating_add(usage.sum());
    }
}

impl Tokens {
    /// Both together.
    pub const fn sum(self) -> u32 {
        self.prompt.saturating_add(self.completion)
    }
}

pub(super) fn delivered(
    end: &End,
    by: By,
    request: &ChatRequest,
    text: &str,
    abandoned: Abandoned,
) -> Answered {
    let usage = tokens_of(end, request, text);
    let prompt_cut = end.prompt_cut;
    let end = match &end.finish {
        Finish::Stop => AnswerEnd::Complete { at_length: false },
        Finish::Length => AnswerEnd::Complete { at_length: true },
        Finish::Unclosed => AnswerEnd::Truncated,
        Finish::Blocked(code) => AnswerEnd::Blocked(code.clone()),
    };
    Answered { by: Some(by), usage, prompt_cut, ..Answered::without(end, abandoned) }
}

pub(super) fn tokens_of(end: &End, request: &ChatRequest, text: &str) -> Tokens {
    match end.usage {
        Usage::Exact { prompt, completion, .. } => Tokens { prompt, completion, exact: true },
        Usage::Missing => estimate(request, text),
    }
}

/// What a call came to whose provider did not say.
pub(super) fn estimate(request: &ChatRequest, text: &str) -> Tokens {
    let prompt = request.turns.iter().map(|turn| turn.text.chars().count()).sum::<usize>();
    let tokens = |chars| u32::try_from(estimate_tokens(chars)).unwrap_or(u32::MAX);
    Tokens {
        prompt: tokens(prompt + request.system.chars().count()),
        completion: tokens(text.chars().count()),
        exact: false,
    }
}
