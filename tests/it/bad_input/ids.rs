//! Ids of nothing, ids that are none, and ids of others' things: all alike, all 404.

use reqwest::Method;
use serde_json::json;

use super::World;
use crate::support::student::{Reply, Student};

/// What a student can ask about something, by its place in a path.
fn of_a_student(session: &str, message: &str, job: &str) -> Vec<(Method, String)> {
    vec![
        (Method::GET, format!("/api/chat/sessions/{session}")),
        (Method::PATCH, format!("/api/chat/sessions/{session}")),
        (Method::DELETE, format!("/api/chat/sessions/{session}")),
        (Method::GET, format!("/api/chat/sessions/{session}/messages")),
        (Method::POST, format!("/api/chat/sessions/{session}/messages")),
        (Method::POST, format!("/api/chat/messages/{message}/edit")),
        (Method::POST, format!("/api/chat/messages/{message}/regenerate")),
        (Method::PUT, format!("/api/chat/messages/{message}/vote")),
        (Method::DELETE, format!("/api/chat/messages/{message}/vote")),
        (Method::PUT, format!("/api/chat/messages/{message}/report")),
        (Method::DELETE, format!("/api/chat/messages/{message}/report")),
        (Method::DELETE, format!("/api/chat/sessions/{session}/share")),
        (Method::GET, format!("/api/jobs/{job}")),
        (Method::DELETE, format!("/api/jobs/{job}")),
        (Method::GET, format!("/api/jobs/{job}/events")),
        (Method::PATCH, format!("/api/profile/keys/{job}")),
        (Method::DELETE, format!("/api/profile/keys/{job}")),
    ]
}

