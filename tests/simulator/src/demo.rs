//! What a newcomer reads before there is a real key.

/// The longest piece of the question that is echoed.
const ECHO: usize = 160;

/// The demo provider's answer. It claims nothing about medicine, since no model thought about it.
pub(crate) fn answer(question: &str) -> String {
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
