//! The gate: every route meets it, in every process, and it asks nothing of the database.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use simulator::Script;

use crate::support::{
    Platform, key,
    platform::PASSWORD,
    student::{Reply, Student},
};

/// What answers also in hard maintenance.
const OPEN: [&str; 9] = [
    "/api/status",
    "/api/health",
    "/api/ready",
    "/api/auth/login",
    "/api/auth/emergency",
    "/api/auth/refresh",
    "/api/auth/logout",
    "/api/auth/logout-all",
    "/api/auth/me",
];

/// Every operation of the document, with ids of nothing.
async fn operations(platform: &Platform) -> Vec<(Method, String)> {
    let document = platform.browser().get("/api/openapi.json").await.expect(200).body;
    let nil = uuid::Uuid::nil().to_string();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.replace("{id}", &nil).replace("{feature}", "mcq").replace("{queue}", "chat");
        let path = path.replace("{action}", "suspend");
        let methods = item.as_object().unwrap().keys();
        all.extend(
            methods
                .filter_map(|method| method.to_uppercase().parse().ok())
                .map(|method: Method| (method, path.clone())),
        );
    }
    all
}

async fn ask(who: &Student, method: Method, path: &str) -> Reply {
    Reply::begun(who.request(method, path).send().await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn hard_maintenance_closes_every_route_to_everybody_but_admins() {
    let platform = Platform::start().await;
    platform.pool([key("good")]).await;
    let admin = platform.admin_with("ops").await;
    let until = platform.parts.clock.now() + chrono::TimeDelta::hours(1);
    let body = json!({
        "level": "hard", "message": "We move to another house.", "reason": "moving", "estimated_restoration": until,
    });
    let student = platform.student().await;
    let viewer = platform.admin_with("viewer").await;
    let view = admin.put("/api/admin/maintenance", body).await.expect(200).body;
    assert_eq!((&view["level"], &view["source"]), (&json!("hard"), &json!("admin")));
    assert_eq!(
        (&view["reason"], &view["states"][0]["set_by_email"]),
        (&json!("moving"), &json!(admin.email))
    );

    let operations = operations(&platform).await;
    assert!(operations.len() > 40, "{operations:?}");
    for (method, path) in operations {
        let anybody = platform.browser().request(method.clone(), &path).send().await.unwrap();
        let anybody = Reply::read(anybody).await;
        if OPEN.contains(&path.as_str()) {
            assert_ne!(anybody.code(), "MAINTENANCE", "{method} {path}");
            continue;
        }
        let reply = ask(&student, method.clone(), &path).await;
        for reply in [anybody, reply] {
            assert_eq!((reply.status.as_u16(), reply.code()), (503, "MAINTENANCE"), "{method} {path}");
            assert_eq!(reply.body["error"]["message"], "We move to another house.");
            let seconds: u64 = reply.header("retry-after").unwrap().parse().unwrap();
            assert!((3500..=3600).contains(&seconds), "{seconds}");
        }
        let reply = ask(&viewer, method.clone(), &path).await;
        assert_ne!(reply.status, 503, "{method} {path}: {}", reply.body);
    }
    // A token that has run out is told so, that its owner may come back with a new one.
    let stale = Student { token: "e30.e30.e30".to_owned(), ..viewer.0.clone() };
    stale.get("/api/admin/users").await.expect(401);
    // Whoever signs in learns who they are, and no more.
    let mut browser = platform.browser();
    browser.login(&student.email, PASSWORD).await.expect(200);
    browser.get("/api/auth/me").await.expect(200);
    browser.get("/api/usage").await.expect(503);
    browser.post("/api/auth/register", json!({})).await.expect(503);
    assert_eq!(browser.get("/api/nowhere").await.expect(503).code(), "MAINTENANCE");

    // Its keys are fine all the while, and it stays: only an admin ends what an admin set.
    jobs::platform_status::evaluate(platform.db(), platform.parts.clock.now(), None).await.unwrap();
    student.get("/api/usage").await.expect(503);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_reaches_every_process_within_a_second_and_open_streams_go_on() {
    let platform = Platform::start().await;
    let other = Platform::setup().beside(&platform).queues([]).start().await;
    let slow = Script::healthy().token_every(Duration::from_millis(60));
    let admin = platform.pool([key("slow").answers(slow)]).await;
    let student = platform.student().await;
    let session = student.session().await;
    let stream = student.streams(&session, "What is preload?").await;

    let elsewhere = student.at(&other.base);
    elsewhere.get("/api/usage").await.expect(200);
    admin.put("/api/admin/maintenance", json!({ "level": "hard", "reason": "a drill" })).await.expect(200);
    student.get("/api/usage").await.expect(503);
    assert_soon(&elsewhere, 503).await;
    let answer = stream.finish().await;
    assert_eq!(answer.end(), "done", "what had begun goes on");
    admin
        .put("/api/admin/maintenance", json!({ "level": "none", "reason": "the drill is over" }))
        .await
        .expect(200);
    assert_soon(&elsewhere, 200).await;

    // A process that missed the notification learns it when its connection is back.
    let mut conn = platform.db().pool().acquire().await.unwrap();
    sqlx::query(
        "select pg_terminate_backend(pid) from pg_stat_activity
         where query ilike 'listen%' and datname = current_database() and pid <> pg_backend_pid()",
    )
    .execute(&mut *conn)
    .await
    .unwrap();
    drop(conn);
    admin.put("/api/admin/maintenance", json!({ "level": "hard", "reason": "another" })).await.expect(200);
    assert_soon(&elsewhere, 503).await;
    admin.overrides(json!({ "reason": "over" })).await.expect(200);
    other.end().await;
    platform.end().await;
}

/// By the notification, that is: what is only read anew every so often comes later than this.
async fn assert_soon(student: &Student, status: u16) {
    let began = Instant::now();
    while student.get("/api/usage").await.status != status {
        assert!(began.elapsed() < Duration::from_secs(5), "never {status}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn soft_maintenance_is_a_banner_and_a_closed_feature_closes_nothing_else() {
    let platform = Platform::start().await;
    let chat = key("chat").feature("chat").answers(Script::answers("Preload is stretch."));
    let admin = platform.pool([chat, key("good")]).await;
    let student = platform.student().await;
    admin
        .put("/api/admin/maintenance", json!({ "level": "soft", "reason": "few keys are left" }))
        .await
        .expect(200);
    let status = platform.status().await;
    assert_eq!(status["status"], "degraded");
    assert_eq!(
        status["maintenance"],
        json!({ "level": "soft", "message": "Some features are temporarily unavailable. Chat and core features still work." })
    );
    let paused: Vec<_> = status["features"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, feature)| feature["level"] == "soft")
        .collect();
    assert_eq!(paused.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["image", "pdf"]);
    assert_eq!(student.asks("What is preload?").await.text(), "Preload is stretch.");

    let body = json!({ "level": "hard", "feature": "mcq", "message": "MCQs are being rewritten.", "reason": "a rewrite" });
    admin.put("/api/admin/maintenance", body).await.expect(200);
    let session = student.session().await;
    let closed = student.sends(&session, "/mcq 1 heart failure").await.expect(503);
    assert_eq!(closed.code(), "FEATURE_UNAVAILABLE");
    assert_eq!(closed.body["error"]["message"], "MCQs are being rewritten.");
    assert_eq!(student.asks("What is preload?").await.end(), "done");
    assert_eq!(admin.asks("/mcq 1 heart failure").await.end(), "done", "admins pass maintenance");

    let scopes = |view: &Value| {
        view["states"].as_array().unwrap().iter().map(|state| state["feature"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(scopes(&admin.maintenance().await), [json!(null), json!("mcq")]);
    let left = admin.overrides(json!({ "reason": "mcq is done", "feature": "mcq" })).await.expect(200).body;
    assert_eq!(scopes(&left), [json!(null)], "the other stays");
    assert_eq!(student.asks("/mcq 1 heart failure").await.end(), "done");
    assert_eq!(platform.audited("trigger_maintenance").await, 2);
    let before_and_after =
        "select count(*) from audit_log where action = 'override_maintenance' and target_id = 'mcq'
        and details -> 'before' -> 0 ->> 'level' = 'hard' and details ->> 'reason' = 'mcq is done'";
    assert_eq!(platform.number(before_and_after).await, 1);
    platform.end().await;
}
