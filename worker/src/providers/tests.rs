//! What holds for every vendor; each vendor's own tests are beside its adapter.

use std::{convert::Infallible, future::Future, sync::LazyLock};

use bytes::Bytes;
use domain::keys::Secret;
use futures::{StreamExt, stream};
use proptest::prelude::*;

use super::{
    ChatEvent, ChatStream, Class, End, Finish, ProviderError, Turn, Usage,
    anthropic::Anthropic,
    error::machine_code,
    gemini::Gemini,
    lacking::Sent,
    ollama::Ollama,
    openai::OpenAi,
    reading::{Protocol, read, read_for},
    *,
};

mod many_texts;
mod network;
mod reports;

pub(super) fn now() -> DateTime<Utc> {
    "2025-07-15T12:00:00Z".parse().unwrap()
}

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn question(text: &str) -> ChatRequest {
    ChatRequest {
        system: "Be brief.".to_owned(),
        turns: vec![Turn { speaker: Speaker::User, text: text.to_owned(), images: Vec::new() }],
        max_output_tokens: 300,
        temperature: 0.7,
        format: Format::Text,
    }
}

/// The same, to be answered under a schema.
pub(super) fn under_schema() -> ChatRequest {
    let front = serde_json::json!({ "type": "string" });
    let schema = serde_json::json!({
        "type": "object", "properties": { "front": front }, "required": ["front"], "additionalProperties": false,
    });
    let format = Format::Json(Arc::new(Schema { name: "card", schema }));
    ChatRequest { format, ..question("What is preload?") }
}

/// [`under_schema`]'s, as it is sent.
pub(super) const SCHEMA: &str = r#"{"additionalProperties":false,"properties":{"front":{"type":"string"}},"required":["front"],"type":"object"}"#;

/// How it is asked for in words, in a JSON string.
pub(super) const IN_WORDS: &str = r#"It fits this JSON schema:\n{\"additionalProperties\":false"#;

/// Who takes no schema.
pub(super) fn without_schema() -> Abilities {
    Abilities { no_schema: true, ..Abilities::default() }
}

/// A stream that was read to its end: all its text, and the one thing that ended it.
#[derive(Debug, PartialEq)]
pub(super) struct Reading {
    pub(super) text: String,
    pub(super) end: Result<End, ProviderError>,
}

/// Thoughts are left out of the usage: [`usage_of`] has them.
pub(super) async fn drain(stream: ChatStream) -> Reading {
    let mut events: Vec<_> = stream.collect().await;
    let end = match events.pop().expect("a stream ends in something") {
        Ok(ChatEvent::End(mut end)) => {
            if let Usage::Exact { thoughts, .. } = &mut end.usage {
                *thoughts = None;
            }
            Ok(end)
        }
        Ok(other) => panic!("a stream ends in {other:?}"),
        Err(error) => Err(error),
    };
    let mut text = String::new();
    for event in events {
        match event {
            Ok(ChatEvent::Delta(piece)) => {
                assert!(!piece.is_empty());
                text.push_str(&piece);
            }
            Ok(ChatEvent::Restart) => text.clear(),
            Ok(ChatEvent::Remaining(_) | ChatEvent::Thinking | ChatEvent::Alive) => {}
            other => panic!("{other:?} is not last"),
        }
    }
    Reading { text, end }
}

/// All events of a stream that comes at once.
pub(super) fn events_of<P: Protocol>(wire: &str) -> Vec<Result<ChatEvent, ProviderError>> {
    let bytes = Ok::<_, Infallible>(Bytes::from(wire.to_owned()));
    block_on(read::<P, _, _>(stream::iter([bytes]), SENT.clone(), Secret::none(), now()).collect())
}

pub(super) fn usage_of<P: Protocol>(wire: &str) -> Usage {
    match events_of::<P>(wire).pop().unwrap() {
        Ok(ChatEvent::End(end)) => end.usage,
        other => panic!("{other:?} has no usage"),
    }
}

/// A request with everything that may be refused.
pub(super) static SENT: LazyLock<Sent> =
    LazyLock::new(|| Sent { pictures: true, system: true, ..Sent::default() });

