//! Questions as students see them. Where `Shown` has no key, nothing here has one.

use serde::Serialize;
use study::{
    items::{Difficulty, Source},
    quiz::{Key, Shown},
};
use utoipa::ToSchema;

/// An option of a question.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OptionView {
    text: String,
    /// Why it is or is not the answer; only where that may be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<String>,
}

/// What is seen of a question, wherever it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuestionBody {
    /// The vignette; may be empty.
    stem: String,
    /// What is asked.
    lead_in: String,
    options: Vec<OptionView>,
    /// What it is about; may be empty.
    topic: String,
    difficulty: Difficulty,
    /// The right option, from 0; only where it may be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<u8>,
    /// The passage that it stands on, where that was checked and may be seen.
    source: Option<Source>,
}

impl From<Shown> for QuestionBody {
    fn from(Shown { question, key }: Shown) -> Self {
        let (answer, explanations, source) = match key {
            Some(Key { answer, explanations, source }) => (Some(answer), Some(explanations), source),
            None => (None, None, None),
        };
        let mut explanations = explanations.map(Vec::into_iter);
        let options = question.options.into_iter().map(|text| OptionView {
            text,
            explanation: explanations.as_mut().map(|all| all.next().unwrap_or_default()),
        });
        Self {
            stem: question.stem,
            lead_in: question.lead_in,
            options: options.collect(),
            topic: question.topic,
            difficulty: question.difficulty,
            answer,
            // What does not fit is of a release that cited otherwise.
            source: source.and_then(|source| serde_json::from_value(source).ok()),
        }
    }
}
