//! Messages: how long, how often, and what is a command.

use reqwest::Method;
use serde_json::json;

use super::{World, assert_fields};
use crate::support::student::{Reply, job_of};

#[tokio::test(flavor = "multi_thread")]
async fn a_message_has_1_to_10_000_characters_whatever_they_weigh() {
    let world = World::new().await;
    let path = format!("/api/chat/sessions/{}/messages", world.session);
    let edit = format!("/api/chat/messages/{}/edit", world.question);
    let before = world.platform.state().await;
    let ten_thousand_and_one = [" ", "x", "ß", "李", "😀"].map(|char| char.repeat(10_001));
    let short = ["", " ", " \n\t ", "\u{3000}\u{2003}"].map(ToOwned::to_owned);
    for content in short.iter().chain(&ten_thousand_and_one) {
        for path in [&path, &edit] {
            let reply = world.admin.post(path, json!({ "content": content })).await;
            assert_fields(&reply, &["content"], &content.chars().take(3).collect::<String>());
        }
    }
    assert_eq!(world.platform.state().await, before);
    for char in ["x", "ß", "李", "😀"] {
        let reply = world.admin.post(&path, json!({ "content": char.repeat(10_000) })).await.expect(202);
        assert_eq!(reply.body["message"]["content"], char.repeat(10_000));
        world.admin.events(&job_of(&reply), None).await.finish().await;
    }
    // Written as escapes, the same message weighs three times as much.
    let escaped = format!("{{\"content\":\"{}\"}}", r"\ud83d\ude00".repeat(10_000));
    let reply = world.sends(&world.endpoint(&Method::POST, "/messages"), escaped).await.expect(202);
    world.admin.events(&job_of(&reply), None).await.finish().await;
    world.platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_that_are_none_get_help_and_cost_nothing() {
    let world = World::new().await;
    let before = world.platform.state().await;
    for content in
        ["/", "/ heart", "/mcqs heart", "/pdf heart", "/image heart", "/mcq", " /MAP \n", "//", "/é x"]
    {
        for path in [
            format!("/api/chat/sessions/{}/messages", world.session),
            format!("/api/chat/messages/{}/edit", world.question),
        ] {
            let reply = world.admin.post(&path, json!({ "content": content })).await;
            assert_fields(&reply, &["content"], content);
            let problem = reply.body["error"]["details"][0]["problem"].as_str().unwrap();
            assert!(problem.contains("topic") || problem.contains("Try /"), "{problem}");
        }
    }
    // An answer is not the student's to edit.
    let path = format!("/api/chat/messages/{}/edit", world.answer);
    assert_eq!(world.admin.post(&path, json!({ "content": "x" })).await.expect(409).code(), "CONFLICT");
    assert_eq!(world.platform.state().await, before);
    world.platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_has_1_to_255_plain_characters_and_one_request() {
    let world = World::new().await;
    let endpoint = world.endpoint(&Method::POST, "/messages");
    let with_key = |key: &[u8], content: &str| {
        let key = reqwest::header::HeaderValue::from_bytes(key).unwrap();
        let request = world.request(&endpoint).header("idempotency-key", key);
        let request = request.json(&json!({ "content": content }));
        async move { Reply::read(request.send().await.unwrap()).await }
    };
    let before = world.platform.state().await;
    for key in [String::new(), "k".repeat(256), "k".repeat(8_000), "ключ".to_owned()] {
        assert_eq!(with_key(key.as_bytes(), "Hello").await.expect(400).code(), "BAD_REQUEST");
    }
    with_key(b"\xff", "Hello").await.expect(400);
    assert_eq!(world.platform.state().await, before);

    let longest = "k".repeat(255);
    let first = with_key(longest.as_bytes(), "Hello").await.expect(202);
    world.admin.events(&job_of(&first), None).await.finish().await;
    let again = with_key(longest.as_bytes(), "Hello").await.expect(202);
    assert_eq!(job_of(&again), job_of(&first));
    assert_fields(&with_key(longest.as_bytes(), "Other").await, &["Idempotency-Key"], "another request");
    world.platform.end().await;
}
