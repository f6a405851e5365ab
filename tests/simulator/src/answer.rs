//! What a model says, in chunks.

use crate::{Ask, Behaviour, Script, ask::Provider};

/// How an answer closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closing {
    /// The model had said all.
    Stop,
    /// It reached the most tokens that it may use.
    Length,
    /// The safety rules stopped it.
    Blocked,
    /// The safety rules refused the prompt; Gemini and Anthropic say so under status 200.
    PromptBlocked,
    /// There is no end mark.
    Missing,
    /// An error object takes the place of the end mark.
    Error,
    /// The same with `OpenRouter`'s numeric code.
    NumericError,
}

impl Closing {
    /// The protocol calls this a complete answer.
    pub(crate) const fn is_end_mark(self) -> bool {
        matches!(self, Self::Stop | Self::Length | Self::Blocked | Self::PromptBlocked)
    }
}

/// An answer, as much of it as will be sent.
#[derive(Debug)]
pub(crate) struct Answer {
    text: String,
    ends: Vec<usize>,
    /// How it closes.
    pub(crate) closing: Closing,
    /// Tokens that were thought and not said.
    pub(crate) thoughts: usize,
    /// It is under a schema, which Anthropic gives as the input of a tool.
    pub(crate) structured: bool,
}

impl Answer {
    /// Writes the answer that the script wants; `own` is what the simulator would say to this question, where that is not
    /// numbered words.
    pub(crate) fn compose(ask: &Ask, script: &Script, own: Option<String>, structured: bool) -> Self {
        let mut text = match (&script.text, own) {
            (Some(text), _) => text.clone(),
            (None, Some(own)) => own,
            (None, None) => numbered(script.chunks, script.behaviour == Behaviour::HalfUtf8),
        };
        let mut ends: Vec<usize> = text
            .split_inclusive(char::is_whitespace)
            .scan(0, |end, word| {
                *end += word.len();
                Some(*end)
            })
            .collect();
        let mut closing = Closing::Stop;
        if let Some(limit) =
            ask.limit.filter(|limit| !script.ignores_limit && (*limit < ends.len() || *limit == 1))
        {
            ends.truncate(limit);
            closing = Closing::Length;
        }
        // Ollama has no safety rules: there is nothing to say "blocked" with.
        if ask.provider != Provider::Ollama || !is_block(script.behaviour) {
            ends.truncate(script.behaviour.chunks_of(ends.len()));
            closing = closing_of(script.behaviour).unwrap_or(closing);
        }
        text.truncate(ends.last().copied().unwrap_or(0));
        // A model that talks instead has no use for the tool.
        let structured = structured && text.trim_start().starts_with('{');
        Self { text, ends, closing, thoughts: script.thoughts, structured }
    }

    /// The chunks.
    pub(crate) fn chunks(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).filter_map(|(start, end)| self.text.get(*start..*end))
    }

    /// How many chunks there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The chunks in one.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

fn is_block(behaviour: Behaviour) -> bool {
    matches!(behaviour, Behaviour::BlockedPrompt | Behaviour::BlockedMidway)
}

fn closing_of(behaviour: Behaviour) -> Option<Closing> {
    match behaviour {
        Behaviour::BlockedPrompt => Some(Closing::PromptBlocked),
        Behaviour::BlockedMidway => Some(Closing::Blocked),
        Behaviour::ErrorInStream { .. } => Some(Closing::Error),
        Behaviour::NumericCodeInStream { .. } => Some(Closing::NumericError),
        Behaviour::CutBeforeFirstToken
        | Behaviour::CutAfter { .. }
        | Behaviour::NoEndMark { .. }
        | Behaviour::SilenceAfterHeaders
        | Behaviour::SilenceAfter { .. } => Some(Closing::Missing),
        _ => None,
    }
}

/// `word0 word1 …`, or the same with characters of two and four bytes.
fn numbered(chunks: usize, multi_byte: bool) -> String {
    let mut text = String::with_capacity(chunks.saturating_mul(8).min(1 << 20));
    for number in 0..chunks {
        if number > 0 {
            text.push(' ');
        }
        text.push_str(if multi_byte { "wörd🩺" } else { "word" });
        text.push_str(&number.to_string());
    }
    text
}
