use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderValue};

use super::*;
use crate::providers::{
    Turn,
    tests::{
        IN_WORDS, Reading, SCHEMA, SENT, at, end, now, question, reading_of, under_schema, usage_of,
        without_schema,
    },
    verdict,
};

fn classified(status: u16, body: &str) -> ProviderError {
    verdict::of(status, &HeaderMap::new(), body.as_bytes(), &SENT, now())
}

fn refusal(code: u16, status: &str, details: &str) -> String {
    format!(
        r#"{{"error":{{"code":{code},"message":"About your prompt, with AIzaSyKEY.","status":"{status}","details":[{details}]}}}}"#
    )
}

fn quota(id: &str, delay: &str) -> String {
    let failure = format!(
        r#"{{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{{"quotaMetric":"m","quotaId":"{id}","quotaDimensions":{{"model":"gemini-2.5-flash","location":"global"}},"quotaValue":"20"}}]}}"#
    );
    let help = r#"{"@type":"type.googleapis.com/google.rpc.Help","links":[{"url":"https://ai.google.dev"}]}"#;
    let retry = format!(r#"{{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"{delay}"}}"#);
    refusal(429, "RESOURCE_EXHAUSTED", &format!("{help},{failure},{retry}"))
}

#[test]
fn every_row_of_the_errors_has_its_class() {
    let bad_key = r#"{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}"#;
    let table = [
        (400, refusal(400, "INVALID_ARGUMENT", bad_key), Class::Credential, "(API_KEY_INVALID)"),
        (400, refusal(400, "FAILED_PRECONDITION", ""), Class::Credential, "not served from here"),
        (400, refusal(400, "INVALID_ARGUMENT", ""), Class::Refusal, "(INVALID_ARGUMENT)"),
        (400, "<html>Your client has issued a malformed request".to_owned(), Class::Overload, "protocol"),
        (401, refusal(401, "UNAUTHENTICATED", ""), Class::Credential, "not valid"),
        (402, refusal(402, "RESOURCE_EXHAUSTED", ""), Class::Quota, "credit"),
        (403, refusal(403, "PERMISSION_DENIED", ""), Class::Credential, "(PERMISSION_DENIED)"),
        (403, "<html>Forbidden</html>".to_owned(), Class::Overload, "something before"),
        (404, refusal(404, "NOT_FOUND", ""), Class::Credential, "the model is not known"),
        (413, String::new(), Class::Refusal, "too large"),
        (429, String::new(), Class::Rate, "too many"),
        (500, refusal(500, "INTERNAL", ""), Class::Overload, "(INTERNAL)"),
        (502, "<html>".to_owned(), Class::Overload, "failed"),
        (503, format!("[{}]", refusal(503, "UNAVAILABLE", "")), Class::Overload, "(UNAVAILABLE)"),
        (504, refusal(504, "DEADLINE_EXCEEDED", ""), Class::Overload, "in time"),
        (302, String::new(), Class::Overload, "protocol"),
    ];
    for (status, body, class, reason) in table {
        let error = classified(status, &body);
        assert_eq!((error.class, error.status), (class, Some(status)), "{body}");
        assert!(error.reason.contains(reason), "{} lacks {reason}", error.reason);
        assert!(!error.reason.contains("AIza") && error.retry_at.is_none() && !error.truncated);
    }
}

#[test]
fn a_spent_day_lasts_until_midnight_in_california_whatever_it_says() {
    let error = classified(429, &quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "38s"));
    assert_eq!((error.class, error.retry_at), (Class::Quota, Some(at("2025-07-16T07:00:00Z"))));
    assert_eq!(error.reason, "the day's quota is spent (GenerateRequestsPerDayPerProjectPerModel-FreeTier)");
    let error = classified(429, &quota("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "38.5s"));
    assert_eq!((error.class, error.retry_at), (Class::Rate, Some(at("2025-07-15T12:00:38.500Z"))));
    let headers = [(reqwest::header::RETRY_AFTER, HeaderValue::from_static("9"))].into_iter().collect();
    let error = verdict::of(429, &headers, b"", &SENT, now());
    assert_eq!((error.class, error.retry_at), (Class::Rate, Some(at("2025-07-15T12:00:09Z"))));
}

#[test]
fn an_error_inside_a_stream_is_classified_alike() {
    let wire = |body: &str| {
        let text = r#"{"candidates":[{"content":{"parts":[{"text":"Pre"}]}}]}"#;
        reading_of::<Gemini>(&format!("data: {text}\n\ndata: {body}\n\n"))
    };
    let reading = wire(&refusal(503, "UNAVAILABLE", ""));
    assert_eq!(reading.text, "Pre");
    let error = reading.end.unwrap_err();
    assert_eq!((error.class, error.status), (Class::Overload, Some(503)));
    let body = quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "38s");
    assert_eq!(wire(&body).end.unwrap_err(), classified(429, &body));
    // The same, where a gateway sends it as a page under status 200.
    assert_eq!(reading_of::<Gemini>(&body).end.unwrap_err(), classified(429, &body));
}

fn frame(parts: &str, rest: &str) -> String {
    format!(
        "data: {{\"candidates\":[{{\"content\":{{\"parts\":[{parts}],\"role\":\"model\"}}{rest}}}]}}\r\n\r\n"
    )
}

#[test]
fn thoughts_are_no_text_and_the_last_usage_wins() {
    let wire = [
        r#"data: {"candidates":[{"content":{"parts":[{"text":"Hm.","thought":true}]}}],"usageMetadata":{"promptTokenCount":9,"totalTokenCount":9}}"#,
        "\n\n",
        r#"data: {"candidates":[{"content":{"parts":[{"text":"Pre"},{"text":"load","thought":false,"thoughtSignature":"x"}]},"index":0}]}"#,
        "\n\n",
        r#"data: {"candidates":[{"content":{"parts":[{"text":"."}]},"finishReason":"MAX_TOKENS"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":3,"thoughtsTokenCount":40},"modelVersion":"m"}"#,
        "\n\n",
        r#"data: {"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":0}}"#,
        "\n\n",
    ];
    let reading = reading_of::<Gemini>(&wire.concat());
    assert_eq!(reading, Reading { text: "Preload.".to_owned(), end: Ok(end(Finish::Length, 9, 0)) });
    let reading = reading_of::<Gemini>(&wire[..6].concat());
    assert_eq!(reading, Reading { text: "Preload.".to_owned(), end: Ok(end(Finish::Length, 9, 43)) });
}

#[test]
fn every_finish_reason_means_something() {
    let finished = |reason: &str, text: &str| {
        reading_of::<Gemini>(&frame(
            &format!("{{\"text\":\"{text}\"}}"),
            &format!(",\"finishReason\":\"{reason}\""),
        ))
    };
    for reason in ["SAFETY", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"] {
        let reading = finished(reason, "Pre");
        assert_eq!(reading.text, "Pre");
        let end = reading.end.unwrap();
        assert_eq!((end.finish, end.usage), (Finish::Blocked(reason.to_owned()), Usage::Missing));
    }
    for reason in ["STOP", "NEWER_THAN_US"] {
        assert_eq!(finished(reason, "Pre").end.unwrap().finish, Finish::Stop);
    }
    for (reason, text) in [
        ("RECITATION", "Pre"),
        ("LANGUAGE", "Pre"),
        ("OTHER", "Pre"),
        ("OTHER", ""),
        ("MALFORMED_RESPONSE", "Pre"),
        ("MALFORMED_FUNCTION_CALL", ""),
    ] {
        let reading = finished(reason, text);
        let error = reading.end.unwrap_err();
        assert_eq!((reading.text.as_str(), error.class, error.truncated), (text, Class::Withheld, false));
        assert_eq!(error.reason, format!("the provider withholds this answer ({reason})"));
    }
    assert!(finished("FINISH_REASON_UNSPECIFIED", "Pre").end.unwrap_err().truncated);
}

#[test]
fn text_behind_an_end_mark_is_still_said() {
    let wire =
        ["Pre", "load"].map(|text| frame(&format!("{{\"text\":\"{text}\"}}"), ",\"finishReason\":\"STOP\""));
    assert_eq!(reading_of::<Gemini>(&wire.concat()).text, "Preload");
}

#[test]
fn a_blocked_prompt_is_an_error() {
    let wire = "data: {\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"},\"usageMetadata\":{\"promptTokenCount\":4}}\n\n";
    let error = reading_of::<Gemini>(wire).end.unwrap_err();
    assert_eq!((error.class, error.status), (Class::Blocked, Some(200)));
    assert_eq!(error.reason, "the provider blocks this prompt (PROHIBITED_CONTENT)");
}

