//! What a newcomer reads before there is a real key.

use std::fmt::Write as _;

use crate::passages::{self, Prompt, Sentence};

/// The longest piece of the question that is echoed.
const ECHO: usize = 160;

/// The most sentences of documents that are quoted.
const QUOTES: usize = 3;

/// The demo provider's answer. It claims nothing about medicine, since no model thought about it: where the prompt
/// brings passages of documents, it quotes them.
pub(crate) fn answer(question: &str) -> String {
    if let Some(prompt) = passages::read(question) {
        return quote(&prompt);
    }
    let question = short(question);
    let asked = if question.is_empty() {
        "You sent a message without any text.".to_owned()
    } else {
        format!("You asked:\n\n> {question}")
    };
    format!(
        "**This is the built-in demo provider.** No language model read your question, so this is not \
         an answer to it and holds no medical content.\n\n\
         {asked}\n\n\
         What you can see here is real all the same: your message was stored, counted against your \
         plan's limits and queued; a worker picked it up; and this text reached you word by word over \
         the same stream that a model's answer will use.\n\n\
         ### To get real answers\n\n\
         1. Get a key: Google AI Studio (aistudio.google.com) gives Gemini keys without charge; any \
         OpenAI-compatible service or an Ollama server on your own machine works too.\n\
         2. Sign in as an administrator, open **API keys** in the admin dashboard and add it. The key \
         is tried before it is used.\n\
         3. Ask again. The demo provider steps aside as soon as there is one real key.\n"
    )
}

/// The sentences that fit best, each with the number of its passage.
fn quote(prompt: &Prompt<'_>) -> String {
    let mut text = String::from(
        "**This is the built-in demo provider**, and no language model: it cannot answer in its own words.\n\n",
    );
    let sentences = passages::fitting(prompt, QUOTES);
    if sentences.is_empty() {
        text.push_str("Your documents have passages near your question, but none shares a word with it.\n");
    } else {
        text.push_str("What your documents say that fits your question best:\n");
        for Sentence { passage, text: sentence } in sentences {
            let _written = write!(text, "\n> {sentence} [{passage}]\n");
        }
    }
    text.push_str("\nAdd a key of a real provider to get an answer that is made from these passages.\n");
    text
}

/// The question on one line, cut at a word where it is long.
fn short(question: &str) -> String {
    let line = question.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = line.char_indices().nth(ECHO) else {
        return line;
    };
    let cut = line.get(..end).unwrap_or_default();
    let cut = cut.rsplit_once(' ').map_or(cut, |(words, _)| words);
    format!("{cut} …")
}
