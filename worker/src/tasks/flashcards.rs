//! `/flashcard`: cards for spaced repetition, as text.

use domain::feature::Feature;

use super::Task;
use crate::prompts::Prompt;

pub(super) struct Flashcards;

impl Task for Flashcards {
    fn feature(&self) -> Feature {
        Feature::Flashcard
    }

    fn prompt(&self) -> Prompt {
        Prompt::named("flashcards.v1")
    }
}
