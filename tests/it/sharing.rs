//! Links that show one conversation to whoever has them.

use serde_json::{Value, json};
use simulator::Script;

use crate::support::{
    Platform, key,
    pdf::textbook,
    student::{Admin, Reply, Student, job_of},
};

async fn allow(admin: &Admin, enabled: bool) {
    let set = admin.put("/api/admin/sharing", json!({ "enabled": enabled })).await.expect(200).body;
    assert_eq!((&set["enabled"], &set["updated_by"]), (&json!(enabled), &json!(admin.id)));
}

/// Makes a link; returns where its page gets what it shows.
async fn share(platform: &Platform, student: &Student, session: &str) -> String {
    let made = student.post(&format!("/api/chat/sessions/{session}/share"), json!({})).await.expect(200).body;
    let token = made["path"].as_str().unwrap().strip_prefix("/shared/").unwrap().to_owned();
    assert!(token.len() >= 43, "{token}");
    platform.never_logged([token.clone()]);
    format!("/api/shared/{token}")
}

/// What somebody without an account gets.
async fn open(platform: &Platform, link: &str) -> Reply {
    platform.browser().get(link).await
}

/// The envelope, but for what differs between any two requests.
fn told(reply: &Reply) -> Value {
    let mut error = reply.body["error"].clone();
    error.as_object_mut().unwrap().remove("request_id");
    error
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_shows_questions_and_answers_and_nothing_about_the_student() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("good").answers(Script::demo())]).await;
    let student = platform.student_on("student").await;
    student.has_read("Physiology.pdf", &textbook()).await;
    let session = student.session().await;
    student.asks_in(&session, "What does a larger preload do to the stroke volume?").await;
    let path = format!("/api/chat/sessions/{session}/share");
    // Off unless an admin says otherwise.
    assert_eq!(platform.browser().get("/api/status").await.body["sharing"], false);
    assert_eq!(admin.get("/api/admin/sharing").await.expect(200).body["enabled"], false);
    assert_eq!(student.post(&path, json!({})).await.expect(403).code(), "FORBIDDEN");
    allow(&admin, true).await;
    assert_eq!(platform.browser().get("/api/status").await.body["sharing"], true);

    let before = student.messages(&session).await;
    let link = share(&platform, &student, &session).await;
    assert!(student.get(&format!("/api/chat/sessions/{session}")).await.body["shared_at"].is_string());
    let shown = open(&platform, &link).await.expect(200);
    assert_eq!(shown.header("x-robots-tag"), Some("noindex, nofollow, noarchive"));
    assert_eq!(shown.header("referrer-policy"), Some("no-referrer"));
    assert!(shown.header("cache-control").unwrap().starts_with("no-"));
    let messages = shown.body["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 2);
    assert_eq!(shown.body["title"], "What does a larger preload do to the stroke volume?");
    assert_eq!((&messages[1]["role"], &messages[1]["content"]), (&json!("assistant"), &before[1]["content"]));
    assert_eq!(messages[1]["citations"][0], json!({ "n": 1, "title": "Physiology", "page": "1" }));
    let passage = before[1]["citations"][0]["text"].as_str().unwrap();
    let document = before[1]["citations"][0]["document_id"].as_str().unwrap();
    let text = shown.body.to_string();
    let of_the_answer = before[1]["content"].as_str().unwrap();
    assert!(!of_the_answer.contains(passage), "or the next line would prove nothing");
    for hidden in [&*student.email, &student.id, &session, passage, document, "\"name\""] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
    // Only a hash is kept.
    let kept = "select count(*) from sessions where octet_length(share_hash) = 32";
    assert_eq!(platform.number(kept).await, 1);
    let entries = "select count(*) from audit_log where action = 'switch_sharing'
        and details #>> '{before,enabled}' = 'false' and details #>> '{after,enabled}' = 'true'";
    assert_eq!(platform.number(entries).await, 1);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_is_the_newest_branch_as_far_as_it_is_finished() {
    let platform = Platform::start().await;
    let good = key("good").answers(Script::answers("First answer."));
    let admin = platform.pool([good.clone()]).await;
    allow(&admin, true).await;
    let student = platform.student().await;
    let session = student.session().await;
    student.asks_in(&session, "First words").await;
    let link = share(&platform, &student, &session).await;
    let contents = async || {
        let body = open(&platform, &link).await.expect(200).body;
        let all = body["messages"].as_array().unwrap().iter();
        all.map(|message| message["content"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(contents().await, ["First words", "First answer."]);
    // What was written before, in other words, is not shown.
    let first = student.messages(&session).await[0]["id"].as_str().unwrap().to_owned();
    platform.simulator.script(&good.value(), Script::answers("Second answer."));
    let edit = json!({ "content": "Other words" });
    let receipt = student.post(&format!("/api/chat/messages/{first}/edit"), edit).await.expect(202);
    student.events(&job_of(&receipt), None).await.finish().await;
    assert_eq!(contents().await, ["Other words", "Second answer."]);
    platform.sql("update queues set paused_at = now()").await;
    let receipt = student.sends(&session, "And more?").await.expect(202);
    assert_eq!(contents().await, ["Other words", "Second answer.", "And more?"]);
    platform.sql("update queues set paused_at = null").await;
    student.events(&job_of(&receipt), None).await.finish().await;
    assert_eq!(contents().await.len(), 4);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_at_once_by_whatever_ends_it_and_all_that_is_not_there_is_alike() {
    let platform = Platform::start().await;
    let admin = platform.pool([key("good")]).await;
    allow(&admin, true).await;
    let (student, other) = (platform.student().await, platform.student().await);
    let session = student.session().await;
    student.asks_in(&session, "What is preload?").await;
    let path = format!("/api/chat/sessions/{session}");
    let unknown = open(&platform, "/api/shared/nobody-ever-made-this-token").await.expect(404);
    let gone = async |link: &str, why: &str| {
        let reply = open(&platform, link).await;
        assert_eq!((reply.status.as_u16(), told(&reply)), (404, told(&unknown)), "{why}");
    };
    // Nobody shares what is another's, or ends its link.
    other.post(&format!("{path}/share"), json!({})).await.expect(404);
    let first = share(&platform, &student, &session).await;
    other.delete(&format!("{path}/share")).await.expect(404);
    open(&platform, &first).await.expect(200);

    let second = share(&platform, &student, &session).await;
    gone(&first, "another took its place").await;
    student.delete(&format!("{path}/share")).await.expect(204);
    gone(&second, "it was revoked").await;
    assert_eq!(student.get(&path).await.body["shared_at"], Value::Null);

    let link = share(&platform, &student, &session).await;
    student.post(&format!("{path}/trash"), json!({})).await.expect(204);
    gone(&link, "the conversation is in the trash").await;
    student.post(&format!("{path}/restore"), json!({})).await.expect(200);
    gone(&link, "what was thrown away is shared no more, though it came back").await;

    let link = share(&platform, &student, &session).await;
    allow(&admin, false).await;
    gone(&link, "the admin switched it off").await;
    student.post(&format!("{path}/share"), json!({})).await.expect(403);
    allow(&admin, true).await;
    open(&platform, &link).await.expect(200);
    admin.post(&format!("/api/admin/users/{}/disable", student.id), json!({})).await.expect(200);
    gone(&link, "the account is disabled").await;
    admin.post(&format!("/api/admin/users/{}/enable", student.id), json!({})).await.expect(200);

    let back = platform.browser().login(&student.email, crate::support::platform::PASSWORD).await.expect(200);
    let student = platform.signed_in(platform.http.clone(), &student.email, &back.body);
    let link = share(&platform, &student, &session).await;
    student.delete(&path).await.expect(204);
    gone(&link, "the conversation is deleted").await;
    for odd in ["%00", "%ff", "..%2f..%2fetc", &"x".repeat(3000), "'%20or%20true--"] {
        open(&platform, &format!("/api/shared/{odd}")).await.expect(404);
    }
    platform.sql("update jobs set run_at = now(), state = 'ready' where name = 'empty_trash' and state = 'scheduled'").await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_opens_links_without_end_is_slowed_by_address() {
    let setup = Platform::setup().queues([]);
    let setup = setup.config(|config| config.server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]);
    let platform = setup.start().await;
    let mut statuses = Vec::new();
    for at in 0..80 {
        let mut guesser = platform.browser().from("203.0.113.7");
        statuses.push(guesser.get(&format!("/api/shared/guess-{at}")).await.status.as_u16());
    }
    assert_eq!(statuses[..60], [404; 60]);
    assert_eq!(*statuses.last().unwrap(), 429);
    platform.browser().from("203.0.113.8").get("/api/shared/guess").await.expect(404);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_link_is_kept_out_of_search_engines() {
    let platform = Platform::setup().queues([]).start().await;
    let page = platform.browser().get("/shared/some-token").await.expect(200);
    if page.body.as_str().unwrap().contains("without its web apps") {
        return platform.end().await;
    }
    assert_eq!(page.header("x-robots-tag"), Some("noindex, nofollow, noarchive"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(platform.browser().get("/sign-in").await.header("x-robots-tag"), None);
    platform.end().await;
}
