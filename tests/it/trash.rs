//! What a student throws away is gone at once, can be brought back for ten minutes, and is deleted then.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;
use simulator::Script;

use crate::support::{Platform, key};

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_was_thrown_away_is_brought_back_or_deleted_after_ten_minutes() {
    let platform = Platform::start().await;
    platform.pool([key("good").answers(Script::answers("It is the stretch."))]).await;
    let student = platform.student().await;
    let (session, other) = (student.session().await, student.session().await);
    student.asks_in(&session, "What is preload?").await;
    let path = format!("/api/chat/sessions/{session}");
    let trash = async || student.post(&format!("{path}/trash"), json!({})).await;
    let restore = async || student.post(&format!("{path}/restore"), json!({})).await;

    restore().await.expect(404);
    trash().await.expect(204);
    trash().await.expect(404);
    let listed = student.get("/api/chat/sessions").await.expect(200).body;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["id"], other);
    student.get(&path).await.expect(404);
    student.get(&format!("{path}/messages")).await.expect(404);
    student.patch(&path, json!({ "title": "Mine" })).await.expect(404);
    student.sends(&session, "And afterload?").await.expect(404);

    restore().await.expect(200);
    assert_eq!(student.messages(&session).await.len(), 2);
    assert_eq!(student.get("/api/chat/sessions").await.body["items"].as_array().unwrap().len(), 2);

    // Thrown away anew: the ten minutes begin anew, though the job of the first time is still there.
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::minutes(9));
    trash().await.expect(204);
    let due =
        "update jobs set run_at = now(), state = 'ready' where name = 'empty_trash' and state = 'scheduled'";
    platform.sql(due).await;
    platform.eventually("select exists (select from jobs where name = 'empty_trash' and snoozes = 1)").await;
    restore().await.expect(200);
    trash().await.expect(204);

    platform.sleep_until(platform.parts.clock.now() + TimeDelta::minutes(11));
    platform.sql(due).await;
    platform.eventually("select not exists (select from messages)").await;
    assert_eq!(platform.number("select count(*) from sessions").await, 1);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_throws_away_what_is_anothers_and_deleting_stays_final() {
    let platform = Platform::start().await;
    let (student, other) = (platform.student().await, platform.student().await);
    let session = student.session().await;
    let path = format!("/api/chat/sessions/{session}");
    other.post(&format!("{path}/trash"), json!({})).await.expect(404);
    student.post(&format!("{path}/trash"), json!({})).await.expect(204);
    other.post(&format!("{path}/restore"), json!({})).await.expect(404);
    let deleted = student.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(deleted.status(), 204);
    student.post(&format!("{path}/restore"), json!({})).await.expect(404);
    platform.end_with_jobs_left().await;
}
