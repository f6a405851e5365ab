//! Read what can be read and ignore the rest: thoughts are life, blank is empty, and only an end ends a stream.

use std::time::Duration;

use serde_json::json;
use simulator::{Case, Part, Rule, Script, say};

use super::{QUESTION, World};
use crate::support::{Platform, key};

/// A world with one key that sends this.
async fn sends(provider: &'static str, rule: Rule) -> World {
    World::of([key("sends").provider(provider).answers(Script::rules([rule]))]).await
}

async fn sends_case(case: Case) -> World {
    World::of([key("sends").answers(Script::case(case))]).await
}

fn data(json: &str) -> String {
    format!("data: {json}\n\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn content_as_a_list_is_read_without_its_thoughts() {
    let world = sends_case(Case::ContentAsAList).await;
    world.is_told("Preload is stretch.").await;
    world.is_healthy(0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_last_answer_without_a_finish_reason_is_complete() {
    let world = sends_case(Case::DoneWithoutAReason).await;
    world.is_told("Preload is the stretch.").await;
    world.is_healthy(0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_object_in_place_of_a_stream_is_told() {
    let world = sends_case(Case::StreamIgnored).await;
    world.is_told("Stretch.").await;
    assert!(world.charged().await > 0);
    world.is_healthy(0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thoughts_between_tags_are_not_told_nor_stored_nor_sent_back() {
    let world = sends_case(Case::ThinkTags).await;
    let answer = world.is_told("Preload is stretch.").await;
    let told: String = answer.events.iter().map(|event| event.data.to_string()).collect();
    assert!(!told.contains("user asks") && !told.contains("maybe"), "{told}");
    world.is_healthy(0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn half_of_a_pair_is_joined_or_replaced_and_fails_nothing() {
    let world = sends_case(Case::HalfAnEmoji).await;
    let answer = world.asks(QUESTION).await;
    let text = answer.text();
    assert!(
        ["The heart 🫀 pumps.", "The heart \u{fffd}\u{fffd} pumps.", "The heart \u{fffd} pumps."]
            .contains(&text.as_str()),
        "{text}"
    );
    assert_eq!(answer.end(), "done");
    world.is_healthy(0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_read_is_told() {
    let done = || [Part::from(say::finish("stop")), say::DONE.into()];
    let whole = |frames: Vec<String>| Rule::events(frames.into_iter().map(Part::from).chain(done()));
    let text = "Preload is stretch.";
    let cases = [
        // Thoughts in a field of their own, under each of its names.
        ("openai", whole(vec![say::delta(r#"{"reasoning": "Hm."}"#), say::text(text)]), text),
        ("openai", whole(vec![say::delta(r#"{"reasoning_content": "Hm.", "content": null}"#), say::text(text)]), text),
        ("openai", whole(vec![say::delta(r#"{"reasoning_details": [{"type": "reasoning.text", "text": "Hm."}], "content": ""}"#), say::text(text)]), text),
        ("openai", whole(vec![say::text("<thinking>Hm.</thinking>\n"), say::text(text)]), text),
        ("openai", whole(vec![say::text("<thought>Hm.\n</thought>"), say::text(text)]), text),
        ("ollama", Rule::streams(say::NDJSON, [say::ollama("<think>\nHm.\n</think>\n\n"), say::ollama(text), say::ollama_done(9)]), text),
        // A tag in code is the answer's.
        ("openai", whole(vec![say::text("Write `<think>` so:\n```\n<think>x</think>\n```\n")]), "Write `<think>` so:\n```\n<think>x</think>\n```\n"),
        // Nulls, empty frames, unknown frames, a role alone.
        ("openai", whole(vec![say::delta(r#"{"role": "assistant", "content": null}"#), data("{}"), data("null"), data(r#"{"choices": []}"#), data(r#"{"type": "ping"}"#), say::text(text)]), text),
        ("openai", whole(vec![": keep-alive\n\n".to_owned(), "event: ping\ndata: {}\n\n".to_owned(), "data:\n\n".to_owned(), say::text(text)]), text),
        ("openai", whole(vec![data(r#"{"id":"","choices":[],"created":0,"model":"","object":"","prompt_filter_results":[{"prompt_index":0}]}"#), say::text(text)]), text),
        // No space behind `data:`, and a byte order mark.
        ("openai", Rule::events([say::text(text).replacen("data: ", "data:", 1), say::finish("stop"), "data:[DONE]\n\n".to_owned()]), text),
        // Only the finish reason, and only the mark.
        ("openai", Rule::events([say::text(text), say::finish("stop")]), text),
        ("openai", Rule::events([say::text(text), say::finish("eos"), say::DONE.to_owned()]), text),
        ("openai", Rule::events([say::text(text), say::finish("end_turn"), say::DONE.to_owned()]), text),
        // A reason that is empty, or the word null, on each chunk.
        ("openai", Rule::events([data(r#"{"choices":[{"index":0,"delta":{"content":"Preload "},"finish_reason":""}]}"#), data(r#"{"choices":[{"index":0,"delta":{"content":"is stretch."},"finish_reason":"null"}]}"#), say::finish("stop"), say::DONE.to_owned()]), text),
        ("openai", Rule::events([data(r#"{"choices":[{"index":0,"delta":{"content":"Preload is stretch."}}]}"#), say::DONE.to_owned()]), text),
        // The usage comes behind `[DONE]`'s place, or with the last text.
        ("openai", Rule::events([data(r#"{"choices":[{"index":0,"delta":{"content":"Preload is stretch."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2}}"#), say::DONE.to_owned()]), text),
        // One object, of each provider.
        ("gemini", Rule::says(200, r#"{"candidates":[{"content":{"role":"model","parts":[{"text":"Preload is stretch."}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":2}}"#), text),
        ("gemini", Rule::says(200, r#"[{"candidates":[{"content":{"role":"model","parts":[{"text":"Preload "}]}}]},{"candidates":[{"content":{"role":"model","parts":[{"text":"is stretch."}]},"finishReason":"STOP"}]}]"#), text),
        ("ollama", Rule::says(200, r#"{"message":{"role":"assistant","content":"Preload is stretch."},"done":true,"done_reason":"stop","prompt_eval_count":9,"eval_count":3}"#), text),
        // An empty STOP first, as some gateways send it.
        ("gemini", Rule::events([data(r#"{"candidates":[{"content":{"role":"model","parts":[{"text":""}]},"finishReason":"STOP","index":0}]}"#).into(), Part::Pause(0.3), say::gemini(text, Some("STOP")).into()]), text),
        ("gemini", Rule::events([data(r#"{"usageMetadata":{"promptTokenCount":9}}"#), say::thought("Hm."), say::gemini(text, Some("STOP"))]), text),
        // Half a pair that nothing follows.
        ("openai", whole(vec![data(r#"{"choices":[{"index":0,"delta":{"content":"Preload \ud83e"},"finish_reason":null}]}"#), say::text("is stretch.")]), "Preload \u{fffd}is stretch."),
    ];
    for (provider, rule, text) in cases {
        let what = format!("{:?}", rule.parts);
        let world = sends(provider, rule).await;
        let session = world.student.session().await;
        let answer = world.student.asks_in(&session, QUESTION).await;
        assert_eq!((answer.text().trim_end(), answer.end()), (text.trim_end(), "done"), "{provider}: {what}");
        assert_eq!(world.student.messages(&session).await[1]["content"], answer.text(), "{what}");
        world.is_healthy(0).await;
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn blank_is_empty_and_neither_done_nor_charged() {
    let blank = |text: &str| Rule::events(say::whole([text]));
    for (provider, rule) in [
        ("openai", Case::NothingButALine.rules().remove(0)),
        ("openai", blank(" \n\t ")),
        ("openai", blank("\u{a0}\u{200b}\u{feff}")),
        ("openai", blank("<think>Hm.</think>\n\n")),
        (
            "openai",
            Rule::says(
                200,
                r#"{"choices": [{"index": 0, "message": {"role": "assistant", "content": null}, "finish_reason": "stop"}]}"#,
            ),
        ),
        ("openai", Rule::events([say::DONE])),
        ("gemini", Rule::events([say::gemini("\n", Some("STOP"))])),
        (
            "gemini",
            Rule::events([data(
                r#"{"candidates":[{"content":{"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":9}}"#,
            )]),
        ),
        ("ollama", Rule::streams(say::NDJSON, [say::ollama(" "), say::ollama_done(9)])),
    ] {
        let what = format!("{provider} {:?}", rule.parts);
        let world = sends(provider, rule).await;
        let session = world.student.session().await;
        let answer = world.student.asks_in(&session, QUESTION).await;
        assert_eq!((answer.text().trim(), answer.end()), ("", "error"), "{what}");
        let stored = world.student.messages(&session).await[1].clone();
        assert_eq!((&stored["status"], &stored["content"]), (&json!("failed"), &json!("")), "{what}");
        assert_eq!(world.charged().await, 0, "{what}");
        world.asks_seven_times().await;
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_without_any_mark_is_cut_and_without_text_a_failure() {
    for (provider, frame) in [
        ("openai", say::text("Preload is")),
        ("gemini", say::gemini("Preload is", None)),
        ("ollama", say::ollama("Preload is")),
    ] {
        let kind = if provider == "ollama" { say::NDJSON } else { "text/event-stream" };
        let world = sends(provider, Rule::streams(kind, [frame])).await;
        let answer = world.asks(QUESTION).await;
        assert_eq!((answer.text().as_str(), answer.end()), ("Preload is", "truncated"), "{provider}");
        world.is_open().await;
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_early_end_mark_ends_nothing() {
    let world =
        World::of([key("early").provider("gemini").answers(Script::case(Case::AnEarlyEndMark))]).await;
    world.is_told("First half second half.").await;
    world.is_healthy(0).await;
    world.end().await;
}

/// Patience of a second, where the world has twenty.
fn impatient() -> crate::support::platform::Setup {
    Platform::setup().config(|config| config.providers.first_token_timeout = Duration::from_secs(1))
}

/// Visible thoughts for as long as the case has them, in twentieths of a second.
fn thinks() -> Script {
    let mut rule = Case::ThirtySecondsOfThoughts.rules().remove(0);
    for part in &mut rule.parts {
        if let Part::Pause(seconds) = part {
            *seconds /= 20.0;
        }
    }
    Script::rules([rule])
}

#[tokio::test(flavor = "multi_thread")]
async fn thoughts_are_life() {
    let keys = [key("thinks").priority(10).answers(thinks()), key("too").answers(thinks())];
    let world = World::with(impatient(), keys).await;
    let answer = world.asks(QUESTION).await;
    assert_eq!((answer.text().as_str(), answer.end()), ("Answer.", "done"), "{:?}", answer.events.last());
    assert_eq!(world.called(), [1, 0], "nobody pays twice");
    for at in 0..2 {
        world.is_healthy(at).await;
    }
    world.is_open().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thoughts_between_tags_are_life_too() {
    let mut parts = vec![Part::from(say::text("<think>"))];
    for _ in 0..30 {
        parts.extend([Part::from(say::text("Hm. ")), Part::Pause(0.05)]);
    }
    parts.extend(say::whole(["</think>\n\nAnswer."]).into_iter().map(Part::from));
    let world = World::with(impatient(), [key("thinks").answers(Script::rules([Rule::events(parts)]))]).await;
    let answer = world.asks(QUESTION).await;
    assert_eq!((answer.text().as_str(), answer.end()), ("Answer.", "done"), "{:?}", answer.events.last());
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thoughts_without_end_and_comments_alone_are_given_up() {
    let endless = |frame: String| {
        let parts = (0..4_000).flat_map(|_| [Part::from(frame.clone()), Part::Pause(0.05)]);
        Script::rules([Rule::events(parts)])
    };
    let setup = Platform::setup().config(|config| {
        config.providers.first_token_timeout = Duration::from_millis(300);
        config.providers.thinking_timeout = Duration::from_secs(1);
    });
    let world = World::with(
        setup,
        [
            key("comments").priority(9).answers(endless(": OPENROUTER PROCESSING\n\n".to_owned())),
            key("thinks").priority(8).answers(endless(say::delta(r#"{"reasoning_content": "Hm. "}"#))),
            key("answers").answers(Script::case(Case::SaysFine)),
        ],
    )
    .await;
    let answer = world.asks(QUESTION).await;
    assert_eq!((answer.text().as_str(), answer.end()), ("fine", "done"));
    world.is_open().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_loads_is_waited_for() {
    // As much longer than the patience as in the case.
    let loads = Case::AModelThatLoads.rules().remove(0).after(1.25);
    let world =
        World::with(impatient(), [key("loads").provider("ollama").answers(Script::rules([loads]))]).await;
    let answer = world.asks(QUESTION).await;
    assert_eq!((answer.text().as_str(), answer.end()), ("Stretch.", "done"), "{:?}", answer.events.last());
    assert!(world.calls(0).iter().all(|call| !call.aborted), "nobody hangs up on a load");
    world.is_open().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_says_that_it_loads_is_asked_again_or_another_one_is() {
    for body in [
        r#"{"error":"model is loading"}"#,
        r#"{"error":"llm server loading model"}"#,
        r#"{"error":"timed out waiting for llama runner to start - progress 0.64 - "}"#,
        r#"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#,
        r#"{"error":"Model mistralai/Mistral-7B is currently loading","estimated_time":20.0}"#,
    ] {
        let provider = if body.contains("code") || body.contains("mistral") { "openai" } else { "ollama" };
        let world = World::of([
            key("loads").provider(provider).priority(9).answers(Script::rules([Rule::says(503, body)])),
            key("answers").answers(Script::case(Case::SaysFine)),
        ])
        .await;
        assert_eq!(world.asks(QUESTION).await.text(), "fine", "{body}");
        assert_eq!(world.key(0).await["status"], "active", "{body}");
        world.is_open().await;
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_inside_a_stream_lead_to_another_key() {
    for (provider, frame) in [
        (
            "openai",
            data(
                r#"{"error":{"code":502,"message":"Upstream error","metadata":{"provider_name":"X"}},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}"#,
            ),
        ),
        ("openai", data(r#"{"error":"Internal error"}"#)),
        ("openai", "event: error\ndata: {\"message\":\"overloaded\"}\n\n".to_owned()),
        (
            "openai",
            data(r#"{"object":"error","message":"EngineDead","type":"InternalServerError","code":500}"#),
        ),
        (
            "gemini",
            data(r#"{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}"#),
        ),
        (
            "ollama",
            "{\"error\":\"an error was encountered while running the model: unexpected EOF\"}\n".to_owned(),
        ),
    ] {
        let kind = if provider == "ollama" { say::NDJSON } else { "text/event-stream" };
        let world = World::of([
            key("fails")
                .provider(provider)
                .priority(9)
                .answers(Script::rules([Rule::streams(kind, [frame.clone()])])),
            key("answers").answers(Script::case(Case::SaysFine)),
        ])
        .await;
        let answer = world.asks(QUESTION).await;
        assert_eq!((answer.text().as_str(), answer.end()), ("fine", "done"), "{provider}: {frame}");
        world.end().await;
    }
}