/// Reads chunks as if they had come over the network.
pub(super) fn reading<P: Protocol>(chunks: impl IntoIterator<Item = Vec<u8>>) -> Reading {
    let chunks: Vec<_> = chunks.into_iter().map(|chunk| Ok::<_, Infallible>(Bytes::from(chunk))).collect();
    block_on(drain(read::<P, _, _>(stream::iter(chunks), SENT.clone(), Secret::none(), now())))
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

/// Reads a stream that comes at once.
pub(super) fn reading_of<P: Protocol>(wire: &str) -> Reading {
    reading::<P>([wire.as_bytes().to_vec()])
}

/// The same, of an answer that was asked for under a schema.
pub(super) fn reading_under_schema<P: Protocol>(wire: &str) -> Reading {
    let bytes = Ok::<_, Infallible>(Bytes::from(wire.to_owned()));
    let sent = Sent { schema: true, ..SENT.clone() };
    block_on(drain(read::<P, _, _>(stream::iter([bytes]), sent, Secret::none(), now())))
}

pub(super) fn end(finish: Finish, prompt: u32, completion: u32) -> End {
    End { finish, usage: Usage::Exact { prompt, completion, thoughts: None }, prompt_cut: false }
}

const GEMINI: &str = concat!(
    "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Größe 🫀 \"}],\"role\":\"model\"},\"index\":0}],",
    "\"usageMetadata\":{\"promptTokenCount\":7}}\r\n\r\n",
    "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"of the heart\"}]},\"finishReason\":\"STOP\"}],\r\n",
    "data: \"usageMetadata\":{\"promptTokenCount\":7,\"candidatesTokenCount\":5,\"thoughtsTokenCount\":2}}\r\n\r\n",
);
const OPENAI: &str = concat!(
    ": PROCESSING\n\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Größe 🫀 \"},\"finish_reason\":null}],\"usage\":null}\n\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"of the heart\"}}]}\n\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":7}}\n\ndata: [DONE]\n\n",
);
const OLLAMA: &str = concat!(
    "{\"message\":{\"role\":\"assistant\",\"content\":\"\",\"thinking\":\"Hm.\"},\"done\":false}\n",
    "{\"message\":{\"role\":\"assistant\",\"content\":\"Größe 🫀 \"},\"done\":false}\n",
    "{\"message\":{\"role\":\"assistant\",\"content\":\"of the heart\"},\"done\":false}\n",
    "{\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",",
    "\"total_duration\":5,\"prompt_eval_count\":7,\"eval_count\":7}\n",
);

const ANTHROPIC: &str = concat!(
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"content\":[],\"stop_reason\":null,",
    "\"usage\":{\"input_tokens\":7,\"output_tokens\":1}}}\n\n",
    "event: ping\ndata: {\"type\":\"ping\"}\n\n",
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Größe 🫀 \"}}\n\n",
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"of the heart\"}}\n\n",
    "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":7}}\n\n",
    "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
);

/// Shreds of real streams, so that chance gets past the first byte.
const SHREDS: [&str; 25] = [
    "data: ",
    "\n\n",
    "\r\n",
    "\r",
    "{\"candidates\":[",
    "{\"content\":{\"parts\":[{\"text\":\"x\"}]}}",
    "\"finishReason\":\"STOP\"",
    "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]}}]}",
    "{\"candidates\":[{\"finishReason\":\"STOP\"}]}",
    "{\"candidates\":[{\"finishReason\":\"MALFORMED_RESPONSE\"}]}",
    "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}",
    "{\"choices\":[{\"delta\":{\"content\":\"x\"}}]}",
    "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}",
    "{\"choices\":[],\"usage\":{\"prompt_tokens\":-1,\"completion_tokens\":99999999999}}",
    "[DONE]",
    "{\"message\":{\"content\":\"x\"}}",
    "{\"done\":true}",
    "{\"error\":{\"code\":429,\"details\":[{}]}}",
    "{\"error\":\"x\"}",
    "{\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}",
    "{\"delta\":{\"stop_reason\":\"tool_use\"},\"usage\":{\"output_tokens\":-1}}",
    "{\"type\":\"message_stop\"}",
    "\u{feff}",
    "{}",
    "null",
];

/// Cuts bytes at these places, as far as they are places.
fn cut(wire: &[u8], mut places: Vec<usize>) -> Vec<Vec<u8>> {
    places.retain(|place| *place < wire.len());
    places.sort_unstable();
    let starts = [0].into_iter().chain(places.iter().copied());
    let ends = places.iter().copied().chain([wire.len()]);
    starts.zip(ends).map(|(start, end)| wire[start..end].to_vec()).collect()
}

fn no_bytes_do_harm(chunks: &[Vec<u8>]) {
    reading::<Gemini>(chunks.to_vec());
    reading::<OpenAi>(chunks.to_vec());
    reading::<Ollama>(chunks.to_vec());
    reading::<Anthropic>(chunks.to_vec());
    let body = chunks.concat();
    for status in [200, 302, 400, 403, 429, 500] {
        let error = verdict::of(status, &reqwest::header::HeaderMap::new(), &body, &SENT, now());
        assert!(error.reason.len() < 160);
    }
}

