//! What a request costs, and when it costs nothing.

use domain::{
    ids::{JobId, UserId},
    quota::store::{self, Settlement},
};
use futures::future::join_all;
use serde_json::{Value, json};
use simulator::Script;

use super::cancel;
use crate::support::{
    Platform, key,
    student::{Reply, Student, job_of},
};

/// Sets what a student used today.
async fn used(platform: &Platform, student: &Student, tokens: i64, requests: i64, mcq: i64) {
    let (id, day) = (&student.id, platform.parts.clock.today());
    platform
        .sql(format!(
            "insert into usage_days (user_id, day, tokens_used, requests_used)
             values ('{id}', '{day}', {tokens}, {requests})
             on conflict (user_id, day) do update set tokens_used = {tokens}, requests_used = {requests}"
        ))
        .await;
    platform
        .sql(format!(
            "insert into usage_features (user_id, day, feature, used) values ('{id}', '{day}', 'mcq', {mcq})
             on conflict (user_id, day, feature) do update set used = {mcq}"
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_checked_before_the_feature_and_the_feature_before_requests() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let session = student.session().await;
    // With the 405 of the prompt.
    platform.answers_took("mcq", 300).await;
    for (tokens, requests, mcq, code, taken) in [
        (10_000, 20, 5, "TOKEN_LIMIT_EXCEEDED", 10_000),
        (9_296, 20, 5, "TOKEN_LIMIT_EXCEEDED", 9_296),
        (9_295, 20, 5, "MCQ_LIMIT_EXCEEDED", 5),
        (0, 20, 7, "MCQ_LIMIT_EXCEEDED", 7),
        (0, 20, 4, "REQUEST_LIMIT_EXCEEDED", 20),
        (12_345, 0, 0, "TOKEN_LIMIT_EXCEEDED", 12_345),
    ] {
        used(&platform, &student, tokens, requests, mcq).await;
        let before = platform.state().await;
        let reply = student.sends(&session, "/mcq 1 heart failure").await.expect(429);
        assert_eq!(reply.code(), code, "{tokens} {requests} {mcq}");
        assert_eq!(reply.error()["details"]["used"], taken);
        assert_eq!(platform.state().await, before, "a refusal leaves nothing behind");
    }
    used(&platform, &student, 9_295, 19, 4).await;
    let last = student.sends(&session, "/mcq 1 heart failure").await.expect(202);
    cancel(&student, &[last]).await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pdfs_and_images_are_not_to_be_had_by_sending_messages() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student_on("pro").await;
    let session = student.session().await;
    let path = format!("/api/chat/sessions/{session}/messages");
    let before = platform.state().await;
    for body in [
        json!({ "content": "/pdf heart failure" }),
        json!({ "content": "/image heart failure" }),
        json!({ "content": "What is this?", "attachments": [{ "type": "image" }] }),
    ] {
        assert_eq!(student.post(&path, body).await.expect(422).code(), "VALIDATION_FAILED");
    }
    assert_eq!(platform.state().await, before);
    let usage = student.usage().await;
    assert_eq!(usage["features"]["pdf"], json!({ "used": 0, "held": 0, "limit": 50 }));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_failed_costs_nothing() {
    let platform = Platform::start().await;
    platform.pool([key("odd").answers(Script::bad_request())]).await;
    let student = platform.student().await;
    for _ in 0..3 {
        assert_eq!(student.asks("/mcq 1 heart failure").await.end(), "error");
    }
    let usage = student.usage().await;
    for counter in [&usage["tokens"], &usage["requests"], &usage["features"]["mcq"]] {
        assert_eq!((&counter["used"], &counter["held"]), (&json!(0), &json!(0)), "{usage}");
    }
    assert_eq!(platform.number("select count(*) from usage_ledger where state = 'released'").await, 3);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_settled_once_however_often_one_tries() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let user: UserId = student.id.parse().unwrap();
    let receipt = student.sends(&student.session().await, "/mcq 1 heart failure").await.expect(202);
    let job: JobId = job_of(&receipt).parse().unwrap();
    let tries = (0..20).map(|at| {
        let db = platform.db().clone();
        async move {
            let mut tx = db.begin_as(user).await.unwrap();
            let with = Settlement { prompt_tokens: 100, completion_tokens: 11, ..Settlement::default() };
            // Some think that it failed.
            let done = if at % 4 == 3 {
                store::release(&mut tx, job, &with).await.unwrap()
            } else {
                store::settle(&mut tx, job, &with).await.unwrap()
            };
            tx.commit().await.unwrap();
            (at, done)
        }
    });
    let done: Vec<_> = join_all(tries).await.into_iter().filter(|(_, done)| *done).collect();
    assert_eq!(done.len(), 1);
    let charged = i64::from(done[0].0 % 4 != 3);
    let usage = student.usage().await;
    assert_eq!(usage["tokens"], json!({ "used": 111 * charged, "held": 0, "limit": 10_000 }));
    assert_eq!(usage["requests"]["used"], charged);
    assert_eq!(usage["features"]["mcq"], json!({ "used": charged, "held": 0, "limit": 5 }));
    // Nobody settles for somebody else.
    let other: UserId = platform.student().await.id.parse().unwrap();
    let receipt = student.sends(&student.session().await, "/mcq 1 heart failure").await.expect(202);
    let mut tx = platform.db().begin_as(other).await.unwrap();
    let job: JobId = job_of(&receipt).parse().unwrap();
    assert!(!store::settle(&mut tx, job, &Settlement::default()).await.unwrap());
    tx.commit().await.unwrap();
    cancel(&student, &[receipt]).await;
    platform.end_with_jobs_left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_given_up_while_it_waits_gives_its_promise_back() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let (stopped, deleted) = (student.session().await, student.session().await);
    let receipt = student.sends(&stopped, "/mcq 1 heart failure").await.expect(202);
    student.sends(&deleted, "/mcq 1 heart failure").await.expect(202);
    assert_eq!(student.usage().await["features"]["mcq"]["held"], 2);

    let cancelled = student.delete(&format!("/api/jobs/{}", job_of(&receipt))).await.expect(202);
    assert_eq!(cancelled.body["state"], "cancelled");
    assert_eq!(student.usage().await["features"]["mcq"]["held"], 1);
    assert_eq!(student.messages(&stopped).await[1]["status"], "cancelled");
    // Stopping again is no mistake, and gives nothing back twice.
    student.delete(&format!("/api/jobs/{}", job_of(&receipt))).await.expect(202);
    student.delete(&format!("/api/chat/sessions/{deleted}")).await.expect(204);
    let usage = student.usage().await;
    assert_eq!(usage["features"]["mcq"], json!({ "used": 0, "held": 0, "limit": 5 }));
    assert_eq!(usage["tokens"]["held"], 0);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_costs_once_and_a_refusal_does_not_use_up_its_key() {
    let platform = Platform::setup().queues([]).start().await;
    let student = platform.student().await;
    let (first, second) = (student.session().await, student.session().await);
    let send = |session: &str, key: &str| {
        let request =
            student.request(reqwest::Method::POST, &format!("/api/chat/sessions/{session}/messages"));
        let request = request.header("idempotency-key", key).json(&json!({ "content": "What is preload?" }));
        async move { Reply::read(request.send().await.unwrap()).await }
    };
    let receipt = send(&first, "a").await.expect(202);
    send(&first, "a").await.expect(202);
    assert_eq!(student.usage().await["requests"]["held"], 1);
    // While it is answered, another is a conflict, also for who has nothing left.
    used(&platform, &student, 0, 19, 0).await;
    assert_eq!(send(&first, "b").await.expect(409).code(), "CONFLICT");
    assert_eq!(send(&second, "c").await.expect(429).code(), "REQUEST_LIMIT_EXCEEDED");
    assert_eq!(send(&first, "a").await.expect(202).body["job"]["id"], json!(job_of(&receipt)));
    used(&platform, &student, 0, 0, 0).await;
    let again = send(&second, "c").await.expect(202);
    cancel(&student, &[receipt, again]).await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_answer_and_other_words_are_requests_like_the_first() {
    let platform = Platform::start().await;
    platform.pool([key("good")]).await;
    let student = platform.student().await;
    let session = student.session().await;
    student.asks_in(&session, "/mcq 1 heart failure").await;
    let question = student.messages(&session).await[0]["id"].as_str().unwrap().to_owned();
    let edit = json!({ "content": "/mcq 1 renal failure" });
    for (path, body) in [("regenerate", Value::Null), ("edit", edit)] {
        let path = format!("/api/chat/messages/{question}/{path}");
        let reply = student.post(&path, body).await.expect(202);
        student.events(&job_of(&reply), None).await.finish().await;
    }
    let usage = student.usage().await;
    assert_eq!((&usage["requests"]["used"], &usage["features"]["mcq"]["used"]), (&json!(3), &json!(3)));
    used(&platform, &student, 0, 3, 5).await;
    for path in ["regenerate", "edit"] {
        let path = format!("/api/chat/messages/{question}/{path}");
        let reply = student.post(&path, json!({ "content": "/mcq 1 renal failure" })).await.expect(429);
        assert_eq!(reply.code(), "MCQ_LIMIT_EXCEEDED");
    }
    platform.end().await;
}
