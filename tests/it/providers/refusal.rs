//! A refusal concerns this request at this endpoint. Another endpoint is tried, and the question gives up only when
//! all refused.

use serde_json::json;
use simulator::{Behaviour, Case, Rule, Script, Simulator, say};

use super::{QUESTION, World, said_by_student};
use crate::support::key;

/// A refuses, B says `fine`.
async fn refused_by(script: Script) -> World {
    let world = World::of([
        key("refuses").priority(10).answers(script),
        key("takes").answers(Script::case(Case::SaysFine)),
    ])
    .await;
    let answer = world.asks(QUESTION).await;
    assert_eq!((answer.text().as_str(), answer.end()), ("fine", "done"), "{:?}", answer.events.last());
    assert_eq!(answer.count("restart"), 0, "silently");
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_field_is_left_out_and_remembered_or_another_key_answers() {
    for (case, field, named) in [
        (Case::UnknownField, "/stream_options", "stream_options"),
        (Case::OwnTemperature, "/temperature", "temperature"),
        (Case::RefusesMaxTokens, "/max_tokens", "max_tokens"),
    ] {
        let world = refused_by(Script::case(case)).await;
        let calls = world.calls(0);
        assert!(calls[0].prompt.pointer(field).is_some(), "{case:?}");
        assert!(calls.len() >= 2, "it is asked again without the field: {case:?}");
        assert!(calls[1..].iter().all(|call| call.prompt.pointer(field).is_none()), "{case:?}");
        // The next question does not send it either.
        world.forget();
        assert_eq!(world.asks(QUESTION).await.text(), "fine");
        assert!(world.calls(0).iter().all(|call| call.prompt.pointer(field).is_none()), "{case:?}");
        let read = world.read_by_admins().await;
        assert!(read.contains(named), "admins see it: {read}");
        assert_eq!(world.key(0).await["status"], "active");
        world.asks_seven_times().await;
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_is_refused_is_all_that_is_wrong() {
    for (field, refusal) in [
        (
            "\"temperature\"",
            r#"{"error": {"message": "Unsupported parameter: 'temperature' is not supported with this model.", "type": "invalid_request_error", "param": "temperature", "code": "unsupported_parameter"}}"#,
        ),
        (
            "\"max_tokens\"",
            r#"{"error": {"message": "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "type": "invalid_request_error", "param": "max_tokens", "code": "unsupported_parameter"}}"#,
        ),
        (
            "\"stream_options\"",
            r#"{"detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted", "input": {"include_usage": true}}]}"#,
        ),
        (
            "\"stream_options\"",
            r#"{"error": {"message": "Unrecognized request argument supplied: stream_options", "type": "invalid_request_error", "param": null, "code": null}}"#,
        ),
        (
            "\"stream_options\"",
            r#"{"message": "invalid type: parameter.stream_options is not a supported property"}"#,
        ),
        (
            "\"temperature\"",
            r#"{"error": {"message": "`temperature` is deprecated for this model.", "type": "invalid_request_error"}}"#,
        ),
    ] {
        for status in [400, 422] {
            let script = Script::rules([
                Rule::says(status, refusal).with(field),
                Rule::events(say::whole(["Preload is stretch."])),
            ]);
            let world = World::of([key("strict").answers(script)]).await;
            let answer = world.asks(QUESTION).await;
            assert_eq!(answer.text(), "Preload is stretch.", "{status} {refusal} {:?}", answer.events.last());
            let calls = world.calls(0).len();
            world.asks(QUESTION).await;
            assert_eq!(world.calls(0).len(), calls + 1, "it is remembered: {refusal}");
            world.is_healthy(0).await;
            world.end().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_names_nothing_leads_to_another_endpoint() {
    for (status, body) in [
        (400, r#"{"error": {"message": "Bad request", "type": "invalid_request_error"}}"#),
        (
            400,
            r#"{"object": "error", "message": "Conversation roles must alternate user/assistant/user/assistant/...", "type": "BadRequestError", "param": null, "code": 400}"#,
        ),
        (
            400,
            r#"{"error": {"message": "This model's maximum context length is 2048 tokens. However, you requested 4000 tokens.", "type": "invalid_request_error", "param": "messages", "code": "context_length_exceeded"}}"#,
        ),
        (
            400,
            r#"{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_prompt_tokens":4000,"n_ctx":2048}}"#,
        ),
        (
            400,
            r#"{"error":"Trying to keep the first 4000 tokens when context the overflows. However, the model is loaded with context length of only 2048 tokens"}"#,
        ),
        (404, r#"{"error": {"message": "No endpoints found matching your data policy.", "code": 404}}"#),
        (409, r#"{"error": {"message": "The model is being updated", "type": "conflict"}}"#),
        (
            413,
            r#"{"error": {"message": "Request too large for model", "type": "tokens", "code": "request_too_large"}}"#,
        ),
        (421, r#"{"error": "misdirected request"}"#),
        (422, r#"{"detail": "Unprocessable"}"#),
        (498, r#"{"error": {"message": "Flex tier capacity exceeded", "type": "capacity_exceeded"}}"#),
        (499, r#"{"error": {"message": "client closed request"}}"#),
    ] {
        let world = refused_by(Script::rules([Rule::says(status, body)])).await;
        assert_eq!(world.key(0).await["status"], "active", "{status} {body}");
        let key = world.key(0).await;
        assert!(key["last_failures"][0]["reason"].is_string(), "admins read why: {status} {key}");
        world.asks_seven_times().await;
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_turn_is_the_students_however_the_history_is_cut() {
    let world = World::of([key("template").answers(Script::case(Case::BeginsWithTheAssistant))]).await;
    let session = world.student.session().await;
    let question = format!("QUESTION-ONE {}", "x".repeat(9_880));
    assert_eq!(world.student.asks_in(&session, &question).await.end(), "done");
    let answer = world.student.asks_in(&session, "And why?").await;
    assert_eq!(answer.end(), "done", "{answer:?}");
    for call in world.calls(0) {
        let turns = call.prompt["messages"].as_array().unwrap();
        let first = turns.iter().find(|turn| turn["role"] != "system").unwrap();
        assert_eq!(first["role"], "user", "{}", call.prompt);
    }
    world.is_healthy(0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_got_no_answer_makes_no_two_turns_of_one_side() {
    let world = World::of([key("template").answers(Script::rules([
        Rule::says(500, r#"{"error": {"message": "boom"}}"#).times(4),
        Rule::events(say::whole(["Preload is stretch."])),
    ]))])
    .await;
    let session = world.student.session().await;
    for _ in 0..6 {
        world.student.asks_in(&session, QUESTION).await;
    }
    for call in world.calls(0) {
        let roles: Vec<_> =
            call.prompt["messages"].as_array().unwrap().iter().map(|turn| turn["role"].clone()).collect();
        assert!(roles.windows(2).all(|pair| pair[0] != pair[1]), "{roles:?}");
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_424_counts_against_the_provider_and_another_key_answers() {
    let world = refused_by(Script::case(Case::FailedDependency424)).await;
    let key = world.key(0).await;
    assert_eq!((&key["status"], &key["failure_count"]), (&json!("active"), &json!(1)), "{key}");
    assert!(key["reason"].as_str().unwrap().contains("424") || key["reason"].is_string(), "{key}");
    world.is_open().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_stands_when_the_other_refuses() {
    let half = key("breaks").priority(10).answers(Script::case(Case::HalfAnAnswer));
    let refuses = key("refuses").priority(5).answers(Script::case(Case::RefusesMaxTokens));
    let world = World::of([half.clone(), refuses.clone()]).await;
    let session = world.student.session().await;
    let answer = world.student.asks_in(&session, QUESTION).await;
    let half_said = "Preload is the stretch of ";
    assert_eq!((answer.text().as_str(), answer.end()), (half_said, "truncated"));
    let stored = world.student.messages(&session).await[1].clone();
    assert_eq!((&stored["content"], &stored["status"]), (&json!(half_said), &json!("truncated")));
    world.is_open().await;
    world.end().await;

    // A third one is tried where there is one.
    let third = key("third").answers(Script::answers("Preload is stretch."));
    let world = World::of([half, refuses, third]).await;
    let answer = world.asks(QUESTION).await;
    assert_eq!((answer.text().as_str(), answer.end()), ("Preload is stretch.", "done"));
    assert_eq!(answer.count("restart"), 1);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_all_refuse_the_words_fit_and_no_key_is_put_away() {
    let refuses = |body: &str| Script::rules([Rule::says(400, body)]);
    let long = r#"{"error": {"message": "This model's maximum context length is 2048 tokens.", "type": "invalid_request_error", "param": "messages", "code": "context_length_exceeded"}}"#;
    let odd = r#"{"error": {"message": "Bad request", "type": "invalid_request_error"}}"#;
    let world =
        World::of([key("short").priority(9).answers(refuses(long)), key("odd").answers(refuses(odd))]).await;
    let answers = world.asks_seven_times().await;
    for answer in answers {
        assert_eq!(answer.end(), "error");
        assert_ne!(answer.end_data()["code"], "PROVIDERS_EXHAUSTED");
        let said = answer.end_data().to_string();
        assert!(!said.contains("quota"), "{said}");
    }
    for at in 0..2 {
        assert_eq!(world.key(at).await["status"], "active");
    }
    assert_eq!(world.charged().await, 0);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_are_understood_or_the_refusal_says_what_to_write() {
    for (base, only_at) in [
        ("/inference", None),
        ("/v1/chat/completions", None),
        ("/inference", Some("/inference/chat/completions")),
        ("/v1/chat/completions", Some("/v1/chat/completions")),
        ("/v1/", Some("/v1/chat/completions")),
        ("/api/v1", Some("/api/v1/chat/completions")),
        ("/openai/v1", Some("/openai/v1/chat/completions")),
        ("/v1beta/openai/", Some("/v1beta/openai/chat/completions")),
    ] {
        let world = World::of([]).await;
        let simulator = Simulator::start().await.unwrap();
        let fine = Rule::events(say::whole(["fine"]));
        let rules = match only_at {
            // A path in the middle of another one is another one.
            Some(path) => vec![
                Rule::says(404, "{\"detail\":\"Not Found\"}").at(&format!("{path}/")),
                fine.at(path),
                Rule::says(404, "{\"detail\":\"Not Found\"}"),
            ],
            None => vec![fine],
        };
        let spec = key("elsewhere").base(base).answers(Script::rules(rules));
        let reply = world.tries(&spec, &simulator, false).await;
        let called = simulator.calls().last().map(|call| call.path.clone()).unwrap_or_default();
        if reply.status == 201 {
            world.platform.pool_is_read().await;
            assert_eq!(world.asks(QUESTION).await.text(), "fine", "{base}: {called}");
        } else {
            let said = reply.expect(422).body.to_string();
            assert!(said.contains(&called) && !called.is_empty(), "{base}: {called}: {said}");
        }
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_provider_withholds_another_answers_after_a_restart() {
    let world = World::of([
        key("recites").provider("gemini").priority(10).answers(Script::case(Case::Recitation)),
        key("takes").answers(Script::case(Case::SaysFine)),
    ])
    .await;
    let answer = world.asks(QUESTION).await;
    assert_eq!((answer.text().as_str(), answer.end(), answer.count("restart")), ("fine", "done", 1));
    world.is_healthy(0).await;
    world.end().await;

    // Where none can, what was said stays, and nobody is told that the question was improper.
    let world = World::of([key("recites").provider("gemini").answers(Script::case(Case::Recitation))]).await;
    let session = world.student.session().await;
    let answer = world.student.asks_in(&session, "List the cranial nerves.").await;
    assert_eq!(answer.text(), "The cranial nerves are: 1 olfactory, 2 optic, ");
    assert_eq!(answer.end(), "truncated");
    assert!(!answer.end_data().to_string().contains("rephrase"));
    world.asks_seven_times().await;
    world.is_healthy(0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reason_of_a_providers_own_leads_to_another_provider() {
    let bare = |reason: &str| {
        Rule::events([format!(
            "data: {{\"candidates\":[{{\"finishReason\":\"{reason}\",\"index\":0}}],\"usageMetadata\":{{\"promptTokenCount\":50}}}}\n\n"
        )])
    };
    let feedback = "data: {\"promptFeedback\":{\"blockReason\":\"OTHER\"},\"usageMetadata\":{\"promptTokenCount\":50}}\n\n";
    let mut rules: Vec<Rule> = [
        "RECITATION",
        "OTHER",
        "LANGUAGE",
        "MALFORMED_RESPONSE",
        "MALFORMED_FUNCTION_CALL",
        "UNEXPECTED_TOOL_CALL",
        "SOMETHING_NEW",
    ]
    .map(bare)
    .into();
    rules.push(Rule::events([feedback]));
    let mut world = World::of([
        key("withholds").provider("gemini").priority(10),
        key("takes").answers(Script::case(Case::SaysFine)),
    ])
    .await;
    for rule in rules {
        let what = format!("{:?}", rule.parts);
        world.swaps(0, Script::rules([rule])).await;
        let answer = world.asks(QUESTION).await;
        assert_eq!((answer.text().as_str(), answer.end()), ("fine", "done"), "{what}");
        assert_eq!(world.key(0).await["status"], "active", "{what}");
    }
    world.is_open().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_odd_question_puts_no_key_away() {
    // One student's question is what every server here falls over.
    let falls = || {
        Script::rules([
            Rule::says(500, r#"{"error": {"message": "Internal server error"}}"#).with("ODD-QUESTION"),
            Rule::events(say::whole(["fine"])),
        ])
    };
    let world = World::of([key("one").priority(9).answers(falls()), key("two").answers(falls())]).await;
    for _ in 0..7 {
        world.asks("ODD-QUESTION: what is this?").await;
    }
    world.is_open().await;
    let answer = world.asks(QUESTION).await;
    assert_eq!((answer.text().as_str(), answer.end()), ("fine", "done"));
    for at in 0..2 {
        assert_eq!(world.key(at).await["status"], "active");
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_question_goes_to_an_endpoint_with_more_context() {
    let small = Script::rules([
        Rule::says(400, r#"{"error": {"message": "This model's maximum context length is 1024 tokens. However, your messages resulted in 2600 tokens.", "type": "invalid_request_error", "param": "messages", "code": "context_length_exceeded"}}"#).over("heart", 300),
        Rule::events(say::whole(["small"])),
    ]);
    let world =
        World::of([key("small").priority(9).answers(small), key("large").answers(Script::answers("large"))])
            .await;
    let long = format!("What of this? {}", "heart ".repeat(1_500));
    assert_eq!(world.asks(&long).await.text(), "large");
    assert_eq!(world.asks(QUESTION).await.text(), "small", "short ones still go there");
    assert!(said_by_student(&world.calls(0)[0].prompt)[0].len() > 5_000);
    world.is_healthy(0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_of_the_older_kind_are_refusals_too() {
    for behaviour in [Behaviour::BadRequest, Behaviour::ContextTooLong, Behaviour::PayloadTooLarge] {
        let world = refused_by(Script::healthy().behaving(behaviour)).await;
        assert_eq!(world.key(0).await["status"], "active", "{behaviour:?}");
        world.end().await;
    }
}
