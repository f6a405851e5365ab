//! What an endpoint (an address and a model) does not take: another is asked, no key is put away, and what was shown is
//! remembered.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::{Behaviour, Script};

use crate::support::{
    Platform, key,
    keys::KeySpec,
    student::{Reply, Student, job_of},
};

/// The smallest PNG there is: one red pixel.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0,
    1, 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xDE, 0, 0, 0, 12, b'I', b'D', b'A', b'T', 0x08, 0xD7, 0x63, 0xF8,
    0xCF, 0xC0, 0, 0, 3, 1, 1, 0, 0x18, 0xDD, 0x8D, 0xB0, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42,
    0x60, 0x82,
];

fn refusing() -> Script {
    Script::healthy().behaving(Behaviour::BadRequest)
}

/// The keys of the calls for questions, in their order.
fn asked(platform: &Platform) -> Vec<String> {
    let calls = platform.simulator.calls().into_iter();
    calls.filter(|call| !call.prompt.to_string().contains("Say hello.")).map(|call| call.key).collect()
}

/// The parts of prompts that show pictures.
fn shows(prompt: &Value) -> bool {
    prompt.to_string().contains("iVBORw0KGgo")
}

async fn asks_with_a_picture(student: &Student, session: &str, content: &str) -> crate::support::sse::Answer {
    let image = student.sends_file("/api/images", "x-ray.png", PNG).await.expect(201).body;
    let body = json!({ "content": content, "attachments": [image["id"]] });
    let receipt: Reply =
        student.post(&format!("/api/chat/sessions/{session}/messages"), body).await.expect(202);
    student.events(&job_of(&receipt), None).await.finish().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_endpoint_refuses_another_answers_and_no_key_is_put_away() {
    let platform = Platform::start().await;
    let first = key("first").priority(9).answers(refusing());
    let sibling = key("sibling").priority(8).answers(refusing());
    let larger = key("larger").priority(7).model("larger").answers(Script::answers("Preload is stretch."));
    let admin = platform.pool([first.clone(), sibling.clone(), larger.clone()]).await;
    let answer = platform.student().await.asks("What is preload?").await;
    assert_eq!((answer.text().as_str(), answer.end()), ("Preload is stretch.", "done"));
    assert_eq!(answer.count("restart"), 0);
    let mut called = asked(&platform);
    // It is asked once more without the field that it names.
    called.dedup();
    assert_eq!(called, [first.value(), larger.value()], "its other key would do no better");

    let shown = platform.key(&admin, &first).await;
    assert_eq!(shown["status"], "active", "{shown}");
    assert!(shown["refusals"].as_i64().unwrap() >= 1, "{shown}");
    assert!(shown["refusal"].as_str().unwrap().starts_with("refusal"), "{shown}");
    assert_eq!(shown["last_failures"][0]["class"], "refusal");
    let health = admin.get("/api/admin/health").await.expect(200).body;
    assert!(health["log"].as_array().unwrap().iter().any(|entry| entry["class"] == "refusal"));
    // A neutral question shows that this key takes nothing at all, which no student is to blame for.
    platform.eventually("select exists (select from provider_health where class = 'refusal' and source = 'probe' and failures = 1)").await;
    assert_eq!(platform.number("select count(*) from maintenance_states").await, 0);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_students_odd_question_puts_no_key_away() {
    let platform = Platform::start().await;
    let only = key("only");
    let admin = platform.pool([only.clone()]).await;
    let student = platform.student_on("pro").await;
    for behaviour in [Behaviour::ContextTooLong, Behaviour::PayloadTooLarge] {
        platform.simulator.forget();
        platform.simulator.script_next(&only.value(), [Script::healthy().behaving(behaviour)]);
        let answer = student.asks("Something odd").await;
        assert_eq!(
            (answer.end(), &answer.end_data()["code"]),
            ("error", &json!("BAD_REQUEST")),
            "{behaviour:?}"
        );
        assert!(
            answer.end_data()["message"].as_str().unwrap().contains("too long"),
            "{:?}",
            answer.end_data()
        );
        assert_eq!(asked(&platform).len(), 1, "{behaviour:?}");
        // A probe that this caused would take the next script.
        platform.eventually("select not exists (select from jobs where finished_at is null)").await;
    }
    assert_eq!(student.usage().await["tokens"]["used"], 0, "given back");
    let shown = platform.key(&admin, &only).await;
    assert_eq!((&shown["status"], &shown["failure_count"]), (&json!("active"), &json!(0)), "{shown}");
    assert_eq!(student.asks("What is preload?").await.end(), "done");
    let shown = platform.key(&admin, &only).await;
    assert_eq!((&shown["refusals"], &shown["refusal"]), (&json!(0), &Value::Null), "it answered since");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_stands_where_the_next_endpoint_refuses() {
    let platform = Platform::start().await;
    let cut = key("cut").priority(9).answers(Script::cut_after(7).token_every(Duration::from_millis(5)));
    let refuses = key("refuses").priority(8).model("other").answers(refusing());
    platform.pool([cut, refuses.clone()]).await;
    let student = platform.student().await;
    let session = student.session().await;
    let answer = student.asks_in(&session, "What is preload?").await;
    assert_eq!((answer.end(), answer.count("restart")), ("truncated", 0));
    assert!(!answer.text().is_empty());
    assert_eq!(student.messages(&session).await[1]["content"], answer.text());
    assert!(asked(&platform).contains(&refuses.value()));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_the_past_is_left_out_for_a_key_that_is_not_for_pictures() {
    let platform = Platform::start().await;
    let chat = key("chat").feature("chat").answers(Script::answers("By the chat key."));
    let image = key("image").feature("image").answers(Script::answers("By the image key."));
    let mcq = key("mcq").feature("mcq");
    let admin = platform.pool([chat.clone(), image.clone(), mcq.clone()]).await;
    let student = platform.student_on("student").await;
    let session = student.session().await;
    let answer = asks_with_a_picture(&student, &session, "What is on this image?").await;
    assert_eq!(answer.text(), "By the image key.");
    let id = platform.key(&admin, &image).await["id"].as_str().unwrap().to_owned();
    admin.patch(&format!("/api/admin/keys/{id}"), json!({ "status": "disabled" })).await.expect(200);
    platform.pool_is_read().await;

    platform.simulator.forget();
    let follow_up = student.asks_in(&session, "And what does that mean?").await;
    assert_eq!(follow_up.text(), "By the chat key.");
    assert_eq!(follow_up.end_data()["pictures_left_out"], 1);
    let sent = platform.simulator.calls().pop().unwrap().prompt;
    assert!(!shows(&sent) && sent.to_string().contains("not shown to you"), "{sent}");
    assert_eq!(student.asks_in(&session, "/mcq 1 heart failure").await.items().len(), 1);

    // A picture that is asked about is nobody's to guess at.
    let unseen = asks_with_a_picture(&student, &session, "And on this one?").await;
    assert!(unseen.end_data()["message"].as_str().unwrap().contains("pictures"), "{:?}", unseen.end_data());
    assert_eq!(platform.number("select count(*) from maintenance_states").await, 0, "no feature is touched");
    platform.end().await;
}

/// As if an endpoint had shown something.
async fn learns(platform: &Platform, lesson: &str, amount: Option<i64>) {
    let learn = format!(
        "insert into endpoint_lessons (provider, base_url, model, lesson, amount, learnt_at, until)
         values ('openai', '{}', 'gpt-4o-mini', '{lesson}', {}, now(), now() + interval '1 day')",
        platform.simulator.url().trim_end_matches('/'),
        amount.map_or("null".to_owned(), |amount| amount.to_string()),
    );
    let mut tx = platform.db().begin_platform().await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(learn)).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    platform.pool_is_read().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_known_to_be_blind_is_asked_for_words_only_until_a_test_forgets_it() {
    let platform = Platform::start().await;
    let blind = key("blind").priority(9).answers(Script::answers("By A."));
    let sees = key("sees").model("sighted").answers(Script::answers("By B."));
    let admin = platform.pool([blind.clone(), sees.clone()]).await;
    learns(&platform, "vision", None).await;
    let shown = platform.key(&admin, &blind).await;
    assert_eq!(shown["learnt"][0]["lesson"], "vision", "{shown}");
    assert_eq!(platform.key(&admin, &sees).await["learnt"], json!([]));
    let health = admin.get("/api/admin/health").await.expect(200).body;
    assert_eq!(health["endpoints"][0]["model"], "gpt-4o-mini", "{health}");

    let student = platform.student_on("student").await;
    let session = student.session().await;
    assert_eq!(asks_with_a_picture(&student, &session, "What is on this image?").await.text(), "By B.");
    assert_eq!(student.asks_in(&session, "And in general?").await.text(), "By A.");
    let of_blind = platform.simulator.calls().into_iter().filter(|call| call.key == blind.value());
    assert!(of_blind.map(|call| call.prompt).all(|prompt| !shows(&prompt)));
    assert_eq!(platform.key(&admin, &blind).await["status"], "active");

    let id = platform.key(&admin, &blind).await["id"].as_str().unwrap().to_owned();
    let checked = admin.post(&format!("/api/admin/keys/{id}/check"), json!({})).await.expect(200).body;
    assert_eq!((&checked["ok"], &checked["learnt"]), (&json!(true), &json!([])), "{checked}");
    platform.pool_is_read().await;
    assert_eq!(asks_with_a_picture(&student, &session, "And on this one?").await.text(), "By A.");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_all_who_can_serve_are_too_blind_for_is_said_and_closes_nothing() {
    let platform = Platform::start().await;
    let blind: KeySpec = key("blind");
    platform.pool([blind]).await;
    learns(&platform, "vision", None).await;
    let student = platform.student_on("student").await;
    let session = student.session().await;
    let answer = asks_with_a_picture(&student, &session, "What is on this image?").await;
    assert!(answer.end_data()["message"].as_str().unwrap().contains("pictures"), "{:?}", answer.end_data());
    assert!(platform.simulator.calls().is_empty());
    assert_eq!(student.asks_in(&session, "What is preload?").await.end(), "done");
    assert_eq!(platform.number("select count(*) from maintenance_states").await, 0);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_context_is_kept_by_leaving_out_the_oldest_turns() {
    let platform = Platform::start().await;
    platform.pool([key("small").answers(Script::answers("Preload is stretch."))]).await;
    learns(&platform, "context", Some(1_400)).await;
    let student = platform.student_on("pro").await;
    let session = student.session().await;
    student.asks_in(&session, &format!("QUESTION-ONE {}", "x".repeat(6_000))).await;
    student.asks_in(&session, "And why?").await;
    let sent = platform.simulator.calls().pop().unwrap().prompt;
    let turns = sent["messages"].as_array().unwrap();
    assert!(!sent.to_string().contains("QUESTION-ONE") && sent.to_string().contains("And why?"), "{sent}");
    assert_eq!((&turns[0]["role"], &turns[1]["role"]), (&json!("system"), &json!("user")), "{sent}");
    platform.end().await;
}