#[test]
fn thoughts_are_counted_apart() {
    let wire = r#"data: {"candidates":[{"content":{"parts":[{"text":"Pre"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":3,"thoughtsTokenCount":40}}"#;
    assert_eq!(usage_of::<Gemini>(wire), Usage::Exact { prompt: 9, completion: 43, thoughts: Some(40) });
}

fn body(model: &str, request: &ChatRequest, abilities: &Abilities) -> String {
    let bound = Bound::of(model);
    let prepared = Prepared::new(request, abilities, bound.room(), None);
    serde_json::to_string(&Body::new(prepared, request.temperature, bound, abilities)).unwrap()
}

#[test]
fn the_request_is_as_documented() {
    let mut request = question("What is preload?");
    request.turns.push(Turn {
        speaker: Speaker::User,
        text: "And afterload?".to_owned(),
        images: Vec::new(),
    });
    request.turns.push(Turn {
        speaker: Speaker::Assistant,
        text: "Pressure.".to_owned(),
        images: Vec::new(),
    });
    let abilities = Abilities::default();
    let expected = concat!(
        r#"{"contents":[{"role":"user","parts":[{"text":"What is preload?\n\nAnd afterload?"}]},"#,
        r#"{"role":"model","parts":[{"text":"Pressure."}]}],"systemInstruction":{"parts":[{"text":"Be brief."}]},"#,
        r#""generationConfig":{"maxOutputTokens":300,"temperature":0.7}}"#,
    );
    assert_eq!(body("gemini-2.0-flash", &request, &abilities), expected);
    let gemma = Abilities { no_system_text: true, ..Abilities::default() };
    let sent = body("gemma-3-27b-it", &request, &gemma);
    assert!(
        sent.contains(r#"[{"text":"Be brief.\n\nWhat is preload?"#) && !sent.contains("systemInstruction"),
        "{sent}"
    );
    request.system.clear();
    assert!(!body("x", &request, &abilities).contains("systemInstruction"));
}

#[test]
fn thoughts_are_bounded_and_given_room_where_the_model_is_known_to_think() {
    let request = question("What is preload?");
    let sent = |model: &str, abilities: &Abilities| body(model, &request, abilities);
    let fresh = Abilities::default();
    for model in ["gemini-2.5-flash", "models/gemini-2.5-pro", "gemini-flash-latest"] {
        let sent = sent(model, &fresh);
        assert!(
            sent.contains(r#""maxOutputTokens":1324"#)
                && sent.contains(r#""thinkingConfig":{"thinkingBudget":1024}"#),
            "{sent}"
        );
    }
    assert!(sent("gemini-3-pro-preview", &fresh).contains(r#""thinkingConfig":{"thinkingLevel":"low"}"#));
    for model in ["gemma-3-27b-it", "gemini-2.0-flash", "gemini-2.5-flash-image"] {
        assert!(
            sent(model, &fresh).contains(r#""maxOutputTokens":300"#)
                && !sent(model, &fresh).contains("thinkingConfig")
        );
    }
    let learnt = Abilities { thoughts: 2_044, refuses: [Field::Thinking].into(), ..Abilities::default() };
    let sent = sent("gemini-2.5-flash", &learnt);
    assert!(sent.contains(r#""maxOutputTokens":2344"#) && !sent.contains("thinkingConfig"), "{sent}");
}

#[test]
fn the_address_names_the_model_and_no_key() {
    let url = |base: &str, model: &str| {
        let secret = domain::keys::Secret::parse("AIzaSyKEY").unwrap();
        address(&Endpoint {
            base_url: base.to_owned(),
            model: model.to_owned(),
            secret,
            abilities: Arc::default(),
        })
        .unwrap()
        .to_string()
    };
    let expected = "https://g.example/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";
    assert_eq!(url("https://g.example", "gemini-2.5-flash"), expected);
    assert_eq!(url("https://g.example/v1beta/", "models/gemini-2.5-flash"), expected);
    let tuned = "https://g.example/v1beta/tunedModels/x:streamGenerateContent?alt=sse";
    assert_eq!(url("https://g.example", "tunedModels/x"), tuned);
}

#[test]
fn a_schema_goes_along_or_is_asked_for_in_words() {
    let with = body("gemini-2.0-flash", &under_schema(), &Abilities::default());
    let schema = format!(r#""responseMimeType":"application/json","responseJsonSchema":{SCHEMA}"#);
    assert!(with.contains(&schema) && !with.contains(IN_WORDS), "{with}");
    let without = body("gemini-2.0-flash", &under_schema(), &without_schema());
    assert!(!without.contains("response") && without.contains(IN_WORDS), "{without}");
}