proptest! {
    #[test]
    fn any_bytes_end_in_one_end_or_error(
        chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..64), 0..16),
    ) {
        no_bytes_do_harm(&chunks);
    }

    #[test]
    fn any_shreds_of_streams_end_in_one_end_or_error(
        shreds in prop::collection::vec(prop::sample::select(SHREDS.as_slice()), 0..24),
        places in prop::collection::vec(0_usize..400, 0..8),
    ) {
        no_bytes_do_harm(&cut(shreds.concat().as_bytes(), places));
    }

    #[test]
    fn a_sound_stream_may_be_cut_anywhere(places in prop::collection::vec(0_usize..900, 0..40)) {
        let expected = Reading { text: "Größe 🫀 of the heart".to_owned(), end: Ok(end(Finish::Stop, 7, 7)) };
        prop_assert_eq!(&reading::<Gemini>(cut(GEMINI.as_bytes(), places.clone())), &expected);
        prop_assert_eq!(&reading::<OpenAi>(cut(OPENAI.as_bytes(), places.clone())), &expected);
        prop_assert_eq!(&reading::<Ollama>(cut(OLLAMA.as_bytes(), places.clone())), &expected);
        prop_assert_eq!(&reading::<Anthropic>(cut(ANTHROPIC.as_bytes(), places)), &expected);
    }

    #[test]
    fn a_stream_that_stops_before_its_end_mark_is_truncated(share in 0.0_f64..1.0) {
        fn stopped<P: Protocol>(wire: &str, mark: &str, share: f64) {
            let mark = wire.find(mark).unwrap();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss,
                reason = "small and positive")]
            let length = (mark as f64 * share) as usize;
            let error = reading::<P>([wire.as_bytes()[..length].to_vec()]).end.unwrap_err();
            assert_eq!(error, ProviderError::broken_off(), "after {length} bytes");
        }
        stopped::<Gemini>(GEMINI, "finishReason", share);
        stopped::<OpenAi>(OPENAI, "stop", share);
        stopped::<Ollama>(OLLAMA, "\"done\":true", share);
        stopped::<Anthropic>(ANTHROPIC, "end_turn", share);
    }
}

#[test]
fn a_connection_that_breaks_truncates_the_answer() {
    let frame = Bytes::from_static(b"data: {\"choices\":[{\"delta\":{\"content\":\"Pre\"}}]}\n\n");
    let stream = stream::iter([Ok(frame), Err("reset")]);
    let reading = block_on(drain(read::<OpenAi, _, _>(stream, SENT.clone(), Secret::none(), now())));
    assert_eq!(reading, Reading { text: "Pre".to_owned(), end: Err(ProviderError::broken_off()) });
}

#[test]
fn a_stream_that_stays_open_behind_its_end_is_not_waited_for_and_one_behind_a_mark_is_told_as_cut() {
    let left_open = |wire: &'static str| {
        let bytes = Ok::<_, Infallible>(Bytes::from_static(wire.as_bytes()));
        let stream = stream::iter([bytes]).chain(stream::pending());
        let patience = std::time::Duration::from_millis(20);
        block_on(drain(read_for::<OpenAi, _, _>(patience, stream, SENT.clone(), Secret::none(), now()))).end
    };
    assert_eq!(left_open(OPENAI), Ok(end(Finish::Stop, 7, 7)));
    let marked = "data: {\"choices\":[{\"delta\":{\"content\":\"Pre\"},\"finish_reason\":\"stop\"}]}\n\n";
    assert_eq!(
        left_open(marked),
        Ok(End { finish: Finish::Unclosed, usage: Usage::Missing, prompt_cut: false })
    );
}

#[tokio::test]
async fn text_after_an_early_end_mark_and_a_pause_is_still_read() {
    let frame = |text: &str, mark: &str| {
        Ok::<_, Infallible>(Bytes::from(format!(
            "data: {{\"candidates\":[{{\"content\":{{\"parts\":[{{\"text\":\"{text}\"}}]}},\"finishReason\":\"{mark}\"}}]}}\n\n"
        )))
    };
    let (sender, receiver) = futures::channel::mpsc::unbounded();
    sender.unbounded_send(frame("First half ", "STOP")).unwrap();
    let mut stream = read::<Gemini, _, _>(receiver, SENT.clone(), Secret::none(), now());
    assert_eq!(stream.next().await, Some(Ok(ChatEvent::Delta("First half ".to_owned()))));
    // Nothing comes for a while.
    assert!(futures::poll!(stream.next()).is_pending());
    sender.unbounded_send(frame("second half.", "STOP")).unwrap();
    drop(sender);
    let rest = drain(stream).await;
    assert_eq!((rest.text.as_str(), rest.end.unwrap().finish), ("second half.", Finish::Stop));
}

