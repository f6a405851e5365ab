//! What an endpoint cannot do is learnt, kept for a day, and shown; keys are chosen by what is really sent.

use domain::keys::Provider;
use medai::providers::EmbedderKind;
use serde_json::{Value, json};
use simulator::{Case, Rule, Script, say};

use super::{PNG, QUESTION, World};
use crate::support::{
    Platform, key,
    pdf::{pdf, textbook},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_model_without_eyes_stays_healthy_and_is_shown_no_more_pictures() {
    let world = World::of([
        key("blind").priority(10).answers(Script::case(Case::NoEyes)),
        key("sees").answers(Script::case(Case::SaysFine)),
    ])
    .await;
    for _ in 0..2 {
        let session = world.student.session().await;
        let answer = world.shows_a_picture(&session).await;
        assert_eq!((answer.text().as_str(), answer.end()), ("fine", "done"), "{:?}", answer.events.last());
    }
    let pictures = |at: usize| {
        world.calls(at).iter().filter(|call| call.prompt.to_string().contains("image_url")).count()
    };
    assert_eq!((pictures(0), pictures(1)), (1, 2), "it is not asked for pictures again");
    // A question in words goes to it.
    world.forget();
    assert_eq!(world.asks(QUESTION).await.text(), "fine");
    assert_eq!(world.called(), [1, 0]);
    world.is_healthy(0).await;
    let read = world.read_by_admins().await;
    assert!(read.contains("vision"), "{read}");
    world.is_open().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blindness_is_understood_in_other_words() {
    for (provider, marker, status, body) in [
        (
            "openai",
            "image_url",
            400,
            r#"{"error": {"message": "Invalid content type. image_url is only supported by certain models.", "type": "invalid_request_error", "param": "messages.[0].content.[1].type", "code": null}}"#,
        ),
        (
            "openai",
            "image_url",
            400,
            r#"{"object":"error","message":"meta-llama/Llama-3 is not a multimodal model","type":"BadRequestError","param":null,"code":400}"#,
        ),
        (
            "openai",
            "image_url",
            500,
            r#"{"error":{"code":500,"message":"image input is not supported - hint: if this is unexpected, you may need to provide the mmproj","type":"server_error"}}"#,
        ),
        (
            "openai",
            "image_url",
            422,
            r#"{"detail":[{"type":"string_type","loc":["body","messages",1,"content"],"msg":"Input should be a valid string"}]}"#,
        ),
        ("ollama", "\"images\"", 400, r#"{"error":"this model is missing data required for image input"}"#),
        (
            "gemini",
            "inlineData",
            400,
            r#"{"error": {"code": 400, "message": "Image input modality is not enabled for models/gemma-3-1b-it", "status": "INVALID_ARGUMENT"}}"#,
        ),
    ] {
        let mut fine = Case::SaysFine.rules();
        match provider {
            "gemini" => fine = vec![Rule::events([say::gemini("fine", Some("STOP"))])],
            "ollama" => fine = vec![Rule::streams(say::NDJSON, [say::ollama("fine"), say::ollama_done(9)])],
            _ => {}
        }
        let sees = fine.clone();
        fine.insert(0, Rule::says(status, body).with(marker));
        let world = World::of([
            key("blind").provider(provider).priority(10).answers(Script::rules(fine)),
            key("sees").provider(provider).answers(Script::rules(sees)),
        ])
        .await;
        for _ in 0..3 {
            let session = world.student.session().await;
            let answer = world.shows_a_picture(&session).await;
            assert_eq!((answer.text().as_str(), answer.end()), ("fine", "done"), "{body}");
        }
        world.forget();
        assert_eq!(world.asks(QUESTION).await.text(), "fine");
        assert_eq!(world.called(), [1, 0], "it stays healthy for text: {body}");
        world.is_open().await;
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_chosen_by_what_is_sent() {
    let fine = |name| key(name).answers(Script::case(Case::SaysFine));
    let world =
        World::of([fine("chat").feature("chat"), fine("image").feature("image"), fine("mcq").feature("mcq")])
            .await;
    let session = world.student.session().await;
    let answer = world.shows_a_picture(&session).await;
    assert_eq!((answer.text().as_str(), answer.end()), ("fine", "done"), "{:?}", answer.events.last());
    assert_eq!(world.called(), [0, 1, 0]);
    let path = format!("/api/admin/keys/{}", world.servers[1].id);
    world.admin.patch(&path, json!({ "status": "disabled" })).await.expect(200);
    world.platform.pool_is_read().await;

    let answer = world.student.asks_in(&session, "And in plain words?").await;
    assert_eq!((answer.text().as_str(), answer.end()), ("fine", "done"), "{:?}", answer.events.last());
    let prompt = world.calls(0).pop().unwrap().prompt.to_string();
    assert!(!prompt.contains("image_url"), "the picture is left out");
    assert!(prompt.contains("image") || prompt.contains("picture"), "and said so: {prompt}");
    // "fine" is no question, and so it is asked once more.
    let no_question = world.student.asks_in(&session, "/mcq 1 heart failure").await;
    assert_eq!(no_question.end_data()["code"], "GENERATION_FAILED");
    assert_eq!(world.called(), [1, 1, 2]);
    world.is_healthy(0).await;
    world.end().await;
}

/// A platform that embeds with keys.
async fn embeds(kind: EmbedderKind, provider: &'static str, rules: Vec<Rule>) -> World {
    let setup = Platform::setup().config(|config| config.embedding.embedder = kind);
    let spec = key("embeds").provider(provider).feature("embedding").answers(Script::rules(rules));
    World::with(setup, [spec]).await
}

/// A document of many chunks.
fn many_pages() -> Vec<u8> {
    let pages: Vec<String> = (1..=24)
        .map(|n| {
            format!(
                "Chapter {n} is about organ number {n}. {}",
                format!("Organ {n} has a function of its own that no other has, and takes part in the {n}th reflex. ").repeat(4)
            )
        })
        .collect();
    pdf(&pages.iter().map(String::as_str).collect::<Vec<_>>())
}

/// How many texts a call embeds.
fn texts(prompt: &Value) -> usize {
    [&prompt["input"], &prompt["requests"]].iter().filter_map(|list| list.as_array()).map(Vec::len).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_are_halved_until_they_are_taken_and_that_is_remembered() {
    let world = embeds(EmbedderKind::Of(Provider::OpenAi), "openai", Case::BatchesOfTen.rules()).await;
    let read = world.student.has_read("Organs.pdf", &many_pages()).await;
    assert_eq!(read["status"], "ready", "{read}");
    let calls = world.embeddings(0);
    assert!(
        calls.iter().any(|call| call.outcome == Some(200) && texts(&call.prompt) > 1),
        "it is halved, not given up"
    );
    world.servers[0].simulator.forget();
    let again =
        pdf(&["The last chapter is about the spleen, which filters the blood and stores its platelets."]);
    assert_eq!(world.student.has_read("Spleen.pdf", &again).await["status"], "ready");
    world
        .student
        .has_read("More.pdf", &{
            let mut more = many_pages();
            more.extend(b"\n% more\n");
            more
        })
        .await;
    let refused = world.embeddings(0).iter().filter(|call| call.outcome != Some(200)).count();
    assert_eq!(refused, 0, "it is remembered");
    world.is_healthy(0).await;
    let told = world.read_by_admins().await;
    assert!(told.contains("batch"), "{told}");
    world.is_open().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_of_a_batch_is_understood_in_other_words() {
    for (status, body) in [
        (
            400,
            r#"{"object":"error","message":"batch size 24 > maximum allowed batch size 4","type":"BadRequestError","code":400}"#,
        ),
        (413, r#"{"error":"batch size 24 > maximum allowed batch size 4","error_type":"Validation"}"#),
        (413, r"<html><head><title>413 Request Entity Too Large</title></head></html>"),
        (
            400,
            r#"{"detail":"Request to model 'voyage-large-2' failed. The max allowed tokens per submitted batch is 400. Your batch has 2400 tokens after truncation. Please lower the number of tokens in the batch."}"#,
        ),
        (413, r#"{"code":20042,"message":"input batch size 24 > maximum allowed batch size 4","data":null}"#),
        (
            422,
            r#"{"detail":[{"type":"too_long","loc":["body","input"],"msg":"List should have at most 4 items after validation, not 24"}]}"#,
        ),
        (
            400,
            r#"{"error":{"message":"Invalid 'input': array too long. Expected an array with maximum length 4, but got an array with length 24 instead.","type":"invalid_request_error","param":"input","code":"array_above_max_length"}}"#,
        ),
        (
            500,
            r#"{"error":{"code":500,"message":"input is too large to process. increase the physical batch size","type":"server_error"}}"#,
        ),
    ] {
        let rules = vec![
            Rule::says(status, body).at("embeddings").over("\",\"", 3),
            Rule::embeds(384).at("embeddings"),
        ];
        let world = embeds(EmbedderKind::Of(Provider::OpenAi), "openai", rules).await;
        let read = world.student.has_read("Organs.pdf", &many_pages()).await;
        assert_eq!(read["status"], "ready", "{status} {body}: {read}");
        world.is_healthy(0).await;
        world.is_open().await;
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_cannot_be_embedded_costs_itself_only() {
    let null_in = |path: &str| Rule::embeds(384).at(path).with_nulls_for("Takotsubo");
    for (kind, provider, rules) in [
        (EmbedderKind::Of(Provider::Ollama), "ollama", Case::OneTextThatCannot.rules()),
        // A vector of nulls is what NaN becomes in JSON.
        (EmbedderKind::Of(Provider::OpenAi), "openai", vec![null_in("embeddings")]),
        (EmbedderKind::Of(Provider::Ollama), "ollama", vec![null_in("/api/embed")]),
        (
            EmbedderKind::Of(Provider::OpenAi),
            "openai",
            vec![
                Rule::says(400, r#"{"error":{"message":"This model's maximum context length is 512 tokens, however you requested 600 tokens","type":"invalid_request_error"}}"#).with("Takotsubo"),
                Rule::embeds(384),
            ],
        ),
    ] {
        let what = format!("{provider} {rules:?}");
        let world = embeds(kind, provider, rules).await;
        let read = world.student.has_read("Physiology.pdf", &textbook()).await;
        assert!(["ready", "partly_ready"].contains(&read["status"].as_str().unwrap()), "{what}: {read}");
        // The others are found by their meaning, and it by its words.
        assert_eq!(world.student.finds("countercurrent multiplier loop of Henle").await[0]["page"], 2, "{what}");
        let found = world.student.finds("Takotsubo").await;
        assert!(found.iter().any(|passage| passage["page"] == 3), "{what}: {found:?}");
        let chunks = world.platform.number("select count(*) from chunks").await;
        let vectors = world.platform.number("select count(*) from chunk_vectors where embedding is not null").await;
        assert_eq!(vectors, chunks - 1, "{what}");
        world.is_healthy(0).await;
        world.is_open().await;
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_features_keys_never_fail_anothers() {
    let dead = Script::invalid_key();
    let world = World::of([
        key("chat").feature("chat").answers(Script::case(Case::SaysFine)),
        key("image").feature("image").answers(dead),
    ])
    .await;
    // Of these, pictures close the feature of pictures, and no more.
    for _ in 0..7 {
        let session = world.student.session().await;
        let image = world.student.sends_file("/api/images", "x-ray.png", PNG).await;
        if image.status == 503 {
            break;
        }
        world.shows(&session, &image.body["id"]).await;
    }
    let answer = world.asks(QUESTION).await;
    assert_eq!((answer.text().as_str(), answer.end()), ("fine", "done"));
    let status = world.platform.browser().get("/api/status").await.expect(200).body;
    assert_eq!(
        (&status["maintenance"]["level"], &status["features"]["chat"]["level"]),
        (&json!("none"), &json!("none"))
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_learnt_can_be_put_to_the_test_by_admins() {
    // A model that was blind, and has learnt to see.
    let world = World::of([
        key("blind").priority(10).answers(Script::case(Case::NoEyes)),
        key("sees").answers(Script::case(Case::SaysFine)),
    ])
    .await;
    let session = world.student.session().await;
    world.shows_a_picture(&session).await;
    world.script(0, Script::case(Case::SaysFine));
    assert_eq!(world.check(0).await["ok"], true);
    world.platform.pool_is_read().await;
    world.forget();
    let session = world.student.session().await;
    assert_eq!(world.shows_a_picture(&session).await.text(), "fine");
    assert_eq!(world.called(), [1, 0], "it is shown pictures again");
    world.end().await;
}
