//! What a newcomer reads before there is a real key.

use std::fmt::Write as _;

use crate::{
    embed::Embed,
    fitting::{self, Quote},
    passages::{self, Prompt},
    verbatim::verbatim,
};

/// The longest piece of the question that is echoed.
const ECHO: usize = 160;

/// The demo provider's answer. It claims nothing about medicine, since no model thought about it: where the prompt
/// brings passages of documents, it quotes them.
pub(crate) async fn answer(question: &str, embed: Option<&Embed>) -> String {
    if let Some(prompt) = passages::read(question) {
        return excerpts(&prompt, &fitting::fitting(&prompt, embed).await);
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

/// The sentences that fit best, each as it stands in its passage, and with the number of that. The page makes its own
/// thing of what begins with this heading (`dashboards/student/src/chat/excerpts.ts`).
fn excerpts(prompt: &Prompt<'_>, quotes: &[Quote<'_>]) -> String {
    let mut text = String::from("### Excerpts from your documents, not an answer\n\n");
    let what = match quotes.len() {
        0 => "no sentence of your documents fits your question well enough to be quoted.",
        1 => "this sentence of your documents fits it best.",
        _ => "these sentences of your documents fit it best, the nearest first.",
    };
    let _written = writeln!(
        text,
        "No language model read your question: the built-in demo provider only looks up, and {what}"
    );
    for Quote { passage, text: quote } in quotes {
        let _written = write!(text, "\n> {} [{passage}]\n", verbatim(quote));
    }
    if quotes.is_empty() {
        let places: Vec<String> = prompt
            .passages
            .iter()
            .take(3)
            .map(|(passage, heading, _)| format!("{} [{passage}]", verbatim(heading)))
            .collect();
        let _written = write!(text, "\nPassages that come near it: {}.\n", places.join("; "));
    }
    text.push_str("\nWith a key of a real provider, answers are made from these passages.\n");
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
