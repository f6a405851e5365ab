//! What real servers sent, by the reports of those who got it.

use super::*;

/// A piece of an answer in OpenAI's protocol.
fn chunk(choice: &str) -> String {
    format!("data: {{\"choices\":[{{\"index\":0,{choice}}}]}}\n\n")
}

fn text(text: &str) -> String {
    chunk(&format!("\"delta\":{{\"content\":{text}}},\"finish_reason\":null"))
}

const STOP: &str =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

fn said(wire: &str) -> String {
    let reading = reading_of::<OpenAi>(wire);
    assert!(reading.end.is_ok(), "{wire} ends in {:?}", reading.end);
    reading.text
}

#[test]
fn content_may_be_a_list_of_parts() {
    let wire = [
        text(r#"[{"type":"thinking","thinking":[{"type":"text","text":"Hm."}],"closed":true}]"#),
        text(r#"[{"type":"text","text":"Preload is "},{"type":"reference","reference_ids":[1]}]"#),
        text("\"stretch.\""),
        STOP.to_owned(),
    ];
    assert_eq!(said(&wire.concat()), "Preload is stretch.");
    let thinks = events_of::<OpenAi>(&wire.concat()).contains(&Ok(ChatEvent::Thinking));
    assert!(thinks);
}

#[test]
fn thoughts_and_comments_are_signs_of_life_of_two_kinds() {
    let wire = format!(
        ": OPENROUTER PROCESSING\n\n{}{}{STOP}",
        chunk("\"delta\":{\"reasoning_content\":\"Hm.\"}"),
        text("\"Answer.\"")
    );
    let chunks: Vec<_> = wire
        .split_inclusive("\n\n")
        .map(|chunk| Ok::<_, Infallible>(Bytes::from(chunk.to_owned())))
        .collect();
    let events: Vec<_> =
        block_on(read::<OpenAi, _, _>(stream::iter(chunks), SENT.clone(), Secret::none(), now()).collect());
    let events: Vec<_> = events.into_iter().map(Result::unwrap).collect();
    assert_eq!(events[..3], [ChatEvent::Alive, ChatEvent::Thinking, ChatEvent::Delta("Answer.".to_owned())]);
}

#[test]
fn a_ping_is_a_sign_of_life_as_a_comment_is() {
    let wire = format!("event: ping\ndata: {{\"type\":\"ping\"}}\n\n{}{STOP}", text("\"Answer.\""));
    let events: Vec<_> = events_of::<OpenAi>(&wire).into_iter().map(Result::unwrap).collect();
    assert_eq!(events[..2], [ChatEvent::Alive, ChatEvent::Delta("Answer.".to_owned())]);
}

#[test]
fn thoughts_within_the_text_are_not_told() {
    let wire = [
        text("\"<think>The user asks about pre\""),
        text("\"load. [1] maybe.</thi\""),
        text("\"nk>\\n\\nPreload is stretch.\""),
        STOP.to_owned(),
    ];
    assert_eq!(said(&wire.concat()), "Preload is stretch.");
    let wire = [
        text("\"Okay, preload.\\n</th\""),
        text("\"ink>\\n\\nPreload\""),
        text("\" is stretch.\""),
        STOP.to_owned(),
    ];
    assert_eq!(said(&wire.concat()), "Preload is stretch.");
    assert!(events_of::<OpenAi>(&wire.concat()).contains(&Ok(ChatEvent::Restart)));
    let unclosed = reading_of::<OpenAi>(&format!("{}{STOP}", text("\"<think>Hm.\"")));
    assert_eq!(unclosed, Reading { text: String::new(), end: Err(ProviderError::empty()) });
}

#[test]
fn half_an_emoji_is_joined_with_its_other_half() {
    let wire = [text(r#""The heart \ud83e""#), text(r#""""#), text(r#""\udec0 pumps.""#), STOP.to_owned()];
    assert_eq!(said(&wire.concat()), "The heart 🫀 pumps.");
    assert_eq!(said(&format!("{}{STOP}", text(r#""The heart \ud83e""#))), "The heart \u{FFFD}");
}

#[test]
fn an_answer_may_be_one_object() {
    let whole = r#"{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Stretch."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2}}"#;
    let expected = Reading { text: "Stretch.".to_owned(), end: Ok(end(Finish::Stop, 9, 2)) };
    assert_eq!(reading_of::<OpenAi>(whole), expected);
    let value: serde_json::Value = serde_json::from_str(whole).unwrap();
    assert_eq!(reading_of::<OpenAi>(&serde_json::to_string_pretty(&value).unwrap()), expected);
    assert_eq!(reading_of::<OpenAi>(&format!("data: {whole}\n\n")), expected);
    let gemini = r#"[{"candidates":[{"content":{"parts":[{"text":"Stre"}]}}],"usageMetadata":{"promptTokenCount":9}}
,
{"candidates":[{"content":{"parts":[{"text":"tch."}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":2}}
]"#;
    assert_eq!(reading_of::<Gemini>(gemini), expected);
    let ollama = r#"{"message":{"content":"Stretch."},"done":true,"done_reason":"stop","prompt_eval_count":9,"eval_count":2}"#;
    assert_eq!(reading_of::<Ollama>(ollama), expected);
    assert_eq!(reading_of::<Ollama>(&format!("data: {ollama}\n\n")), expected);
    assert_eq!(reading_of::<OpenAi>(&whole.replace("\"stop\"", "null")), expected);
}

#[test]
fn lines_of_json_are_read_from_where_events_were_expected() {
    let wire = format!("{}{STOP}", text("\"Stretch.\"")).replace("data: ", "").replace("\n\n", "\n");
    assert_eq!(said(&wire), "Stretch.");
    let unparted = format!("{}{STOP}", text("\"Stretch.\"")).replace("\n\n", "\n");
    assert_eq!(said(&unparted), "Stretch.");
}

#[test]
fn odd_frames_are_skipped() {
    let odd = [
        "event: ping\ndata: {\"type\":\"ping\"}\n\n",
        "data: keep-alive\n\n",
        "data: \n\n",
        "data: []\n\n",
        "data: null\n\n",
        "data: {}\n\n",
        "data: {\"choices\":null}\n\n",
        "data: {\"choices\":null,\"message\":{}}\n\n",
        "data: {\"choices\":[]}\n\n",
        "data: {\"choices\":[null,{\"delta\":7}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":null}}],\"usage\":{}}\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"broken\n\n",
        "data: {\"choices\":[{\"finish_reason\":5}],\"logprobs\":NaN}\n\n",
        "id: 7\nretry: 100\n\n",
        "<!-- -->\n\n",
    ];
    for frame in odd {
        let wire = format!("{frame}{}{frame}{}{frame}{STOP}", text("\"Str\""), text("\"etch.\""));
        assert_eq!(said(&wire), "Stretch.", "{frame}");
    }
    assert_eq!(said(&format!("{}{}{STOP}", text("5"), text("\" mg\""))), "5 mg");
    assert_eq!(said(&format!("{}{STOP}", chunk("\"text\":\"Stretch.\""))), "Stretch.");
}

#[test]
fn errors_are_errors_in_every_dress() {
    for (body, class) in [
        ("data: {\"error\":\"boom\"}", Class::Overload),
        ("data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}", Class::Overload),
        ("data: {\"detail\":\"boom\"}", Class::Overload),
        ("event: error\ndata: {\"message\":\"boom\",\"code\":429}", Class::Rate),
        ("event: error\ndata: boom", Class::Overload),
        ("{\"error\":{\"code\":429}}", Class::Rate),
    ] {
        let reading = reading_of::<OpenAi>(&format!("{}{body}\n\n", text("\"Pre\"")));
        assert_eq!((reading.text.as_str(), reading.end.unwrap_err().class), ("Pre", class), "{body}");
    }
}

#[test]
fn an_end_mark_may_be_spelled_as_google_does() {
    let wire = format!(
        "{}{}",
        text("\"Stretch.\""),
        chunk("\"delta\":{},\"finishReason\":\"stop\",\"finish_reason\":\"\"")
    );
    assert_eq!(said(&wire), "Stretch.");
}

#[test]
fn blank_is_empty() {
    for blank in ["\"\\n\"", "\" \\u200b\\ufeff\\t\"", "\"\""] {
        let reading = reading_of::<OpenAi>(&format!("{}{STOP}", text(blank)));
        assert_eq!(reading, Reading { text: String::new(), end: Err(ProviderError::empty()) }, "{blank}");
    }
    assert_eq!(
        said(&format!("{}{}{STOP}", text("\"\\n  \""), text("\"x\""))),
        "\n  x",
        "nothing is taken from an answer"
    );
}

#[test]
fn thoughts_that_eat_the_answer_are_no_failure_of_the_key() {
    let wire = concat!(
        "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Let me think.\",\"thought\":true}]},\"finishReason\":null}],\"usageMetadata\":{\"promptTokenCount\":12}}\n\n",
        "data: {\"candidates\":[{\"content\":{\"role\":\"model\"},\"finishReason\":\"MAX_TOKENS\"}],\"usageMetadata\":{\"promptTokenCount\":120,\"thoughtsTokenCount\":2044,\"totalTokenCount\":2164}}\n\n",
    );
    let error = reading_of::<Gemini>(wire).end.unwrap_err();
    assert_eq!((error.class, error.thoughts, error.truncated), (Class::EmptyByLength, Some(2_044), false));
    let wire =
        format!("{}data: [DONE]\n\n", chunk("\"delta\":{\"content\":\"\\n\"},\"finish_reason\":\"length\""));
    assert_eq!(reading_of::<OpenAi>(&wire).end.unwrap_err().class, Class::EmptyByLength);
}

#[test]
fn a_recitation_is_withheld_and_what_was_said_stands() {
    let wire = concat!(
        "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"The cranial nerves are: \"}]},\"finishReason\":null}]}\n\n",
        "data: {\"candidates\":[{\"finishReason\":\"RECITATION\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":50,\"candidatesTokenCount\":12}}\n\n",
    );
    let reading = reading_of::<Gemini>(wire);
    assert_eq!(
        (reading.text.as_str(), reading.end.unwrap_err().class),
        ("The cranial nerves are: ", Class::Withheld)
    );
}

#[test]
fn a_prompt_that_was_cut_is_noticed() {
    let ended = |sent: u32, counted: u32| {
        let wire = format!(
            "{{\"message\":{{\"content\":\"Stretch.\"}},\"done\":false}}\n{{\"done\":true,\"prompt_eval_count\":{counted},\"eval_count\":3}}\n"
        );
        let bytes = Ok::<_, Infallible>(Bytes::from(wire));
        let sent = Sent { tokens: sent, ..Sent::default() };
        block_on(drain(read::<Ollama, _, _>(stream::iter([bytes]), sent, Secret::none(), now()))).end.unwrap()
    };
    let cut = ended(5_000, 2_048);
    assert!(cut.prompt_cut && cut.lacks() == Some(Lack::Context(2_048)));
    for (sent, counted) in [(5_000, 4_500), (2_200, 2_048), (900, 12), (5_000, 40)] {
        let whole = ended(sent, counted);
        assert!(!whole.prompt_cut && whole.lacks().is_none(), "{counted} of {sent}");
    }
}

fn refused(status: u16, body: &str) -> ProviderError {
    verdict::of(status, &reqwest::header::HeaderMap::new(), body.as_bytes(), &SENT, now())
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn a_refusal_names_what_is_lacking() {
    let table = [
        (
            400,
            r#"{"error":{"code":400,"message":"Developer instruction is not enabled for models/gemma-3-27b-it","status":"INVALID_ARGUMENT"}}"#,
            Lack::SystemText,
        ),
        (
            422,
            r#"{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","stream_options","include_usage"],"msg":"Extra inputs are not permitted","input":true}]},"type":"invalid_request_error","param":null,"code":null}"#,
            Lack::Field(Field::StreamOptions),
        ),
        (
            400,
            r#"{"error":{"message":"Unsupported value: 'temperature' does not support 0.4 with this model.","type":"invalid_request_error","param":"temperature","code":"unsupported_value"}}"#,
            Lack::Field(Field::Temperature),
        ),
        (
            400,
            r#"{"error":{"message":"Unsupported parameter: 'max_tokens'","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}"#,
            Lack::Field(Field::MaxTokens),
        ),
        (
            400,
            r#"{"object":"error","message":"[{'type': 'extra_forbidden', 'loc': ('body', 'max_completion_tokens'), 'msg': 'Extra inputs are not permitted', 'input': 8192}]","type":"BadRequestError","param":null,"code":400}"#,
            Lack::Field(Field::MaxCompletionTokens),
        ),
        (
            404,
            r#"{"error":{"message":"No endpoints found that support image input","code":404}}"#,
            Lack::Vision,
        ),
        (
            400,
            r#"{"object":"error","message":"Conversation roles must alternate user/assistant/user/assistant/...","type":"BadRequestError","param":null,"code":400}"#,
            Lack::SystemText,
        ),
        (
            400,
            r#"{"error":{"message":"<400> InternalError.Algo.InvalidParameter: Value error, batch size is invalid, it should not be larger than 10.: input.contents","type":"InvalidParameter","param":null,"code":"InvalidParameter"}}"#,
            Lack::Batch(10),
        ),
        (500, r#"{"error":"this model is missing data required for image input"}"#, Lack::Vision),
    ];
    for (status, body, lack) in table {
        let error = refused(status, body);
        assert_eq!((error.class, error.lacks), (Class::Refusal, Some(lack)), "{body}");
        assert!(!error.reason.contains("gemma"));
    }
    let error = refused(
        400,
        r#"{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 1 instead.\",\"code\":\"integer_below_min_value\"}}","provider_name":"Azure"}}}"#,
    );
    assert_eq!((error.class, error.lacks), (Class::Refusal, None));
    assert!(error.reason.contains("integer_below_min_value"), "{}", error.reason);
    // What a server says of itself is not about the request.
    for body in [
        r#"{"error":"unexpected error while streaming: connection reset"}"#,
        r#"{"error":"out of memory: invalid dimensions"}"#,
    ] {
        let error = refused(500, body);
        assert_eq!((error.class, error.lacks), (Class::Overload, None), "{body}");
        assert_eq!(refused(200, body).class, Class::Overload);
    }
}

#[test]
fn a_spent_quota_is_one_whatever_its_status() {
    let daily = "{\"error\":{\"message\":\"Rate limit exceeded: free-models-per-day. Add 10 credits to unlock\",\"code\":429,\"metadata\":{\"headers\":{\"X-RateLimit-Limit\":\"50\",\"X-RateLimit-Remaining\":\"0\",\"X-RateLimit-Reset\":\"1752598800000\"},\"provider_name\":null}},\"user_id\":\"u\"}";
    let error = refused(429, daily);
    assert_eq!((error.class, error.retry_at), (Class::Quota, Some(at("2025-07-15T17:00:00Z"))));
    for (status, body) in [
        (
            403,
            r#"{"error":{"message":"Key limit exceeded (daily limit). Manage it using https://openrouter.ai/settings/keys","code":403}}"#,
        ),
        (403, r#"{"error":{"message":"Key limit exceeded (total limit)","code":403}}"#),
        (
            400,
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the API."}}"#,
        ),
        (
            400,
            r#"{"error":{"message":"Budget has been exceeded! Current cost: 1.0","type":"budget_exceeded","code":"400"}}"#,
        ),
        (402, r#"{"error":{"message":"Insufficient Balance"}}"#),
        (429, r#"{"error":"you have reached your daily usage limit"}"#),
    ] {
        let error = refused(status, body);
        assert_eq!(error.class, Class::Quota, "{body}: {error:?}");
        assert!(!error.reason.contains("http"));
    }
    for body in [
        r#"{"error":{"message":"Rate limit exceeded"}}"#,
        r#"{"error":{"message":"Concurrency limit exceeded"}}"#,
        r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Resource has been exhausted (e.g. check quota)."}}"#,
    ] {
        assert_eq!(refused(429, body).class, Class::Rate, "{body}");
    }
    let moments = refused(
        429,
        r#"{"error":{"message":"Rate limit reached on tokens per minute. Please try again in 7.5s."}}"#,
    );
    assert_eq!((moments.class, moments.retry_at), (Class::Rate, Some(at("2025-07-15T12:00:07.500Z"))));
}

#[test]
fn what_a_student_asked_says_nothing_of_the_key() {
    let said = "What is the daily limit of paracetamol?\nWhich ICD-10 billing codes has a murine model?";
    let asked = Sent { said: said.into(), ..Sent::default() };
    let of = |status, message: &str| {
        let body = serde_json::json!({ "error": { "message": message, "type": "invalid_request_error" } })
            .to_string();
        verdict::of(status, &reqwest::header::HeaderMap::new(), body.as_bytes(), &asked, now()).class
    };
    assert_eq!(of(400, "Failed to parse input: 'What is the daily limit of paracetamol?'"), Class::Refusal);
    assert_eq!(of(400, "Not allowed: which icd-10 BILLING codes has a murine model"), Class::Refusal);
    assert_eq!(of(404, "nothing was not found for \"has a murine model\""), Class::Refusal);
    // Its own words count.
    assert_eq!(of(400, "You have reached your daily limit."), Class::Quota);
    assert_eq!(of(403, "Please check your plan and billing details."), Class::Quota);
}

#[test]
fn a_server_error_that_names_what_is_lacking_is_a_lack() {
    let lacks = |message: &str| {
        let body =
            serde_json::json!({ "error": { "code": 500, "message": message, "type": "server_error" } })
                .to_string();
        let error = verdict::of(500, &reqwest::header::HeaderMap::new(), body.as_bytes(), &SENT, now());
        (error.class, error.lacks)
    };
    assert_eq!(lacks("System role not supported"), (Class::Refusal, Some(Lack::SystemText)));
    let vision =
        "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj";
    assert_eq!(lacks(vision), (Class::Refusal, Some(Lack::Vision)));
    assert_eq!(lacks("the server had an error"), (Class::Overload, None));
    let none = verdict::of(
        400,
        &reqwest::header::HeaderMap::new(),
        br#"{"error":{"message":"At most 0 image(s) may be provided in one prompt.","type":"BadRequestError"}}"#,
        &SENT,
        now(),
    );
    assert_eq!(none.lacks, Some(Lack::Vision));
}

#[test]
fn a_nul_in_an_answer_is_left_out() {
    let wire = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Preload \\u0000 is\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    assert_eq!(reading_of::<OpenAi>(wire).text, "Preload  is");
}
