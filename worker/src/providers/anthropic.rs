//! Anthropic's Messages API, and the servers that speak it: Kimi, GLM, `MiniMax`, `DeepSeek`, `LiteLLM`.

use std::borrow::Cow;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use reqwest::{RequestBuilder, header::HeaderName};
use serde::Serialize;
use serde_json::Value;

use super::{
    Abilities, ChatModel, ChatRequest, ChatStream, Endpoint, Field, Finish, ProviderError, Schema, Usage,
    call,
    conversation::{Merged, Prepared},
    openai::{self, OpenAi, Thinker, count, role},
    reading::{self, FrameText, Protocol, StreamState},
    withheld,
};

/// Where the key goes.
const KEY_HEADER: HeaderName = HeaderName::from_static("x-api-key");

/// Which edition of the protocol is spoken. A call without is refused.
const VERSION: (HeaderName, &str) = (HeaderName::from_static("anthropic-version"), "2023-06-01");

/// Words are chosen no more freely than this; others go to 2.
const FREEST: f32 = 1.0;

/// Speaks the Messages API.
pub(super) struct Anthropic {
    http: reqwest::Client,
}

impl Anthropic {
    pub(super) fn new(http: reqwest::Client) -> Self {
        Self { http }
    }
}

#[async_trait]
impl ChatModel for Anthropic {
    async fn stream(
        &self,
        endpoint: &Endpoint,
        request: &ChatRequest,
        now: DateTime<Utc>,
    ) -> Result<ChatStream, ProviderError> {
        let url = call::address(&endpoint.base_url, "v1", &["messages"])?;
        let room = Thinker::of(&endpoint.model).room;
        let prepared = Prepared::new(request, &endpoint.abilities, room, None);
        let sent = prepared.sent.clone();
        let body = Body::new(&endpoint.model, prepared, request.temperature, &endpoint.abilities);
        let request = signed(self.http.post(url).json(&body), endpoint)?;
        call::open::<Self>(request, sent, &endpoint.secret, now).await
    }

    async fn list(&self, endpoint: &Endpoint, now: DateTime<Utc>) -> Result<(), ProviderError> {
        let url = call::address(&endpoint.base_url, "v1", &["models"])?;
        call::succeed(signed(self.http.get(url), endpoint)?, &endpoint.secret, now).await
    }
}

fn signed(request: RequestBuilder, endpoint: &Endpoint) -> Result<RequestBuilder, ProviderError> {
    let (version, edition) = VERSION;
    call::with_key(request.header(version, edition), KEY_HEADER, "", &endpoint.secret)
}

/// What is sent. An answer under a schema is asked for as a tool that must be used, and comes as that tool's input.
#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    max_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<Cow<'a, str>>,
    messages: Vec<Message<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tool<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<ToolChoice>,
    stream: bool,
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'static str,
    description: &'static str,
    input_schema: &'a Value,
}

/// That tool, and no other.
#[derive(Serialize)]
#[serde(tag = "type", rename = "tool")]
struct ToolChoice {
    name: &'static str,
    disable_parallel_tool_use: bool,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Vec<Block<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block<'a> {
    Text { text: Cow<'a, str> },
    Image { source: Source<'a> },
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "base64")]
struct Source<'a> {
    media_type: &'a str,
    data: &'a str,
}

impl<'a> Message<'a> {
    /// A picture goes before what is asked about it.
    fn of(turn: Merged<'a>) -> Self {
        let seen = turn.images.into_iter().map(|image| Block::Image {
            source: Source { media_type: &image.content_type, data: &image.base64 },
        });
        Self { role: role(turn.speaker), content: seen.chain([Block::Text { text: turn.text }]).collect() }
    }
}

impl<'a> Body<'a> {
    fn new(model: &'a str, prepared: Prepared<'a>, temperature: f32, abilities: &Abilities) -> Self {
        let takes = |field| !abilities.refuses(field);
        let tool = |schema: &'a Schema| Tool {
            name: schema.name,
            description: "Takes the whole answer.",
            input_schema: &schema.schema,
        };
        let choice = |schema: &Schema| ToolChoice { name: schema.name, disable_parallel_tool_use: true };
        Self {
            model,
            max_tokens: prepared.most,
            system: prepared.system,
            messages: prepared.turns.into_iter().map(Message::of).collect(),
            temperature: takes(Field::Temperature).then_some(temperature.min(FREEST)),
            tools: prepared.schema.map(tool).into_iter().collect(),
            tool_choice: prepared.schema.map(choice),
            stream: takes(Field::Stream),
        }
    }
}

