//! What a model is asked to make, a file each: by which prompt, with what beside the question, in which form, what of the
//! result is kept, and how it is stored. All else is the same for all of them and is done once
//! (`handlers/answers/answer_message.rs`): loading, the hold, the router, the stream, the end.

use async_trait::async_trait;
use domain::{
    chat::{
        MessageStatus,
        messages::{self, Answer},
    },
    documents::citations::Citation,
    feature::Feature,
    ids::{JobId, MessageId},
};
use sqlx::PgConnection;

use crate::{making::Kind, prompts::Prompt};

mod chat;
mod concept_map;
mod explanation;
mod flashcards;
mod high_yield;
mod material;
mod questions;

pub(crate) use material::{Question, load};

/// Something that a model is asked to make.
#[async_trait]
pub(crate) trait Task: Send + Sync {
    /// What students and admins know it by: its limits, its counters, what closes it.
    fn feature(&self) -> Feature;

    /// How it is asked for.
    fn prompt(&self) -> Prompt;

    /// What goes along with the question.
    fn takes(&self) -> Takes {
        Takes { history: false, passages: true }
    }

    /// What it is made of, item by item; none where it is text.
    fn items(&self) -> Option<&'static dyn Kind> {
        None
    }

    /// Of the passages that went along, those that the result is from.
    fn sources(&self, _text: &str, _passages: Vec<Citation>) -> Vec<Citation> {
        Vec::new()
    }

    /// Stores the result, in the transaction that ends its job. False where nobody waits for it any more.
    async fn store(&self, conn: &mut PgConnection, result: &TaskResult<'_>) -> sqlx::Result<bool> {
        messages::finish(conn, result.job, result.message, result.status, result.answer).await
    }
}

/// What goes along with a question.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Takes {
    /// What was said before in its conversation. What takes none is about its topic only.
    pub(crate) history: bool,
    /// Passages of the student's documents.
    pub(crate) passages: bool,
}

/// What came of a task.
#[derive(Debug)]
pub(crate) struct TaskResult<'a> {
    pub(crate) job: JobId,
    /// The message that was to become the result.
    pub(crate) message: MessageId,
    pub(crate) status: MessageStatus,
    pub(crate) answer: &'a Answer<'a>,
}

/// Every task.
const ALL: [&dyn Task; 6] = [
    &chat::Chat,
    &flashcards::Flashcards,
    &questions::Questions,
    &high_yield::HighYield,
    &explanation::Explanation,
    &concept_map::ConceptMap,
];

/// The task of a feature; a question, where it has none of its own.
pub(crate) fn of(feature: Feature) -> &'static dyn Task {
    ALL.into_iter().find(|task| task.feature() == feature).unwrap_or(&chat::Chat)
}

#[cfg(test)]
mod tests;
