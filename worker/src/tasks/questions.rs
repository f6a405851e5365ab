//! `/mcq`: single-best-answer questions, as text.

use domain::feature::Feature;

use super::Task;
use crate::prompts::Prompt;

pub(super) struct Questions;

impl Task for Questions {
    fn feature(&self) -> Feature {
        Feature::Mcq
    }

    fn prompt(&self) -> Prompt {
        Prompt::named("questions.v1")
    }
}
