use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::*;
use crate::providers::{
    Class, End,
    tests::{
        IN_WORDS, Reading, SCHEMA, SENT, at, end, now, question, reading_of, under_schema, usage_of,
        without_schema,
    },
    verdict,
};

fn classified(status: u16, body: &str) -> ProviderError {
    verdict::of(status, &HeaderMap::new(), body.as_bytes(), &SENT, now())
}

fn refusal(kind: &str, code: &str) -> String {
    format!(
        r#"{{"error":{{"message":"About your prompt, and sk-KEY","type":{kind},"param":null,"code":{code}}}}}"#
    )
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn every_row_of_the_errors_has_its_class() {
    let request = r#""invalid_request_error""#;
    let table = [
        (401, refusal(request, r#""invalid_api_key""#), Class::Credential, "(invalid_api_key)"),
        (401, String::new(), Class::Credential, "not valid"),
        (402, refusal("null", "402"), Class::Quota, "credit"),
        (
            403,
            refusal(request, r#""insufficient_permissions""#),
            Class::Credential,
            "(insufficient_permissions)",
        ),
        (403, refusal("null", r#""unsupported_country_region_territory""#), Class::Credential, "from here"),
        (403, "<html>Attention required</html>".to_owned(), Class::Overload, "something before"),
        (
            403,
            r#"{"error":{"message":"Access denied. Please check your network settings."}}"#.to_owned(),
            Class::Overload,
            "something before",
        ),
        (401, "<html>Log in</html>".to_owned(), Class::Overload, "protocol"),
        (404, refusal(request, r#""model_not_found""#), Class::Credential, "the model is not known"),
        (404, r#"{"detail":"Not Found"}"#.to_owned(), Class::Refusal, "nothing at this address"),
        (404, "404 page not found".to_owned(), Class::Refusal, "nothing at this address"),
        (
            400,
            r#"{"error":"Incorrect API key provided: sk-KEY"}"#.to_owned(),
            Class::Credential,
            "the key is not valid",
        ),
        (424, r#"{"error":{"message":"x","error_type":"generation"}}"#.to_owned(), Class::Overload, "failed"),
        (
            400,
            r#"{"error":{"message":"x is not a valid model ID"}}"#.to_owned(),
            Class::Credential,
            "the model is not known",
        ),
        (429, refusal(r#""insufficient_quota""#, r#""insufficient_quota""#), Class::Quota, "credit"),
        (429, refusal(r#""requests""#, r#""rate_limit_exceeded""#), Class::Rate, "(rate_limit_exceeded)"),
        (429, refusal("null", "429"), Class::Rate, "too many"),
        (429, "<html>1015</html>".to_owned(), Class::Rate, "too many"),
        (413, refusal(request, r#""request_too_large""#), Class::Refusal, "too large"),
        (413, refusal(r#""tokens""#, r#""rate_limit_exceeded""#), Class::Refusal, "too large"),
        (400, refusal(request, r#""context_length_exceeded""#), Class::Refusal, "too long for the model"),
        (400, refusal(request, r#""decimal_above_max_value""#), Class::Refusal, "(decimal_above_max_value)"),
        (400, refusal(request, "null"), Class::Refusal, "(invalid_request_error)"),
        (400, refusal("null", r#""content_filter""#), Class::Blocked, "(content_filter)"),
        (
            403,
            r#"{"error":{"code":403,"message":"flagged","metadata":{"reasons":["x"],"flagged_input":"y"}}}"#
                .to_owned(),
            Class::Blocked,
            "blocks",
        ),
        (422, r#"{"detail":[{"loc":["body"]}]}"#.to_owned(), Class::Refusal, "does not accept"),
        (500, refusal(r#""server_error""#, "null"), Class::Overload, "failed"),
        (502, "<html>Bad Gateway</html>".to_owned(), Class::Overload, "failed"),
        (503, refusal("null", r#""slow_down""#), Class::Overload, "(slow_down)"),
        (503, refusal("null", r#""server_is_overloaded""#), Class::Overload, "overloaded"),
        (504, String::new(), Class::Overload, "in time"),
        (529, refusal(r#""overloaded_error""#, "null"), Class::Overload, "overloaded"),
        (307, String::new(), Class::Overload, "protocol"),
        (204, String::new(), Class::Overload, "protocol"),
    ];
    for (status, body, class, reason) in table {
        let error = classified(status, &body);
        assert_eq!((error.class, error.status), (class, Some(status)), "{body}");
        assert!(error.reason.contains(reason), "{} lacks {reason}", error.reason);
        assert!(!error.reason.contains("sk-") && error.retry_at.is_none() && !error.truncated);
    }
}

#[test]
fn the_time_to_come_back_is_read_from_headers() {
    let retry_at = |status, body: &str, lines: &[(&'static str, &'static str)]| {
        let line =
            |line: &(&'static str, _)| (HeaderName::from_static(line.0), HeaderValue::from_static(line.1));
        let headers = lines.iter().map(line).collect();
        verdict::of(status, &headers, body.as_bytes(), &SENT, now()).retry_at
    };
    let spent = [
        ("x-ratelimit-remaining-requests", "0"),
        ("x-ratelimit-reset-requests", "6m0s"),
        ("x-ratelimit-remaining-tokens", "199960"),
        ("x-ratelimit-reset-tokens", "12ms"),
    ];
    assert_eq!(retry_at(429, "", &spent), Some(at("2025-07-15T12:06:00Z")));
    assert_eq!(retry_at(429, "", &[("retry-after", "8")]), Some(at("2025-07-15T12:00:08Z")));
    let both = [("retry-after", "8"), ("retry-after-ms", "7500")];
    assert_eq!(retry_at(429, "", &both), Some(at("2025-07-15T12:00:07.500Z")));
    assert_eq!(retry_at(503, "", &[("retry-after", "8")]), Some(at("2025-07-15T12:00:08Z")));
    let quota = refusal("null", r#""insufficient_quota""#);
    assert_eq!(retry_at(429, &quota, &spent), None);
    assert_eq!(retry_at(429, &quota, &[("retry-after", "3600")]), Some(at("2025-07-15T13:00:00Z")));
    assert_eq!(retry_at(400, "{}", &[("retry-after", "8")]), None);
}

const TEXT: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"Pre\"}}]}\n\n";

fn finished(reason: &str) -> String {
    format!("{TEXT}data: {{\"choices\":[{{\"delta\":{{}},\"finish_reason\":\"{reason}\"}}]}}\n\n")
}

#[test]
fn an_error_inside_a_stream_is_classified_alike() {
    let table = [
        (r#"{"error":{"code":429,"message":"x"}}"#, Class::Rate, 429),
        (
            r#"{"error":{"code":"502","message":"x"},"choices":[{"delta":{"content":""},"finish_reason":"error"}]}"#,
            Class::Overload,
            502,
        ),
        (r#"{"error":{"message":"x","type":"server_error","code":null}}"#, Class::Overload, 200),
        (
            r#"{"error":{"message":"x","type":"insufficient_quota","code":"insufficient_quota"}}"#,
            Class::Quota,
            200,
        ),
        (r#"{"error":{"message":"x","type":"invalid_request_error","code":null}}"#, Class::Refusal, 200),
        (r#"{"error":"CUDA out of memory"}"#, Class::Overload, 200),
        (
            r#"{"object":"error","message":"too long","type":"BadRequestError","param":null,"code":400}"#,
            Class::Refusal,
            400,
        ),
    ];
    for (body, class, status) in table {
        let reading = reading_of::<OpenAi>(&format!("{TEXT}data: {body}\n\ndata: [DONE]\n\n"));
        assert_eq!(reading.text, "Pre");
        let error = reading.end.unwrap_err();
        assert_eq!((error.class, error.status, error.truncated), (class, Some(status), false), "{body}");
    }
    // An error as the whole body, under the wrong status, laid out over lines.
    let error = reading_of::<OpenAi>("{\n  \"error\": {\n    \"code\": 402\n  }\n}").end.unwrap_err();
    assert_eq!((error.class, error.status), (Class::Quota, Some(402)));
}

#[test]
fn done_ends_a_stream_and_so_does_a_clean_close_after_an_end_mark() {
    let usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":0}}\n\n";
    let done = "data: [DONE]\n\n";
    let stop = finished("stop");
    let ended = |finish| Ok(End { finish, usage: Usage::Missing, prompt_cut: false });
    let read = |wire: String| reading_of::<OpenAi>(&wire).end;
    assert_eq!(read(format!("{stop}{usage}{done}")), Ok(end(Finish::Stop, 9, 0)), "an explicit zero counts");
    assert_eq!(read(format!("{stop}{usage}")), Ok(end(Finish::Stop, 9, 0)));
    assert_eq!(read(format!("{stop}{done}")), ended(Finish::Stop));
    assert_eq!(read(stop.clone()), ended(Finish::Stop));
    assert_eq!(
        read(format!("{stop}data: rubbish\n\n")),
        ended(Finish::Stop),
        "what follows the end is no matter"
    );
    assert_eq!(read(format!("{stop}data: {{\"error\":{{\"code\":500}}}}\n\n")), ended(Finish::Unclosed));
    assert_eq!(read(format!("{TEXT}{usage}{done}")), Ok(end(Finish::Stop, 9, 0)), "done without a reason");
    assert_eq!(read(format!("{TEXT}{usage}")), Err(ProviderError::broken_off()), "neither");
    assert_eq!(read(format!("{usage}{done}")), Err(ProviderError::empty()), "nothing was said");
    assert_eq!(read(stop.trim_end().to_owned()), ended(Finish::Stop), "the last line end may be lacking");
}

#[test]
fn every_finish_reason_means_something() {
    let read = |reason| reading_of::<OpenAi>(&finished(reason)).end.map(|end| end.finish);
    for reason in ["stop", "tool_calls", "end_turn", "eos", "STOP", "newer-than-us"] {
        assert_eq!(read(reason), Ok(Finish::Stop), "{reason}");
    }
    for reason in ["length", "max_tokens", "MAX_TOKENS"] {
        assert_eq!(read(reason), Ok(Finish::Length), "{reason}");
    }
    assert_eq!(read("content_filter"), Ok(Finish::Blocked("content_filter".to_owned())));
    assert_eq!(read("RECITATION").unwrap_err().class, Class::Withheld);
    for none in ["", "null", "error"] {
        assert!(read(none).unwrap_err().truncated, "{none}: some send it on every chunk");
    }
}

#[test]
fn reasoning_is_no_text_and_a_refusal_is() {
    let delta = |delta: &str| format!("data: {{\"choices\":[{{\"delta\":{{{delta}}}}}],\"usage\":null}}\n\n");
    let wire = [
        delta(r#""reasoning":"Hm.","reasoning_content":"Hm.","content":null"#),
        delta(r#""content":"","refusal":"I can't help with that.""#),
        "data: {\"choices\":[{\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n".to_owned(),
    ];
    let expected = Reading { text: "I can't help with that.".to_owned(), end: Ok(end(Finish::Stop, 1, 2)) };
    assert_eq!(reading_of::<OpenAi>(&wire.concat()), expected);
}

#[test]
fn usage_is_found_wherever_it_stands() {
    let exact = |prompt, completion, thoughts| Usage::Exact { prompt, completion, thoughts };
    let read = |last: &str| usage_of::<OpenAi>(&format!("{TEXT}data: {last}\n\ndata: [DONE]\n\n"));
    let table = [
        (r#"{"choices":[],"usage":{"prompt_tokens":"9","completion_tokens":5.0}}"#, exact(9, 5, None)),
        (r#"{"choices":[],"x_groq":{"usage":{"prompt_tokens":9,"completion_tokens":5}}}"#, exact(9, 5, None)),
        (
            r#"{"choices":[{"delta":{},"usage":{"prompt_tokens":9,"completion_tokens":5}}]}"#,
            exact(9, 5, None),
        ),
        (
            r#"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":50,"completion_tokens_details":{"reasoning_tokens":45}}}"#,
            exact(9, 50, Some(45)),
        ),
        (
            r#"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":5,"total_tokens":59,"completion_tokens_details":{"reasoning_tokens":45}}}"#,
            exact(9, 50, Some(45)),
        ),
        (r#"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":-5}}"#, Usage::Missing),
        (r#"{"choices":[],"usage":"none"}"#, Usage::Missing),
    ];
    for (last, expected) in table {
        assert_eq!(read(last), expected, "{last}");
    }
}

fn body(model: &str, abilities: &Abilities) -> String {
    let request = question("What is preload?");
    let thinker = Thinker::of(model);
    let prepared = Prepared::new(&request, abilities, thinker.room, None);
    serde_json::to_string(&Body::new(model, prepared, request.temperature, thinker, abilities)).unwrap()
}

#[test]
fn the_request_is_as_documented() {
    let expected = concat!(
        r#"{"model":"gpt-x","messages":[{"role":"system","content":"Be brief."},"#,
        r#"{"role":"user","content":"What is preload?"}],"max_tokens":300,"temperature":0.7,"#,
        r#""stream":true,"stream_options":{"include_usage":true}}"#,
    );
    assert_eq!(body("gpt-x", &Abilities::default()), expected);
}

#[test]
fn what_an_endpoint_refuses_is_not_sent_again() {
    let refusing =
        |fields: &[Field]| Abilities { refuses: fields.iter().copied().collect(), ..Abilities::default() };
    let sent = body("gpt-x", &refusing(&[Field::MaxTokens, Field::Temperature, Field::StreamOptions]));
    assert!(sent.contains(r#""max_completion_tokens":300"#), "{sent}");
    assert!(
        !sent.contains("max_tokens") && !sent.contains("temperature") && !sent.contains("stream_options")
    );
    let sent = body("gpt-x", &refusing(&[Field::MaxTokens, Field::MaxCompletionTokens, Field::Stream]));
    assert!(!sent.contains("300") && !sent.contains("stream"), "{sent}");
    let sent = body("gpt-x", &Abilities { no_system_text: true, ..Abilities::default() });
    assert!(
        sent.contains(r#""messages":[{"role":"user","content":"Be brief.\n\nWhat is preload?"}]"#),
        "{sent}"
    );
}

#[test]
fn models_that_think_are_bounded_and_given_room() {
    let sent = body("openai/gpt-5-mini", &Abilities::default());
    assert!(
        sent.contains(r#""max_completion_tokens":2348"#) && sent.contains(r#""reasoning_effort":"low""#),
        "{sent}"
    );
    assert!(!sent.contains("temperature"));
    let unbound = body("o3", &Abilities { refuses: [Field::Thinking].into(), ..Abilities::default() });
    assert!(!unbound.contains("reasoning_effort"), "{unbound}");
    for thinks in ["deepseek/deepseek-r1", "qwen3:8b", "magistral-small", "o1-mini", "openai/gpt-oss-20b"] {
        assert_eq!(Thinker::of(thinks).room, 2_048, "{thinks}");
    }
    for does_not in ["gpt-4o-mini", "gpt-5-chat-latest", "llama3.2", "o10", "qwen3-coder", "mistral-large"] {
        assert_eq!(Thinker::of(does_not).room, 0, "{does_not}");
    }
    let learnt = body("gpt-x", &Abilities { thoughts: 1_500, ..Abilities::default() });
    assert!(learnt.contains(r#""max_tokens":1800"#), "{learnt}");
}

#[test]
fn a_whole_message_behind_its_pieces_is_not_said_twice() {
    let piece = |text: &str| {
        format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n")
    };
    let whole = "data: {\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"content\":\"Preload is stretch.\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    let read = reading_of::<OpenAi>(&[&piece("Preload is "), &piece("stretch."), whole].concat());
    assert_eq!(read.text, "Preload is stretch.");
    assert_eq!(reading_of::<OpenAi>(whole).text, "Preload is stretch.");
}

#[test]
fn a_schema_goes_along_or_is_asked_for_in_words() {
    let sent = |abilities: &Abilities| {
        let request = under_schema();
        let prepared = Prepared::new(&request, abilities, 0, None);
        let body = Body::new("gpt-x", prepared, request.temperature, Thinker::default(), abilities);
        serde_json::to_string(&body).unwrap()
    };
    let schema = format!(
        r#""response_format":{{"type":"json_schema","json_schema":{{"name":"card","strict":true,"schema":{SCHEMA}}}}}"#
    );
    let with = sent(&Abilities::default());
    assert!(with.contains(&schema) && !with.contains(IN_WORDS), "{with}");
    let without = sent(&without_schema());
    assert!(!without.contains("response_format") && without.contains(IN_WORDS), "{without}");
}
