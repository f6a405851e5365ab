//! The frames of all protocols, for rules that say them one by one.

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

/// An event of Anthropic's, with what its data has beside its type.
pub fn event(kind: &str, rest: &str) -> String {
    format!("event: {kind}\ndata: {{\"type\":\"{kind}\"{rest}}}\n\n")
}

/// How a message of Anthropic's begins, with so many tokens of prompt.
pub fn message_start(prompt: u32) -> String {
    let usage = format!("\"usage\":{{\"input_tokens\":{prompt},\"output_tokens\":1}}");
    event(
        "message_start",
        &format!(
            ",\"message\":{{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\
             \"stop_reason\":null,\"stop_sequence\":null,{usage}}}"
        ),
    )
}

/// How Anthropic's next block begins.
pub fn block_start(block: &str) -> String {
    event("content_block_start", &format!(",\"index\":0,\"content_block\":{block}"))
}

/// Anthropic's next delta, whatever is in it.
pub fn block_delta(delta: &str) -> String {
    event("content_block_delta", &format!(",\"index\":0,\"delta\":{delta}"))
}

/// Anthropic's next piece of text.
pub fn text_delta(text: &str) -> String {
    block_delta(&format!("{{\"type\":\"text_delta\",\"text\":{}}}", quoted(text)))
}

/// How a message of Anthropic's ends: why, and what it took.
pub fn message_end(reason: &str, completion: u32) -> String {
    let delta = event(
        "message_delta",
        &format!(
            ",\"delta\":{{\"stop_reason\":\"{reason}\",\"stop_sequence\":null}},\"usage\":{{\"output_tokens\":{completion}}}"
        ),
    );
    format!("{delta}{}", event("message_stop", ""))
}

/// An error inside a stream of Anthropic's.
pub fn message_error(kind: &str, message: &str) -> String {
    event(
        "error",
        &format!(",\"error\":{{\"details\":null,\"type\":\"{kind}\",\"message\":{}}}", quoted(message)),
    )
}

/// A whole message of Anthropic's in these pieces.
pub fn message<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut frames = vec![message_start(9)];
    frames.extend(pieces.into_iter().map(text_delta));
    frames.push(message_end("end_turn", 5));
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