#[test]
fn what_is_not_the_protocol_is_the_providers_fault() {
    let page = "<!DOCTYPE html>\n<html><body style=\"x: y\">Welcome to the captive portal</body></html>";
    for wire in [page, "data: hello\n\n", "data: 42\n\n", "\u{1}\u{2}: x\n"] {
        assert_eq!(reading_of::<Gemini>(wire).end, Err(ProviderError::not_its_protocol(200)), "{wire}");
        assert_eq!(reading_of::<OpenAi>(wire).end, Err(ProviderError::not_its_protocol(200)), "{wire}");
    }
    assert_eq!(reading_of::<Ollama>(page).end, Err(ProviderError::not_its_protocol(200)));
    for empty in [reading::<Gemini>([]), reading::<OpenAi>([]), reading::<Ollama>([])] {
        assert_eq!(empty.end, Err(ProviderError::broken_off()));
    }
}

#[test]
fn what_is_cut_is_no_end_whatever_the_frames_say() {
    let frame = r#"data: {"choices":[{"index":0,"delta":{"content":"word "},"finish_reason":"stop"}]}"#
        .to_owned()
        + "\n\n";
    let sent = Sent { longest: Some(400), ..Sent::default() };
    let bytes = Ok::<_, Infallible>(Bytes::from(frame.repeat(200)));
    let read = block_on(drain(read::<OpenAi, _, _>(stream::iter([bytes]), sent, Secret::none(), now())));
    assert_eq!(read.end.unwrap().finish, Finish::Length);
    assert!((400..420).contains(&read.text.len()), "{}", read.text.len());
}

#[test]
fn a_count_that_cannot_be_is_none() {
    let usage_of = |prompt: u64, completion: u64| {
        let wire = format!(
            r#"data: {{"choices":[{{"index":0,"delta":{{"content":"Stretch."}},"finish_reason":"stop"}}],"usage":{{"prompt_tokens":{prompt},"completion_tokens":{completion}}}}}"#
        ) + "\n\ndata: [DONE]\n\n";
        let question = question("What is preload?");
        let sent = conversation::Prepared::new(&question, &Abilities::default(), 0, None).sent;
        let bytes = Ok::<_, Infallible>(Bytes::from(wire));
        block_on(drain(read::<OpenAi, _, _>(stream::iter([bytes]), sent, Secret::none(), now())))
            .end
            .unwrap()
            .usage
    };
    let exact = |prompt, completion| Usage::Exact { prompt, completion, thoughts: None };
    assert_eq!(usage_of(20, 5), exact(20, 5));
    assert_eq!(usage_of(20, 9_000), exact(20, 9_000), "thoughts that no limit held");
    assert_eq!(usage_of(20, 2_000_000_000), Usage::Missing);
    assert_eq!(usage_of(4_294_967_295, 5), Usage::Missing);
    assert_eq!(usage_of(400_000, 5), Usage::Missing);
}

#[test]
fn an_answer_has_a_longest_length() {
    let frame = format!("{{\"message\":{{\"content\":\"{}\"}}}}\n", "x".repeat(1 << 18));
    let reading = reading::<Ollama>(std::iter::repeat_n(frame.into_bytes(), 5));
    assert_eq!(reading.text.len(), 1 << 20);
    assert_eq!(reading.end, Err(ProviderError::too_much()));
    let endless = std::iter::repeat_n(vec![b'\n'; 1 << 20], 40);
    assert_eq!(tests::reading::<OpenAi>(endless).end, Err(ProviderError::too_much()));
}

#[test]
fn only_short_codes_are_quoted_and_never_the_key() {
    assert_eq!(machine_code("rate_limit_exceeded"), Some("rate_limit_exceeded"));
    for text in ["", "two words", "a\nb", "ü", &"x".repeat(65)] {
        assert_eq!(machine_code(text), None);
    }
    let secret = Secret::parse("sk-abcdefgh").unwrap();
    let error = ProviderError::new(Class::Refusal, Some(400), "no").code(Some("sk-abcdefgh"));
    assert_eq!(error.reason, "no (sk-abcdefgh)");
    assert!(!error.without(&secret).to_string().contains("abcdefgh"));
    let coded =
        ProviderError::new(Class::Quota, Some(429), "the day's quota is spent").code(Some("daily_limit"));
    assert_eq!(coded.reason_and_code(), ("the day's quota is spent", Some("daily_limit")));
    let plain = ProviderError::new(Class::Overload, Some(503), "it waits (for 2 s)");
    assert_eq!(plain.reason_and_code(), ("it waits (for 2 s)", None));
    let error = ProviderError::new(Class::Refusal, Some(400), "no").code(Some("x"));
    assert_eq!(error.clone().without(&Secret::none()), error);
}
