//! `/map`: a topic as a tree of concepts, as text.

use domain::feature::Feature;

use super::Task;
use crate::prompts::Prompt;

pub(super) struct ConceptMap;

impl Task for ConceptMap {
    fn feature(&self) -> Feature {
        Feature::Map
    }

    fn prompt(&self) -> Prompt {
        Prompt::named("concept_map.v1")
    }
}
