//! What does not fit is named, and changes nothing.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Platform, student::Reply};

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "it is a table")]
async fn what_does_not_fit_is_named_and_changes_nothing() {
    let platform = Platform::setup().queues([]).start().await;
    let admin = platform.admin().await;
    let now = platform.parts.clock.now();
    let (put, post, delete) = (Method::PUT, Method::POST, Method::DELETE);
    let (state, windows, mcq) =
        ("/api/admin/maintenance", "/api/admin/maintenance/windows", "/api/admin/features/mcq");
    let long = "x".repeat(501);
    let window = |from: i64, until: i64| json!({ "level": "soft", "from": now + TimeDelta::minutes(from), "until": now + TimeDelta::minutes(until) });
    let with = |mut body: Value, name: &str, value: Value| {
        body[name] = value;
        body
    };
    for (method, path, body, field) in [
        (&put, state, json!({ "level": "soft" }), "reason"),
        (&put, state, json!({ "reason": "why" }), "level"),
        (&put, state, json!({ "level": "medium", "reason": "why" }), "level"),
        (&put, state, json!({ "level": "soft", "reason": " " }), "reason"),
        (&put, state, json!({ "level": "soft", "reason": long }), "reason"),
        (&put, state, json!({ "level": "soft", "reason": "a\0b" }), "reason"),
        (&put, state, json!({ "level": "soft", "reason": "why", "message": "" }), "message"),
        (&put, state, json!({ "level": "soft", "reason": "why", "message": "\0" }), "message"),
        (&put, state, json!({ "level": "soft", "reason": "why", "feature": "chats" }), "feature"),
        (&put, state, json!({ "level": "soft", "reason": "why", "feature": "embedding" }), "feature"),
        (
            &put,
            state,
            json!({ "level": "soft", "reason": "why", "estimated_restoration": now - TimeDelta::seconds(5) }),
            "estimated_restoration",
        ),
        (
            &put,
            state,
            json!({ "level": "soft", "reason": "why", "estimated_restoration": "soon" }),
            "estimated_restoration",
        ),
        (&put, state, json!({ "level": "soft", "reason": "why", "who": "me" }), "who"),
        (&delete, state, json!({}), "reason"),
        (&delete, state, json!({ "reason": "why", "feature": "embedding" }), "feature"),
        (&post, windows, window(5, 5), "until"),
        (&post, windows, window(-9, -5), "until"),
        (&post, windows, with(window(1, 5), "level", json!("none")), "level"),
        (&post, windows, with(window(1, 5), "feature", json!("embedding")), "feature"),
        (&post, windows, with(window(1, 5), "message", json!(long)), "message"),
        (&post, windows, with(window(1, 5), "from", json!("tomorrow")), "from"),
        (&put, mcq, json!({}), "enabled"),
        (&put, mcq, json!({ "enabled": "yes" }), "enabled"),
        (&put, mcq, json!({ "enabled": true, "limits": -1 }), "limits"),
        (&put, mcq, json!({ "enabled": true, "limits": 1_000_001 }), "limits"),
        (&put, mcq, json!({ "enabled": true, "limits": "many" }), "limits"),
        (&put, mcq, json!({ "enabled": true, "limits": { "admin": 1 } }), "limits"),
        (&put, mcq, json!({ "enabled": true, "limits": { "free": -1 } }), "limits"),
    ] {
        let request = admin.request(method.clone(), path).json(&body);
        let reply = Reply::read(request.send().await.unwrap()).await;
        assert_eq!(reply.status, 422, "{method} {path} {body}: {}", reply.body);
        assert_eq!(reply.fields(), [field], "{method} {path} {body}: {}", reply.body);
    }
    for (method, path) in [
        (&put, "/api/admin/features/chats"),
        (&put, "/api/admin/features/embedding"),
        (&delete, "/api/admin/maintenance/windows/x"),
        (&delete, "/api/admin/maintenance/windows/00000000-0000-0000-0000-000000000000"),
    ] {
        let request = admin.request(method.clone(), path).json(&json!({ "enabled": false }));
        Reply::read(request.send().await.unwrap()).await.expect(404);
    }
    let changed =
        "select (select count(*) from maintenance_states) + (select count(*) from maintenance_windows)
        + (select count(*) from maintenance_overrides) + (select count(*) from feature_settings)";
    assert_eq!(platform.number(changed).await, 0);
    platform.end().await;
}
