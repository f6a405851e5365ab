//! `/highyield`: what is examined most, in short points.

use domain::feature::Feature;

use super::Task;
use crate::prompts::Prompt;

pub(super) struct HighYield;

impl Task for HighYield {
    fn feature(&self) -> Feature {
        Feature::Highyield
    }

    fn prompt(&self) -> Prompt {
        Prompt::named("high_yield.v1")
    }
}
