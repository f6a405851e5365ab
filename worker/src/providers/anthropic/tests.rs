use domain::keys::Remaining;
use reqwest::header::HeaderMap;

use super::*;
use crate::providers::{
    ChatEvent, Class, Image, Lack, Speaker, Turn,
    tests::{
        IN_WORDS, Reading, SCHEMA, SENT, at, end, events_of, now, question, reading_of, reading_under_schema,
        under_schema, usage_of, without_schema,
    },
    verdict,
};

fn error(kind: &str, message: &str) -> String {
    format!(r#"{{"type":"error","error":{{"type":"{kind}","message":"{message}"}},"request_id":"req_1"}}"#)
}

fn classified(status: u16, body: &str) -> ProviderError {
    verdict::of(status, &HeaderMap::new(), body.as_bytes(), &SENT, now())
}

#[test]
fn every_row_of_the_errors_has_its_class() {
    let invalid = "invalid_request_error";
    let table = [
        (
            400,
            error(invalid, "messages: at least one message is required"),
            Class::Refusal,
            "(invalid_request_error)",
        ),
        (
            400,
            error(invalid, "Your credit balance is too low to access the Anthropic API."),
            Class::Quota,
            "credit",
        ),
        (400, error(invalid, "You have reached your specified API usage limits."), Class::Quota, "credit"),
        (400, error(invalid, "This organization has been disabled."), Class::Credential, "account"),
        (400, error(invalid, "Output blocked by content filtering policy"), Class::Blocked, "blocks"),
        (
            401,
            error("authentication_error", "invalid x-api-key"),
            Class::Credential,
            "(authentication_error)",
        ),
        (402, error("billing_error", "There is an issue with your billing"), Class::Quota, "credit"),
        (
            403,
            error("permission_error", "Your API key does not have permission"),
            Class::Credential,
            "may not be used",
        ),
        (
            403,
            r#"{"error":{"type":"forbidden","message":"Request not allowed"}}"#.to_owned(),
            Class::Overload,
            "something before",
        ),
        (404, error("not_found_error", "model: claude-9"), Class::Credential, "the model is not known"),
        (404, error("not_found_error", "Not found"), Class::Refusal, "nothing at this address"),
        (413, error("request_too_large", "Request exceeds the maximum size"), Class::Refusal, "too large"),
        (
            429,
            error("rate_limit_error", "This request would exceed your organization's rate limit"),
            Class::Rate,
            "too many",
        ),
        (500, error("api_error", "Internal server error"), Class::Overload, "(api_error)"),
        (504, error("timeout_error", "The request timed out"), Class::Overload, "in time"),
        (529, error("overloaded_error", "Overloaded"), Class::Overload, "(overloaded_error)"),
    ];
    for (status, body, class, reason) in table {
        let error = classified(status, &body);
        assert_eq!(error.class, class, "{status} {body}: {error}");
        assert!(error.reason.contains(reason), "{} lacks {reason}", error.reason);
        assert!(!error.truncated && error.lacks.is_none(), "{error:?}");
    }
}

#[test]
fn an_error_inside_a_stream_is_classified_alike() {
    let invalid = "invalid_request_error";
    for (body, class, reason) in [
        (error("overloaded_error", "Overloaded"), Class::Overload, "(overloaded_error)"),
        (error("api_error", "Internal server error"), Class::Overload, "failed"),
        (error("rate_limit_error", "Number of tokens has exceeded your limit"), Class::Rate, "too many"),
        (error(invalid, "Output blocked by content filtering policy"), Class::Blocked, "blocks"),
        (error(invalid, "messages: no"), Class::Refusal, "(invalid_request_error)"),
    ] {
        let error = classified(200, &body);
        assert_eq!(error.class, class, "{body}: {error}");
        assert!(error.reason.contains(reason), "{} lacks {reason}", error.reason);
    }
}

#[test]
fn what_an_endpoint_lacks_is_said_in_its_words() {
    let lack = |message: &str| classified(400, &error("invalid_request_error", message)).lacks;
    for (message, expected) in [
        ("prompt is too long: 208310 tokens > 200000 maximum", Lack::Context(200_000)),
        (
            "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length or `max_tokens` and try again",
            Lack::Context(200_000),
        ),
        (
            "max_tokens: 10000 > 8192, which is the maximum allowed number of output tokens for claude-3-5-haiku-20241022",
            Lack::Output(8_192),
        ),
        ("`temperature` is deprecated for this model.", Lack::Field(Field::Temperature)),
        (
            "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.",
            Lack::Field(Field::Temperature),
        ),
        ("'claude-2.1' does not support image input.", Lack::Vision),
    ] {
        assert_eq!(lack(message), Some(expected), "{message}");
    }
    for message in [
        "messages.0.content.0.image.source.base64: Could not process image",
        "messages.0.content.0.image.source.base64.data: image exceeds 5 MB maximum: 6000000 bytes > 5242880 bytes",
    ] {
        assert_eq!(lack(message), None, "{message}");
    }
}

#[test]
fn limits_say_when_they_are_over() {
    let body = error("rate_limit_error", "This request would exceed your organization's rate limit");
    let of = |lines: &[(&'static str, &'static str)]| {
        let lines = lines.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        verdict::of(429, &lines.collect(), body.as_bytes(), &SENT, now()).retry_at
    };
    assert_eq!(of(&[("retry-after", "7")]), Some(at("2025-07-15T12:00:07Z")));
    let spent = [
        ("anthropic-ratelimit-requests-remaining", "49"),
        ("anthropic-ratelimit-requests-reset", "2025-07-15T12:00:01Z"),
        ("anthropic-ratelimit-input-tokens-remaining", "0"),
        ("anthropic-ratelimit-input-tokens-reset", "2025-07-15T12:00:40Z"),
    ];
    assert_eq!(of(&spent), Some(at("2025-07-15T12:00:40Z")));
    assert_eq!(of(&[]), None);
    let spent = error(
        "invalid_request_error",
        "You have reached your specified API usage limits. You will regain access on 2025-08-01 at 00:00 UTC.",
    );
    assert_eq!(classified(400, &spent).retry_at, Some(at("2025-08-01T00:00:00Z")));
    let nonsense = error(
        "invalid_request_error",
        "You have reached your specified API usage limits. You will regain access on ü",
    );
    assert_eq!(classified(400, &nonsense).retry_at, None);
}

#[test]
fn what_is_left_is_read_from_headers() {
    let lines = [
        ("anthropic-ratelimit-requests-limit", "50"),
        ("anthropic-ratelimit-requests-remaining", "49"),
        ("anthropic-ratelimit-requests-reset", "2025-07-15T12:00:30Z"),
        ("anthropic-ratelimit-tokens-remaining", "80000"),
    ];
    let lines = lines.map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
    let Remaining { requests, tokens } =
        crate::providers::retry::remaining(&lines.into_iter().collect(), now());
    let requests = requests.unwrap();
    assert_eq!((requests.left, requests.limit, requests.until), (49, Some(50), at("2025-07-15T12:00:30Z")));
    assert_eq!(tokens.map(|tokens| tokens.left), Some(80_000));
}

fn event(kind: &str, rest: &str) -> String {
    format!("event: {kind}\ndata: {{\"type\":\"{kind}\"{rest}}}\n\n")
}

fn start(input: u32) -> String {
    let usage = format!(
        r#""usage":{{"input_tokens":{input},"cache_creation_input_tokens":0,"cache_read_input_tokens":2,"output_tokens":1}}"#
    );
    event(
        "message_start",
        &format!(
            r#","message":{{"id":"msg_1","type":"message","role":"assistant","content":[],"stop_reason":null,{usage}}}"#
        ),
    )
}

fn begins(block: &str) -> String {
    event("content_block_start", &format!(r#","index":0,"content_block":{block}"#))
}

fn delta(delta: &str) -> String {
    event("content_block_delta", &format!(r#","index":0,"delta":{delta}"#))
}

fn says(text: &str) -> String {
    delta(&format!(r#"{{"type":"text_delta","text":"{text}"}}"#))
}

fn stops(reason: &str, usage: &str) -> String {
    event("message_delta", &format!(r#","delta":{{"stop_reason":"{reason}","stop_sequence":null}}{usage}"#))
}

const COUNTED: &str = r#","usage":{"output_tokens":5}"#;

fn stopped(reason: &str) -> Reading {
    let wire = [start(7), says("Pre"), stops(reason, COUNTED), event("message_stop", "")];
    reading_of::<Anthropic>(&wire.concat())
}

#[test]
fn a_stream_is_read_to_its_end_without_its_thoughts() {
    let wire = [
        start(7),
        begins(r#"{"type":"thinking","thinking":"","signature":""}"#),
        event("ping", ""),
        delta(r#"{"type":"thinking_delta","thinking":"The user asks."}"#),
        delta(r#"{"type":"signature_delta","signature":"EqQBCgIYAhIM"}"#),
        event("content_block_stop", r#","index":0"#),
        begins(r#"{"type":"redacted_thinking","data":"EmwKAhgBEgy3"}"#),
        begins(r#"{"type":"text","text":""}"#),
        says("Preload "),
        delta(r#"{"type":"citations_delta","citation":{"cited_text":"no"}}"#),
        says("is stretch."),
        event("content_block_stop", r#","index":2"#),
        stops("end_turn", r#","usage":{"output_tokens":40,"output_tokens_details":{"thinking_tokens":30}}"#),
        event("message_stop", ""),
    ]
    .concat();
    let expected = Reading { text: "Preload is stretch.".to_owned(), end: Ok(end(Finish::Stop, 9, 40)) };
    assert_eq!(reading_of::<Anthropic>(&wire), expected);
    assert_eq!(usage_of::<Anthropic>(&wire), Usage::Exact { prompt: 9, completion: 40, thoughts: Some(30) });
    let events: Vec<_> = events_of::<Anthropic>(&wire).into_iter().map(Result::unwrap).collect();
    assert_eq!(
        events[..3],
        [ChatEvent::Thinking, ChatEvent::Alive, ChatEvent::Thinking],
        "a ping is no thought"
    );
    // Some gateways leave out what a frame is, or send `[DONE]`, or an empty event.
    assert_eq!(reading_of::<Anthropic>(&wire.replace("{\"type\":\"content_block_delta\",", "{")), expected);
    let odd = wire.replace("event: ping\n", "event: ping\n\nevent: ping\n");
    assert_eq!(reading_of::<Anthropic>(&odd), expected);
    assert_eq!(reading_of::<Anthropic>(&format!("{wire}data: [DONE]\n\n")), expected);
}

#[test]
fn what_nobody_knows_is_passed_over() {
    let wire = [
        event("brand_new", r#","text":"no","content":"no""#),
        start(7),
        begins(r#"{"type":"hologram","text":"no"}"#),
        delta(r#"{"type":"hologram_delta","text":"no"}"#),
        begins(r#"{"type":"server_tool_use","id":"x","name":"web_search","input":{}}"#),
        delta(r#"{"type":"input_json_delta","partial_json":"{\"a\":1"}"#),
        "event: content_block_delta\n\n".to_owned(),
        says("Pre"),
        stops("brand_new", COUNTED),
        event("message_stop", r#","amazon-bedrock-invocationMetrics":{"inputTokenCount":7}"#),
    ];
    let expected = Reading { text: "Pre".to_owned(), end: Ok(end(Finish::Stop, 9, 5)) };
    assert_eq!(reading_of::<Anthropic>(&wire.concat()), expected);
}

#[test]
fn every_stop_reason_means_something() {
    for (reason, finish) in [
        ("end_turn", Finish::Stop),
        ("stop_sequence", Finish::Stop),
        ("max_tokens", Finish::Length),
        ("model_context_window_exceeded", Finish::Length),
        ("refusal", Finish::Blocked("refusal".to_owned())),
    ] {
        assert_eq!(
            stopped(reason),
            Reading { text: "Pre".to_owned(), end: Ok(end(finish, 9, 5)) },
            "{reason}"
        );
    }
    for reason in ["pause_turn", "tool_use"] {
        let reading = stopped(reason);
        let error = reading.end.unwrap_err();
        assert_eq!((reading.text.as_str(), error.class), ("Pre", Class::Withheld), "{reason}");
    }
    let wordless = [start(7), stops("max_tokens", COUNTED), event("message_stop", "")].concat();
    let error = reading_of::<Anthropic>(&wordless).end.unwrap_err();
    assert_eq!((error.class, error.thoughts), (Class::EmptyByLength, Some(5)));
    let empty = [start(7), stops("end_turn", COUNTED), event("message_stop", "")].concat();
    assert_eq!(reading_of::<Anthropic>(&empty).end, Err(ProviderError::empty()));
}

#[test]
fn a_stream_without_its_end_is_cut_and_an_error_in_it_is_one() {
    let half = [start(7), says("Pre")].concat();
    assert_eq!(reading_of::<Anthropic>(&half).end, Err(ProviderError::broken_off()));
    let failed = format!("{half}event: error\ndata: {}\n\n", error("overloaded_error", "Overloaded"));
    let reading = reading_of::<Anthropic>(&failed);
    assert_eq!((reading.text.as_str(), reading.end.unwrap_err().class), ("Pre", Class::Overload));
    // Without its last event, but with the reason.
    let marked = [start(7), says("Pre"), stops("end_turn", COUNTED)].concat();
    assert_eq!(reading_of::<Anthropic>(&marked).end, Ok(end(Finish::Stop, 9, 5)));
}

#[test]
fn a_usage_that_counts_nothing_is_none() {
    let usage = |start: String, usage: &str| {
        usage_of::<Anthropic>(
            &[start, says("Pre"), stops("end_turn", usage), event("message_stop", "")].concat(),
        )
    };
    let exact = |prompt, completion| Usage::Exact { prompt, completion, thoughts: None };
    assert_eq!(usage(start(7), ""), Usage::Missing, "the first count is a guess");
    assert_eq!(usage(start(7), r#","usage":{"output_tokens":0}"#), Usage::Missing);
    assert_eq!(usage(String::new(), COUNTED), Usage::Missing);
    // Some know the prompt only at the end, some only at the beginning.
    let late = r#","usage":{"input_tokens":20,"output_tokens":5}"#;
    assert_eq!(usage(String::new(), late), exact(20, 5));
    assert_eq!(usage(start(7), r#","usage":{"input_tokens":0,"output_tokens":5}"#), exact(9, 5));
    let within = r#"event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"end_turn","usage":{"output_tokens":5}}}

"#;
    assert_eq!(usage_of::<Anthropic>(&[&start(7), &says("Pre"), within].concat()), exact(9, 5));
}

#[test]
fn an_answer_may_be_one_object() {
    let whole = r#"{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"thinking","thinking":"Hm.","signature":"x"},{"type":"text","text":"Stretch."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":9,"output_tokens":2}}"#;
    let expected = Reading { text: "Stretch.".to_owned(), end: Ok(end(Finish::Stop, 9, 2)) };
    assert_eq!(reading_of::<Anthropic>(whole), expected);
    let neighbours = r#"{"choices":[{"index":0,"message":{"role":"assistant","content":"Stretch."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2}}"#;
    assert_eq!(reading_of::<Anthropic>(neighbours), expected);
}

fn body(request: &ChatRequest, abilities: &Abilities) -> String {
    let prepared = Prepared::new(request, abilities, 0, None);
    serde_json::to_string(&Body::new("claude-haiku-4-5", prepared, request.temperature, abilities)).unwrap()
}

#[test]
fn the_request_is_as_documented() {
    let mut request = question("What is preload?");
    let turn = |speaker, text: &str, images| Turn { speaker, text: text.to_owned(), images };
    let image = Image { content_type: "image/png".to_owned(), base64: "AAAA".into() };
    request.turns.push(turn(Speaker::Assistant, "Stretch.", Vec::new()));
    request.turns.push(turn(Speaker::User, "And this?", vec![image]));
    request.temperature = 1.5;
    let expected = concat!(
        r#"{"model":"claude-haiku-4-5","max_tokens":300,"system":"Be brief.","messages":["#,
        r#"{"role":"user","content":[{"type":"text","text":"What is preload?"}]},"#,
        r#"{"role":"assistant","content":[{"type":"text","text":"Stretch."}]},"#,
        r#"{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},"#,
        r#"{"type":"text","text":"And this?"}]}],"temperature":1.0,"stream":true}"#,
    );
    assert_eq!(body(&request, &Abilities::default()), expected);
    let old = Abilities {
        no_system_text: true,
        blind: true,
        refuses: [Field::Temperature, Field::Stream, Field::MaxTokens].into(),
        ..Abilities::default()
    };
    let sent = body(&request, &old);
    assert!(sent.contains(r#""text":"Be brief.\n\nWhat is preload?""#) && !sent.contains("system"), "{sent}");
    assert!(!sent.contains("temperature") && !sent.contains("image") && sent.contains(r#""stream":false"#));
    assert!(sent.contains(r#""max_tokens":300"#), "it is always wanted");
}

#[test]
fn a_schema_is_a_tool_that_must_be_used() {
    let with = body(&under_schema(), &Abilities::default());
    let tool = format!(
        r#""tools":[{{"name":"card","description":"Takes the whole answer.","input_schema":{SCHEMA}}}],"tool_choice":{{"type":"tool","name":"card","disable_parallel_tool_use":true}}"#
    );
    assert!(with.contains(&tool) && !with.contains(IN_WORDS), "{with}");
    let without = body(&under_schema(), &without_schema());
    assert!(!without.contains("tool") && without.contains(IN_WORDS), "{without}");
}

#[test]
fn what_the_tool_is_called_with_is_the_answer() {
    let input = r#"{\"front\":"#;
    let wire = [
        start(7),
        begins(r#"{"type":"thinking","thinking":"","signature":""}"#),
        begins(r#"{"type":"tool_use","id":"toolu_1","name":"card","input":{}}"#),
        delta(r#"{"type":"input_json_delta","partial_json":""}"#),
        delta(&format!(r#"{{"type":"input_json_delta","partial_json":"{input}"}}"#)),
        delta(r#"{"type":"input_json_delta","partial_json":"\"Preload?\"}"}"#),
        event("content_block_stop", r#","index":1"#),
        stops("tool_use", COUNTED),
        event("message_stop", ""),
    ];
    let expected = Reading { text: r#"{"front":"Preload?"}"#.to_owned(), end: Ok(end(Finish::Stop, 9, 5)) };
    assert_eq!(reading_under_schema::<Anthropic>(&wire.concat()), expected);
    let whole = r#"{"type":"message","role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"card","input":{"front":"Preload?"}}],"stop_reason":"tool_use","usage":{"input_tokens":9,"output_tokens":5}}"#;
    assert_eq!(reading_under_schema::<Anthropic>(whole), expected);
    // Who was given no tool waits for one that nobody has.
    assert_eq!(reading_of::<Anthropic>(whole).end.unwrap_err().class, Class::Withheld);
}