impl Protocol for Anthropic {
    /// Frames are told apart by what is in them: some gateways leave out their `type`. Events that are newer than this code
    /// say nothing.
    fn parse_frame(frame: &Value, state: &mut StreamState) -> FrameText {
        if frame.get("choices").is_some_and(Value::is_array) {
            return OpenAi::parse_frame(frame, state);
        }
        let of = |name| frame.get(name).unwrap_or(&Value::Null);
        let (begun, delta) = (of("message"), of("delta"));
        // At the beginning, the tokens of the answer are no more than a guess.
        note_usage(begun, false, state);
        note_usage(delta, true, state);
        note_usage(frame, true, state);
        let mut said = FrameText::default();
        let whole = of("content").as_array().into_iter().flatten();
        [of("content_block"), delta].into_iter().chain(whole).for_each(|piece| add(piece, &mut said, state));
        let reason = [delta, frame].into_iter().find_map(|holder| holder.get("stop_reason")?.as_str());
        if let Some(reason) = reason {
            finish(reason, state);
        }
        let over = of("type") == "message_stop";
        state.over |= over;
        if (over || reason.is_some()) && !counts_all(state.usage) {
            state.usage = Usage::Missing;
        }
        said
    }
}

/// Adds a block of the answer, or a piece of one: text, the input of the tool that takes the answer, thoughts, or what nobody
/// asked for.
fn add(piece: &Value, said: &mut FrameText, state: &mut StreamState) {
    let text = |name| piece.get(name).and_then(Value::as_str).unwrap_or_default();
    let kind = piece.get("type").and_then(Value::as_str).unwrap_or("text");
    // A piece of a block, or the end of all, is not the beginning of another.
    if state.tool != reading::Tool::NotGiven && piece.get("type").is_some() && !kind.ends_with("_delta") {
        state.tool = if kind == "tool_use" { reading::Tool::Open } else { reading::Tool::Closed };
    }
    match kind {
        "text" | "text_delta" => said.text.push_str(text("text")),
        "input_json_delta" if state.tool == reading::Tool::Open => said.text.push_str(text("partial_json")),
        // Whole, where it is no stream, and empty where its pieces follow.
        "tool_use" if state.tool == reading::Tool::Open => {
            let whole = |input: &&Value| input.as_object().is_some_and(|fields| !fields.is_empty());
            said.text.extend(piece.get("input").filter(whole).map(Value::to_string));
        }
        // `thinking`, `redacted_thinking`, `thinking_delta`.
        kind => said.thinks |= kind.contains("thinking") || kind == "signature_delta",
    }
}

/// Takes in a usage. Its counts are those of all so far, cached tokens apart; where a gateway knows one only at the beginning,
/// or only at the end, it says nought at the other.
fn note_usage(holder: &Value, answered: bool, state: &mut StreamState) {
    let Some(counts) = holder.get("usage").filter(|counts| counts.is_object()) else { return };
    let told = |path: &str| counts.pointer(path).and_then(count).filter(|tokens| *tokens > 0);
    let (known, said, thought) = match state.usage {
        Usage::Exact { prompt, completion, thoughts } => (prompt, completion, thoughts),
        Usage::Missing => (0, 0, None),
    };
    let read = ["/input_tokens", "/cache_creation_input_tokens", "/cache_read_input_tokens"];
    let prompt = read.into_iter().filter_map(told).fold(0, u32::saturating_add).max(known);
    let completion = told("/output_tokens").filter(|_| answered).unwrap_or(said);
    let thoughts = told("/output_tokens_details/thinking_tokens").or(thought);
    state.usage = Usage::Exact { prompt, completion, thoughts };
}

/// Whether a usage has both its counts: no prompt has no tokens, and no answer.
const fn counts_all(usage: Usage) -> bool {
    matches!(usage, Usage::Exact { prompt: 1.., completion: 1.., .. })
}

/// Takes in why the model stopped. The only tool that it is given takes the answer; where it waits for another, it cannot go on.
fn finish(reason: &str, state: &mut StreamState) {
    match reason {
        "model_context_window_exceeded" => state.finish = Some(Finish::Length),
        "refusal" => state.finish = Some(Finish::Blocked(reason.to_owned())),
        "tool_use" if state.tool == reading::Tool::Open => state.finish = Some(Finish::Stop),
        "pause_turn" | "tool_use" => state.failed = Some(withheld(reason)),
        // `end_turn`, `max_tokens`, `stop_sequence`, those of gateways, and what is newer than this code.
        _ => openai::finish(reason, state),
    }
}

#[cfg(test)]
mod tests;
