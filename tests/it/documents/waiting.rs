//! While a question waits, the passages of its answer are there to be read.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::Script;

use crate::support::{
    Platform, key,
    pdf::{pdf, textbook},
    student::Student,
};

const QUESTION: &str = "What does a larger preload do to the stroke volume?";

/// The answer as it is stored now.
async fn stored(student: &Student, session: &str) -> Value {
    student.messages(session).await[1].clone()
}

/// Waits until something is stored to be read while the answer is pending.
async fn found(student: &Student, session: &str) -> Value {
    for _ in 0..400 {
        let message = stored(student, session).await;
        assert_eq!(message["status"], "pending");
        if message["citations"][0].is_object() {
            return message["citations"].clone();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("nothing was found");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_all_keys_cool_the_passages_are_told_stored_and_then_replaced_by_what_is_cited() {
    let platform = Platform::start().await;
    let only = key("only").provider("gemini").answers(Script::answers("It rises [1]."));
    platform.pool([only.clone()]).await;
    platform.simulator.script_next(&only.value(), [Script::rate_limited(Duration::from_secs(4))]);
    // Another student's book says the same.
    let other = platform.student_on("student").await;
    other.has_read("Theirs.pdf", &textbook()).await;
    let student = platform.student_on("student").await;
    let document = student.has_read("Physiology.pdf", &textbook()).await;
    let session = student.session().await;
    let mut events = student.streams(&session, QUESTION).await;
    events.until("waiting").await;
    let told =
        events.seen.iter().find(|event| event.kind == "citations").expect("told before it waits").clone();
    let first = &told.data["citations"][0];
    assert_eq!((&first["document_id"], &first["page"]), (&document["id"], &json!(1)));
    assert!(first["text"].as_str().unwrap().contains("Frank and Starling"));
    // Who reloads, or looks at another device, reads the same, though the bus may have forgotten.
    let kept = found(&student, &session).await;
    assert_eq!(kept, told.data["citations"]);
    assert!(kept.as_array().unwrap().iter().all(|passage| passage["document_id"] == document["id"]));
    // Nobody else sees the conversation at all.
    other.get(&format!("/api/chat/sessions/{session}/messages")).await.expect(404);

    let answer = events.finish().await;
    assert_eq!((answer.end(), answer.text().as_str()), ("done", "It rises [1]."));
    let message = stored(&student, &session).await;
    assert_eq!(message["citations"].as_array().unwrap().len(), 1, "what is cited takes their place");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_queue_is_paused_they_are_found_all_the_same() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("good").answers(Script::answers("It rises [1]."))]).await;
    let student = platform.student_on("student").await;
    student.has_read("Physiology.pdf", &textbook()).await;
    admin.post("/api/admin/queues/chat/pause", json!({})).await.expect(200);
    let session = student.session().await;
    let mut events = student.streams(&session, QUESTION).await;
    let told = events.until("citations").await;
    assert!(events.seen.iter().all(|event| event.kind != "started"), "nobody has begun");
    assert_eq!(told.data["citations"][0]["page"], 1);
    assert_eq!(found(&student, &session).await, told.data["citations"]);
    assert_eq!(platform.simulator.calls().len(), 0);
    admin.post("/api/admin/queues/chat/resume", json!({})).await.expect(200);
    let answer = events.finish().await;
    answer.assert_in_order();
    assert_eq!((answer.end(), answer.text().as_str()), ("done", "It rises [1]."));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_nobody_could_answer_keeps_them() {
    let platform =
        Platform::setup().config(|config| config.providers.max_wait = Duration::from_secs(1)).start().await;
    let spent = key("spent").provider("gemini").answers(Script::daily_quota());
    platform.pool([spent]).await;
    let student = platform.student_on("student").await;
    student
        .has_read(
            "Kidney.pdf",
            &pdf(&["Furosemide blocks the transporter of the thick ascending limb of Henle."]),
        )
        .await;
    let session = student.session().await;
    let answer =
        student.asks_in(&session, "Which drug blocks the transporter of the thick ascending limb?").await;
    assert_eq!(answer.end(), "error");
    // With its only key chat is closed, and with it the platform: only the database can be asked.
    let kept = "select count(*) from messages where status = 'failed' and citations -> 0 ->> 'page' = '1'
                and not citations -> 0 ? 'text'";
    assert_eq!(platform.number(kept).await, 1);
    platform.end().await;
}
