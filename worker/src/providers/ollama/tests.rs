use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

use super::*;
use crate::providers::{
    Class, End, Speaker, Turn,
    tests::{
        IN_WORDS, Reading, SCHEMA, SENT, at, end, now, question, reading_of, under_schema, without_schema,
    },
    verdict,
};

#[test]
fn every_row_of_the_errors_has_its_class() {
    let sentence = r#"{"error":"model \"secret prompt\" not found, try pulling it first"}"#;
    let table = [
        (400, r#"{"error":"about your secret prompt"}"#, Class::Refusal),
        (401, r#"{"error":"unauthorized"}"#, Class::Credential),
        (403, "", Class::Overload),
        (404, sentence, Class::Credential),
        (404, "404 page not found", Class::Refusal),
        (413, "", Class::Refusal),
        (429, sentence, Class::Rate),
        (500, sentence, Class::Overload),
        (
            503,
            r#"{"error":"server busy, please try again.  maximum pending requests exceeded"}"#,
            Class::Overload,
        ),
        (301, "", Class::Overload),
    ];
    for (status, body, class) in table {
        let error = verdict::of(status, &HeaderMap::new(), body.as_bytes(), &SENT, now());
        assert_eq!((error.class, error.status, error.retry_at), (class, Some(status), None), "{body}");
        assert!(!error.reason.contains("secret"));
    }
    let headers = [(RETRY_AFTER, HeaderValue::from_static("3"))].into_iter().collect();
    let error = verdict::of(503, &headers, b"{}", &SENT, now());
    assert_eq!(error.retry_at, Some(at("2025-07-15T12:00:03Z")));
}

const TEXT: &str =
    "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"Pre\"},\"done\":false}\n";

#[test]
fn the_end_mark_is_done() {
    let read = |last: &str| reading_of::<Ollama>(&format!("{TEXT}{last}"));
    let last = r#"{"message":{"role":"assistant","content":"load"},"done":true,"done_reason":"length","prompt_eval_count":9,"eval_count":0}"#;
    assert_eq!(read(last), Reading { text: "Preload".to_owned(), end: Ok(end(Finish::Length, 9, 0)) });
    let cached = r#"{"done":true,"done_reason":"stop","eval_count":5}"#;
    assert_eq!(read(cached).end, Ok(End { finish: Finish::Stop, usage: Usage::Missing, prompt_cut: false }));
    assert_eq!(read("").end, Err(ProviderError::broken_off()));
    assert_eq!(read("{\"done\":tr").end, Err(ProviderError::broken_off()));
}

#[test]
fn an_error_may_come_within_the_stream() {
    let reading = reading_of::<Ollama>(&format!("{TEXT}{{\"error\":\"an error about your prompt\"}}"));
    assert_eq!(reading.text, "Pre");
    assert_eq!(reading.end, Err(ProviderError::new(Class::Overload, Some(200), "the provider failed")));
}

fn body(model: &str, request: &ChatRequest, abilities: &Abilities) -> String {
    let thinker = Thinker::of(model);
    let limit = abilities.context_limit.unwrap_or(LONGEST_CONTEXT);
    let prepared = Prepared::new(request, abilities, thinker.room, Some(limit));
    serde_json::to_string(&Body::new(model, prepared, request.temperature, thinker, abilities)).unwrap()
}

#[test]
fn the_request_is_as_documented() {
    let expected = concat!(
        r#"{"model":"llama3.2","messages":[{"role":"system","content":"Be brief."},"#,
        r#"{"role":"user","content":"What is preload?"}],"stream":true,"#,
        r#""options":{"num_predict":300,"temperature":0.7,"num_ctx":8192}}"#,
    );
    assert_eq!(body("llama3.2", &question("What is preload?"), &Abilities::default()), expected);
    assert!(body("gpt-oss:20b", &question("?"), &Abilities::default()).contains(r#""think":"low""#));
}

#[test]
fn the_context_fits_prompt_and_answer_within_the_operators_bound() {
    assert_eq!(context(100, 300, 16_384), 8_192);
    assert_eq!(context(7_000, 2_048, 16_384), 16_384);
    assert_eq!(context(30_000, 2_048, 16_384), 16_384);
    assert_eq!(context(100, 300, 4_096), 4_096);
    let mut request = question(&"old words ".repeat(2_000));
    let turn = |speaker, text: &str| Turn { speaker, text: text.to_owned(), images: Vec::new() };
    request.turns.push(turn(Speaker::Assistant, "An answer."));
    request.turns.push(turn(Speaker::User, "And why?"));
    let bound = Abilities { context_limit: Some(4_096), ..Abilities::default() };
    let sent = body("llama3.2", &request, &bound);
    assert!(
        sent.contains(r#""num_ctx":4096"#) && !sent.contains("old words") && sent.contains("And why?"),
        "{sent}"
    );
    let refusing = Abilities { refuses: [Field::ContextLength].into(), ..Abilities::default() };
    assert!(!body("llama3.2", &request, &refusing).contains("num_ctx"));
}

#[test]
fn a_schema_goes_along_and_is_asked_for_in_words_as_well() {
    let with = body("llama3.2", &under_schema(), &Abilities::default());
    assert!(with.contains(&format!(r#""format":{SCHEMA}"#)) && with.contains(IN_WORDS), "{with}");
    let without = body("llama3.2", &under_schema(), &without_schema());
    assert!(!without.contains(r#""format""#) && without.matches(IN_WORDS).count() == 1, "{without}");
}