/// Asks with a body that would do.
async fn ask(who: &Student, method: &Method, path: &str) -> Reply {
    let request = who.request(method.clone(), path);
    let request = match (method.as_str(), path) {
        ("PUT", path) if path.ends_with("/vote") => request.json(&json!({ "vote": "up" })),
        ("PUT", _) => request.json(&json!({ "kind": "wrong" })),
        ("PATCH", path) if path.contains("/chat/") => request.json(&json!({ "title": "Mine now" })),
        ("PATCH", _) => request.json(&json!({})),
        ("POST", path) if !path.ends_with("regenerate") => request.json(&json!({ "content": "Hello" })),
        _ => request,
    };
    Reply::read(request.send().await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_yours_is_not_there() {
    let world = World::new().await;
    // Also things that are alive: an answer that is being written.
    world.platform.sql("update queues set paused_at = now() where name = 'chat'").await;
    let owner = world.platform.student().await;
    let busy = owner.session().await;
    let receipt = owner.sends(&busy, "What is afterload?").await.expect(202);
    let (message, job) =
        (receipt.body["message"]["id"].as_str().unwrap(), crate::support::student::job_of(&receipt));
    // An admin has no right to what students say, either.
    let thieves = [world.platform.student().await, world.platform.admin().await.0];
    let before = world.platform.state().await;
    for (session, message, job) in [
        (&*world.session, &*world.question, &*world.job),
        (&*world.session, &*world.answer, &*world.job),
        (&*busy, message, &*job),
    ] {
        for (method, path) in of_a_student(session, message, job) {
            for other in &thieves {
                let theirs = ask(other, &method, &path).await.expect(404);
                let nil = uuid::Uuid::nil().to_string();
                let nowhere = path.replace(session, &nil).replace(message, &nil).replace(job, &nil);
                let nothing = ask(other, &method, &nowhere).await.expect(404);
                assert_eq!(theirs.error(), nothing.error(), "the two are never told apart: {method} {path}");
                assert_eq!(theirs.code(), "NOT_FOUND");
            }
        }
    }
    assert_eq!(world.platform.state().await, before, "nothing changed");
    assert_eq!(thieves[0].get("/api/chat/sessions").await.body["items"], json!([]));
    world.platform.sql("update queues set paused_at = null where name = 'chat'").await;
    owner.delete(&format!("/api/jobs/{job}")).await.expect(202);
    world.platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_nothing_and_ids_that_are_none_are_not_found() {
    let world = World::new().await;
    let before = world.platform.state().await;
    let long = "1".repeat(2_000);
    for id in [
        "00000000-0000-0000-0000-000000000000",
        "018f0000-0000-7000-8000-00000000000",
        "nonsense",
        "0",
        "-1",
        "%00",
        "%ff",
        "..%2F..%2Fetc%2Fpasswd",
        "'%20or%20true--",
        "😀",
        &long,
    ] {
        let mut asked = of_a_student(id, id, id);
        for (method, path) in [
            (Method::GET, "users/{id}"),
            (Method::PATCH, "users/{id}"),
            (Method::POST, "users/{id}/reset-usage"),
            (Method::POST, "users/{id}/disable"),
            (Method::POST, "users/{id}/enable"),
            (Method::PATCH, "keys/{id}"),
            (Method::DELETE, "keys/{id}"),
            (Method::POST, "keys/{id}/check"),
        ] {
            asked.push((method, format!("/api/admin/{}", path.replace("{id}", id))));
        }
        for (method, path) in asked {
            let reply = ask(&world.admin, &method, &path).await;
            assert_eq!(reply.status, 404, "{method} {path}: {}", reply.body);
            assert_eq!(reply.code(), "NOT_FOUND");
            reply.error();
        }
    }
    assert_eq!(world.platform.state().await, before);
    world.platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_and_methods_are_answered_in_the_envelope() {
    let world = World::new().await;
    for path in [
        "/api",
        "/api/",
        "/api/chat",
        "/api/chat/sessions/",
        "/api/auth/me/",
        "/API/health",
        "//api/health",
        "/api/health%00",
    ] {
        let reply = world.admin.get(path).await.expect(404);
        assert_eq!(reply.code(), "NOT_FOUND", "{path}");
        reply.error();
    }
    for (method, path) in [
        (Method::DELETE, "/api/health"),
        (Method::GET, "/api/auth/login"),
        (Method::PUT, "/api/profile"),
        (Method::PUT, "/api/chat/sessions"),
        (Method::POST, "/api/usage"),
        (Method::POST, "/api/openapi.json"),
        (Method::from_bytes(b"BREW").unwrap(), "/api/chat/sessions"),
    ] {
        let request = world.admin.request(method.clone(), path);
        let reply = Reply::read(request.send().await.unwrap()).await;
        assert_eq!(reply.status, 405, "{method} {path}: {}", reply.body);
        assert!(reply.header("allow").is_some(), "{method} {path}");
        reply.error();
    }
    world.platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_and_cursors_that_are_none_are_refused() {
    let world = World::new().await;
    let base64 = crate::bad_input::tokens::base64;
    let id = uuid::Uuid::nil();
    let cursors = [
        "nonsense".to_owned(),
        "%00".to_owned(),
        "😀".to_owned(),
        base64(b"{}"),
        base64(b"null"),
        base64(b"\"nonsense\""),
        base64(b"[[[["),
        base64(b"[\"2026-01-01T00:00:00Z\"]"),
        base64(format!("[\"-200000-01-01T00:00:00Z\",\"{id}\"]").as_bytes()),
        base64(format!("[\"-9999-01-01T00:00:00Z\",\"{id}\"]").as_bytes()),
    ];
    let lists = [
        "/api/chat/sessions".to_owned(),
        format!("/api/chat/sessions/{}/messages", world.session),
        "/api/admin/users".to_owned(),
        "/api/admin/audit".to_owned(),
    ];
    for list in &lists {
        for limit in ["0", "-1", "201", "x", "", "1.5", "1e2", "99999999999999999999999"] {
            let reply = world.admin.get(&format!("{list}?limit={limit}")).await;
            super::assert_fields(&reply, &["limit"], &format!("{list} limit={limit}"));
        }
        for cursor in &cursors {
            let reply = world.admin.get(&format!("{list}?cursor={cursor}")).await;
            super::assert_fields(&reply, &["cursor"], &format!("{list} cursor={cursor}"));
        }
        world.admin.get(&format!("{list}?limit=200&unknown=1")).await.expect(200);
    }
    for (query, field) in [("plan=gold", "plan"), ("status=gone", "status"), ("limit=1&limit=2", "limit")] {
        let reply = world.admin.get(&format!("/api/admin/users?{query}")).await;
        super::assert_fields(&reply, &[field], query);
    }
    world.platform.end().await;
}
