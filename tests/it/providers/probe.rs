//! A probe is a question in small, and healthy means: answers.

use serde_json::json;
use simulator::{Case, Rule, Script, Simulator, say};

use super::{QUESTION, World};
use crate::support::{Platform, key};

#[tokio::test(flavor = "multi_thread")]
async fn a_model_without_system_text_is_refused_with_the_reason_or_asked_without() {
    let world = World::of([key("second").answers(Script::case(Case::SaysFine))]).await;
    let simulator = Simulator::start().await.unwrap();
    let gemma = key("gemma").provider("gemini").priority(10).model("gemma-3-27b-it");
    let gemma = gemma.answers(Script::case(Case::NoSystemInstruction));
    let reply = world.tries(&gemma, &simulator, false).await;
    world.platform.pool_is_read().await;
    let probes = simulator.calls().len();
    assert!(simulator.calls()[0].prompt["systemInstruction"].is_object(), "it asks as a question does");
    if reply.status == 201 {
        // Its words come before the student's first ones.
        let answer = world.asks(QUESTION).await;
        assert_eq!((answer.text().as_str(), answer.end()), ("Hi", "done"));
        let call = simulator.calls().pop().unwrap();
        assert!(simulator.calls().len() > probes);
        assert!(
            call.prompt["contents"].to_string().contains("tutor for medical students"),
            "{}",
            call.prompt
        );
        let read = world.read_by_admins().await.to_lowercase();
        assert!(read.contains("system"), "{read}");
    } else {
        let said = reply.expect(422).body.to_string();
        assert!(said.contains("INVALID_ARGUMENT") || said.contains("instruction"), "{said}");
        assert_eq!(world.asks(QUESTION).await.text(), "fine");
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_never_tested_shows_that_it_refuses() {
    let refuses =
        r#"{"error": {"code": 400, "message": "Some new rule of this model", "status": "INVALID_ARGUMENT"}}"#;
    let world = World::of([
        key("gemma").provider("gemini").priority(10).answers(Script::rules([Rule::says(400, refuses)])),
        key("second").answers(Script::case(Case::SaysFine)),
    ])
    .await;
    for _ in 0..3 {
        let answer = world.asks(QUESTION).await;
        assert_eq!((answer.text().as_str(), answer.end()), ("fine", "done"));
    }
    let key = world.key(0).await;
    assert!(key.to_string().contains("INVALID_ARGUMENT"), "{key}");
    assert_eq!(world.check(0).await["ok"], false, "a probe asks as a question does");
    world.is_open().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_refuses_one_token_is_added_probed_and_comes_back() {
    let sixteen = key("azure").answers(Script::case(Case::AtLeast16Tokens));
    let world = World::of([]).await;
    let simulator = Simulator::start().await.unwrap();
    let reply = world.tries(&sixteen, &simulator, false).await.expect(201);
    world.platform.pool_is_read().await;
    assert_eq!(world.asks(QUESTION).await.text(), "Hi");

    // By a student, too.
    let own = key("own").answers(Script::case(Case::AtLeast16Tokens));
    simulator.script(&own.value(), own.script.clone());
    world.platform.never_logged([own.value()]);
    let body = json!({ "provider": "openai", "key": own.value(), "base_url": simulator.url() });
    world.student.post("/api/profile/keys", body).await.expect(201);

    // After an outage.
    let id = reply.body["id"].as_str().unwrap().to_owned();
    let path = format!("/api/admin/keys/{id}/check");
    let check = || world.admin.post(&path, json!({}));
    simulator.script(&sixteen.value(), Script::overloaded());
    assert_eq!(check().await.expect(200).body["ok"], false);
    simulator.script(&sixteen.value(), sixteen.script.clone());
    assert_eq!(check().await.expect(200).body["ok"], true);
    let keys = world.admin.get("/api/admin/keys").await.expect(200).body;
    assert_eq!(keys["items"][0]["status"], "active", "{keys}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_has_tokens_enough_for_a_model_that_thinks() {
    // It needs 200 tokens for its thoughts, and says nothing with fewer.
    let silent = |limit: &str| {
        Rule::events([say::finish("length"), say::DONE.to_owned()]).with(format!("\"{limit}\":1,"))
    };
    let script = Script::rules([
        silent("max_tokens"),
        silent("max_completion_tokens"),
        Rule::events(say::whole(["Hi"])),
    ]);
    let world = World::of([]).await;
    let simulator = Simulator::start().await.unwrap();
    world.tries(&key("thinks").answers(script), &simulator, false).await.expect(201);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_waits_as_long_as_a_question_does_for_a_model_that_loads() {
    let setup = Platform::setup()
        .config(|config| config.providers.first_token_timeout = std::time::Duration::from_secs(1));
    let world = World::with(setup, []).await;
    let simulator = Simulator::start().await.unwrap();
    let loads = Case::AModelThatLoads.rules().remove(0).after(1.25);
    let spec = key("loads").provider("ollama").answers(Script::rules([loads]));
    world.tries(&spec, &simulator, false).await.expect(201);
    assert!(simulator.calls().iter().all(|call| !call.aborted), "nobody hangs up on a load");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_without_a_system_role_is_told_in_the_students_first_turn() {
    for body in [
        r#"{"object": "error", "message": "Conversation roles must alternate user/assistant/user/assistant/...", "type": "BadRequestError", "param": null, "code": 400}"#,
        r#"{"object": "error", "message": "System role not supported", "type": "BadRequestError", "param": null, "code": 400}"#,
        r#"{"error": {"message": "Unsupported value: 'messages[0].role' does not support 'system' with this model.", "type": "invalid_request_error", "param": "messages[0].role", "code": "unsupported_value"}}"#,
    ] {
        let script = Script::rules([
            Rule::says(400, body).with("\"role\":\"system\""),
            Rule::events(say::whole(["Preload is stretch."])),
        ]);
        let world = World::of([key("mistral").answers(script)]).await;
        let answer = world.asks(QUESTION).await;
        assert_eq!((answer.text().as_str(), answer.end()), ("Preload is stretch.", "done"), "{body}");
        let sent = world.calls(0).pop().unwrap().prompt;
        assert!(sent["messages"][0]["content"].to_string().contains("tutor for medical students"), "{sent}");
        world.is_healthy(0).await;
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn students_keys_that_drip_hold_up_no_test_of_anybody_else() {
    use std::time::Duration;
    let world =
        World::with(Platform::setup().queues([(jobs::Queue::Probe, 4), (jobs::Queue::Chat, 4)]), []).await;
    let drips = Script::healthy().chunks(100).token_every(Duration::from_secs(8));
    let dripping = Simulator::start().await.unwrap();
    let mut adding = Vec::new();
    for at in 0..3 {
        let student = world.platform.student().await;
        for n in 0..3 {
            let value = format!("a-key-that-drips-{at}-{n}");
            dripping.script(&value, drips.clone());
            world.platform.never_logged([value.clone()]);
            let body = json!({ "provider": "openai", "key": value, "base_url": dripping.url() });
            let student = student.clone();
            adding.push(tokio::spawn(async move { student.post("/api/profile/keys", body).await.status }));
        }
    }
    world
        .platform
        .eventually("select count(*) = 3 from jobs where name = 'probe_key' and state = 'running'")
        .await;
    // Whoever has a slot holds it for the first word and ten seconds, and an account holds one.
    let simulator = Simulator::start().await.unwrap();
    let spec = key("honest").answers(Script::healthy());
    world.tries(&spec, &simulator, false).await.expect(201);
    assert!(
        world.platform.number("select count(*) from jobs where name = 'probe_key' and state = 'ready'").await
            > 0
    );
    for added in adding {
        added.await.unwrap();
    }
    world.end().await;
}
