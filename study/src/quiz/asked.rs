//! A question as it is asked. Its key and explanations are private to this file: all that leaves it is [`Shown`], and
//! [`Hidden`] has no place for them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::items::{AnswerOption, Difficulty};

/// A question with its key, as it is stored, and as a quiz keeps it from its beginning on.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    stem: String,
    lead_in: String,
    options: Vec<AnswerOption>,
    answer: u8,
    difficulty: Difficulty,
    topic: String,
    source: Option<Value>,
}

/// What is seen of a question before its answer may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// The vignette.
    pub stem: String,
    /// What is asked.
    pub lead_in: String,
    /// What the options say.
    pub options: Vec<String>,
    /// How hard it is.
    pub difficulty: Difficulty,
    /// What it is about.
    pub topic: String,
}

/// What is seen when it may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The right option, from 0.
    pub answer: u8,
    /// Of each option, why it is or is not the answer.
    pub explanations: Vec<String>,
    /// The passage that it stands on, where that was checked.
    pub source: Option<Value>,
}

/// What a student gets to see of a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// What is always seen.
    pub question: Hidden,
    /// What is seen when it may be.
    pub key: Option<Key>,
}

impl Asked {
    /// What is seen of it, with the key or without.
    pub fn shown(&self, with_key: bool) -> Shown {
        let question = Hidden {
            stem: self.stem.clone(),
            lead_in: self.lead_in.clone(),
            options: self.options.iter().map(|option| option.text.clone()).collect(),
            difficulty: self.difficulty,
            topic: self.topic.clone(),
        };
        let key = with_key.then(|| Key {
            answer: self.answer,
            explanations: self.options.iter().map(|option| option.explanation.clone()).collect(),
            source: self.source.clone(),
        });
        Shown { question, key }
    }

    /// Whether this option is the right one.
    pub const fn is_right(&self, option: u8) -> bool {
        self.answer == option
    }

    /// How hard it is.
    pub const fn difficulty(&self) -> Difficulty {
        self.difficulty
    }

    /// What it is about.
    pub fn topic(&self) -> &str {
        &self.topic
    }
}

/// Without what it says.
impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asked").finish_non_exhaustive()
    }
}
