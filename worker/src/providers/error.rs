//! Why a provider call failed, in terms of what the caller may do next.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::keys::{Secret, health::SignalKind};

use super::Lack;

/// What a failure means. It alone decides what happens to the key and to the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The key is refused: it is degraded at once, the next key is tried.
    Credential,
    /// The key's budget is spent until a reset: its whole quota group cools, the next key is tried.
    Quota,
    /// Too many calls just now: as for quota, for a short while.
    Rate,
    /// The provider fails: counts against the key, the next key is tried.
    Overload,
    /// This endpoint (address and model) does not take this request: a field, a length, an order of turns,
    /// a picture. No key is to blame, and another endpoint may do better. What was shown stands in
    /// [`ProviderError::lacks`], where the vendor said it.
    Refusal,
    /// The provider withholds this answer for reasons of its own (Gemini's `RECITATION`, `LANGUAGE`, `OTHER`):
    /// no key is to blame, another provider may answer.
    Withheld,
    /// All the tokens went into thoughts, or the length was reached, and there is no visible word. No key is to
    /// blame; the same model would do the same.
    EmptyByLength,
    /// The provider will not answer this: no key is to blame.
    Blocked,
}

impl Class {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Quota => "quota",
            Self::Rate => "rate",
            Self::Overload => "overload",
            Self::Refusal => "refusal",
            Self::Withheld => "withheld",
            Self::EmptyByLength => "empty_by_length",
            Self::Blocked => "blocked",
        }
    }

    /// What it says about the key.
    pub const fn signal_kind(self) -> SignalKind {
        match self {
            Self::Credential => SignalKind::Refused,
            Self::Quota | Self::Rate => SignalKind::Limited,
            Self::Overload => SignalKind::Failed,
            Self::Refusal | Self::Withheld | Self::EmptyByLength | Self::Blocked => SignalKind::Nothing,
        }
    }
}

/// A failed call. It carries no text of the vendor's beyond short machine codes, since messages of
/// vendors quote prompts and keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ProviderError {
    /// What it means.
    pub class: Class,
    /// The HTTP status, where there was an answer; for an error inside a stream, the status that
    /// the error names, or else the stream's own.
    pub status: Option<u16>,
    /// Our few words, such as `the key is not valid`, and the vendor's code in brackets.
    pub reason: String,
    /// When the provider may be asked again, where it said so (or where its daily quota resets).
    pub retry_at: Option<DateTime<Utc>>,
    /// The stream broke off, or ended without its end mark.
    pub truncated: bool,
    /// What the endpoint has shown that it cannot do, where the failure says so.
    pub lacks: Option<Lack>,
    /// Tokens that went into thoughts, where the vendor counted them.
    pub thoughts: Option<u32>,
}

impl ProviderError {
    /// A failure in our words.
    pub fn new(class: Class, status: Option<u16>, reason: impl Into<String>) -> Self {
        Self {
            class,
            status,
            reason: reason.into(),
            retry_at: None,
            truncated: false,
            lacks: None,
            thoughts: None,
        }
    }

    /// The stream broke off, or ended without its end mark.
    pub fn broken_off() -> Self {
        let reason = "the stream broke off before its end";
        Self { truncated: true, ..Self::new(Class::Overload, Some(200), reason) }
    }

    /// What arrived is not what the provider's protocol allows.
    pub fn not_its_protocol(status: u16) -> Self {
        Self::new(Class::Overload, Some(status), NOT_ITS_PROTOCOL)
    }

    /// An answer without a visible character, whatever it calls itself.
    pub fn empty() -> Self {
        Self::new(Class::Overload, Some(200), "the provider sent an empty answer")
    }

    /// More arrived than any honest answer has.
    pub fn too_much() -> Self {
        Self::new(Class::Overload, Some(200), "the provider sent too much")
    }

    /// Says when the provider may be asked again.
    #[must_use]
    pub fn retry_at(mut self, at: Option<DateTime<Utc>>) -> Self {
        self.retry_at = at;
        self
    }

    /// Says what the endpoint has shown that it cannot do.
    #[must_use]
    pub fn lacks(mut self, lack: Option<Lack>) -> Self {
        self.lacks = lack;
        self
    }

    /// Adds the vendor's code to the reason, if it is one.
    #[must_use]
    pub fn code(mut self, code: Option<&str>) -> Self {
        if let Some(code) = code.and_then(machine_code) {
            self.reason = format!("{} ({code})", self.reason);
        }
        self
    }

    /// Our words and the vendor's code apart, as [`Self::code`] put them together.
    pub fn reason_and_code(&self) -> (&str, Option<&str>) {
        let apart = self.reason.strip_suffix(')').and_then(|reason| reason.rsplit_once(" ("));
        match apart {
            Some((reason, code)) if machine_code(code).is_some() => (reason, Some(code)),
            _ => (&self.reason, None),
        }
    }

    /// Drops the reason where it has the key in it: a hostile or careless server may send the key
    /// back in the place of a code.
    #[must_use]
    pub fn without(mut self, secret: &Secret) -> Self {
        if !secret.is_none() && self.reason.contains(secret.expose()) {
            NOT_ITS_PROTOCOL.clone_into(&mut self.reason);
        }
        self
    }
}

/// Why a call failed that brought nothing we can read.
pub(super) const NOT_ITS_PROTOCOL: &str = "the provider sent something that is not its protocol";

/// The text, if it is a short machine code such as `rate_limit_exceeded`, which quotes nobody.
pub(super) fn machine_code(text: &str) -> Option<&str> {
    let fits = (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    fits.then_some(text)
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class.as_str(), self.reason)?;
        if let Some(status) = self.status {
            write!(f, " (HTTP {status})")?;
        }
        Ok(())
    }
}
