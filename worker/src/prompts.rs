//! What the models are told to be. Short, since students pay for every token of it.

use domain::{
    chat::{
        MessageRole, command,
        history::{self, BUDGET_TOKENS, Turn},
    },
    feature::Feature,
};

use crate::providers::{self, ChatRequest, Speaker};

/// The most tokens of an answer.
const MAX_OUTPUT_TOKENS: u32 = 2_048;

/// The tutor.
const TUTOR: &str = "You are a tutor for medical students. Answer accurately and at exam level, in the language \
of the question, in Markdown, with LaTeX for formulas. Say so when evidence is uncertain or you do not know. You teach; \
you do not treat: for a real patient's problem, refer to a clinician.";

/// What a feature adds to the tutor.
const fn task(feature: Feature) -> Option<&'static str> {
    match feature {
        Feature::Flashcard => Some(
            "Make 5 flashcards for spaced repetition on the topic. For each: **Front:** one question, **Back:** a short answer.",
        ),
        Feature::Mcq => Some(
            "Write 3 single-best-answer questions on the topic. For each: a clinical stem, options A to D, the correct answer, \
             and an explanation of why each option is right or wrong.",
        ),
        Feature::Highyield => Some(
            "List the high-yield points on the topic for a quick review: short bullet points, the most examined first.",
        ),
        Feature::Explain => Some(
            "Explain the topic in depth: definition, mechanism, clinical picture, diagnosis, management, with an example and a \
             summary.",
        ),
        Feature::Map => Some(
            "Draw a concept map of the topic as a nested Markdown list: the central concept, its branches, and on each branch \
             how it relates to its parent.",
        ),
        _ => None,
    }
}

/// The request for a question with what led to it (the question first). A command stands alone: its
/// topic is all that it is about.
pub(crate) fn request(feature: Feature, newest_first: Vec<Turn>) -> ChatRequest {
    let (system, turns) = match task(feature) {
        Some(task) => {
            (format!("{TUTOR}\n\n{task}"), newest_first.into_iter().take(1).map(topic_only).collect())
        }
        None => (TUTOR.to_owned(), history::within_budget(newest_first, BUDGET_TOKENS)),
    };
    let turns = turns.into_iter().map(|turn: Turn| providers::Turn {
        speaker: match turn.role {
            MessageRole::User => Speaker::User,
            MessageRole::Assistant => Speaker::Assistant,
        },
        text: turn.content,
    });
    ChatRequest { system, turns: turns.collect(), max_output_tokens: MAX_OUTPUT_TOKENS, temperature: 0.4 }
}

fn topic_only(turn: Turn) -> Turn {
    let topic = match command::parse(&turn.content) {
        Ok(command::Parsed::Command { topic, .. }) => Some(format!("Topic: {topic}")),
        _ => None,
    };
    Turn { content: topic.unwrap_or(turn.content), ..turn }
}
