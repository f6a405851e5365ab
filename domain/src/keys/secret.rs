//! The value of a provider key, and how it is kept from being seen.

use std::fmt;

use zeroize::Zeroizing;

/// A key in clear: it has no `Display` and no `Serialize`, its `Debug` shows nothing, and its
/// memory is wiped. Whoever needs the value has to say so with [`Secret::expose`].
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

/// Why a text cannot be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key has 8 to 512 visible ASCII characters")]
pub struct NotAKey;

impl Secret {
    /// Takes a key as typed; surrounding white space is dropped.
    ///
    /// # Errors
    /// Where it is shorter than 8 or longer than 512 characters, or has others than visible ASCII.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let text = text.trim();
        let fits = (8..=512).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(Zeroizing::new(text.to_owned()))) } else { Err(NotAKey) }
    }

    /// No key at all, for a provider that needs none, such as a local Ollama.
    pub fn none() -> Self {
        Self(Zeroizing::new(String::new()))
    }

    /// Whether there is a key.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// The value, to be sent to its provider or encrypted, and nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The last four characters, which is all that anybody is shown.
    pub fn last_four(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(4)..).unwrap_or_default()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
