//! `/explain`: a topic in depth.

use domain::feature::Feature;

use super::Task;
use crate::prompts::Prompt;

pub(super) struct Explanation;

impl Task for Explanation {
    fn feature(&self) -> Feature {
        Feature::Explain
    }

    fn prompt(&self) -> Prompt {
        Prompt::named("explanation.v1")
    }
}
