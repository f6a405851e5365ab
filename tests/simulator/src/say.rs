//! The frames of the three protocols, for rules that say them one by one.

use crate::wire::quoted;

/// The end of a stream of OpenAI's.
pub const DONE: &str = "data: [DONE]\n\n";

/// The type of Ollama's streams.
pub const NDJSON: &str = "application/x-ndjson";

/// OpenAI's next piece of text.
pub fn text(text: &str) -> String {
    delta(&format!(r#"{{"content": {}}}"#, quoted(text)))
}

/// OpenAI's next delta, whatever is in it.
pub fn delta(delta: &str) -> String {
    format!(
        "data: {{\"id\": \"c\", \"object\": \"chat.completion.chunk\", \"created\": 1, \"model\": \"m\", \
         \"choices\": [{{\"index\": 0, \"delta\": {delta}, \"finish_reason\": null}}]}}\n\n"
    )
}

/// OpenAI's finish reason.
pub fn finish(reason: &str) -> String {
    format!(
        "data: {{\"id\": \"c\", \"object\": \"chat.completion.chunk\", \"created\": 1, \"model\": \"m\", \
         \"choices\": [{{\"index\": 0, \"delta\": {{}}, \"finish_reason\": \"{reason}\"}}]}}\n\n"
    )
}

/// Gemini's next piece of text, with a finish reason or none.
pub fn gemini(text: &str, finish: Option<&str>) -> String {
    part(&format!(r#"{{"text": {}}}"#, quoted(text)), finish)
}

/// Gemini's next thought.
pub fn thought(text: &str) -> String {
    part(&format!(r#"{{"text": {}, "thought": true}}"#, quoted(text)), None)
}

fn part(part: &str, finish: Option<&str>) -> String {
    let finish = finish.map_or_else(|| "null".to_owned(), quoted);
    format!(
        "data: {{\"candidates\": [{{\"content\": {{\"role\": \"model\", \"parts\": [{part}]}}, \"finishReason\": \
         {finish}, \"index\": 0}}], \"usageMetadata\": {{\"promptTokenCount\": 12, \"candidatesTokenCount\": 5, \
         \"totalTokenCount\": 17}}}}\n\n"
    )
}

/// A whole answer of OpenAI's in these pieces.
pub fn whole<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut frames: Vec<String> = pieces.into_iter().map(text).collect();
    frames.extend([finish("stop"), DONE.to_owned()]);
    frames
}

/// Ollama's next piece of text.
pub fn ollama(text: &str) -> String {
    format!("{{\"message\":{{\"role\":\"assistant\",\"content\":{}}},\"done\":false}}\n", quoted(text))
}

/// Ollama's last line, with so many tokens of prompt.
pub fn ollama_done(prompt: u32) -> String {
    format!("{{\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":{prompt},\"eval_count\":3}}\n")
}
