//! A question in a conversation, answered from the student's documents where they bear on it.

use domain::{documents::citations::Citation, feature::Feature};

use super::{Takes, Task};
use crate::{citation_markers, prompts::Prompt};

pub(super) struct Chat;

impl Task for Chat {
    fn feature(&self) -> Feature {
        Feature::Chat
    }

    fn prompt(&self) -> Prompt {
        Prompt::named("chat.v1")
    }

    fn takes(&self) -> Takes {
        Takes { history: true, passages: true }
    }

    fn sources(&self, text: &str, passages: Vec<Citation>) -> Vec<Citation> {
        let cited = citation_markers::cited(text, u32::try_from(passages.len()).unwrap_or(u32::MAX));
        passages.into_iter().filter(|passage| cited.contains(&passage.n)).collect()
    }
}
