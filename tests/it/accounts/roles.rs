//! Who may do what as an admin: one table over all endpoints.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Platform, key,
    platform::PASSWORD,
    student::{Admin, Reply, Student},
};

const ROLES: [&str; 5] = ["viewer", "support", "ops", "admin", "super_admin"];

/// What stands in a path for an id.
const IDS: [&str; 7] = ["{user}", "{key}", "{job}", "{window}", "{worker}", "{filter}", "{report}"];

/// What may be done, the roles that may, and how it is asked for. [`IDS`] stand for ids, the second of the key `good`,
/// that of a filter of whoever asks.
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn endpoints() -> Vec<(Method, &'static str, Value, &'static [&'static str])> {
    let (everybody, managers): (&[_], &[_]) = (&ROLES, &["admin", "super_admin"]);
    let (owners, helpers): (&[_], &[_]) = (&["super_admin"], &["support", "admin", "super_admin"]);
    let feedback: &[_] = &["support", "ops", "admin", "super_admin"];
    let (operators, key_viewers): (&[_], &[_]) =
        (&["ops", "admin", "super_admin"], &["viewer", "ops", "admin", "super_admin"]);
    let good = key("good").value();
    let confirm = json!({ "confirm": good[good.len() - 4..] });
    let listed = json!({ "email": "listed@story.example", "role": "viewer" });
    let removed = json!({ "confirm": "listed@story.example" });
    let new_key = json!({ "provider": "openai", "key": "sk-matrix-1234567", "skip_test": true });
    let window = json!({ "level": "soft", "from": "2999-01-01T00:00:00Z", "until": "2999-01-02T00:00:00Z" });
    let filter = json!({ "page": "jobs", "name": "Mine", "filter": { "state": "failed" } });
    vec![
        (Method::GET, "/api/admin/users", Value::Null, everybody),
        (Method::GET, "/api/admin/users/{user}", Value::Null, everybody),
        (Method::PATCH, "/api/admin/users/{user}", json!({ "plan": "pro" }), managers),
        (Method::POST, "/api/admin/users/{user}/reset-usage", Value::Null, helpers),
        (Method::POST, "/api/admin/users/{user}/disable", Value::Null, managers),
        (Method::POST, "/api/admin/users/{user}/enable", Value::Null, managers),
        (Method::GET, "/api/admin/keys", Value::Null, key_viewers),
        (Method::POST, "/api/admin/keys", new_key.clone(), managers),
        (Method::POST, "/api/admin/keys/test", new_key, operators),
        (Method::PATCH, "/api/admin/keys/{key}", json!({ "priority": 7 }), managers),
        (Method::POST, "/api/admin/keys/{key}/check", Value::Null, operators),
        (Method::GET, "/api/admin/queues", Value::Null, key_viewers),
        (Method::GET, "/api/admin/schedule", Value::Null, key_viewers),
        (Method::POST, "/api/admin/queues/chat/pause", Value::Null, operators),
        (Method::POST, "/api/admin/queues/chat/resume", Value::Null, operators),
        (Method::GET, "/api/admin/workers", Value::Null, key_viewers),
        (Method::POST, "/api/admin/workers/{worker}/drain", Value::Null, operators),
        (Method::POST, "/api/admin/workers/{worker}/resume", Value::Null, operators),
        (Method::GET, "/api/admin/jobs", Value::Null, key_viewers),
        (Method::GET, "/api/admin/calls?request=x", Value::Null, key_viewers),
        (Method::GET, "/api/admin/filters?page=jobs", Value::Null, everybody),
        (Method::PUT, "/api/admin/filters", filter, everybody),
        (Method::DELETE, "/api/admin/filters/{filter}", Value::Null, everybody),
        (Method::GET, "/api/admin/jobs/{job}", Value::Null, key_viewers),
        (Method::GET, "/api/admin/jobs/count", Value::Null, operators),
        (Method::POST, "/api/admin/jobs/retry", json!({ "ids": [uuid::Uuid::nil()] }), operators),
        (Method::POST, "/api/admin/jobs/cancel", json!({ "ids": [uuid::Uuid::nil()] }), operators),
        (Method::GET, "/api/admin/live", Value::Null, key_viewers),
        (Method::GET, "/api/admin/analytics", Value::Null, key_viewers),
        (Method::GET, "/api/admin/made-items", Value::Null, key_viewers),
        (Method::GET, "/api/admin/features", Value::Null, everybody),
        (Method::PUT, "/api/admin/features/mcq", json!({ "enabled": true }), operators),
        (Method::GET, "/api/admin/sharing", Value::Null, everybody),
        (Method::PUT, "/api/admin/sharing", json!({ "enabled": true }), operators),
        (Method::GET, "/api/admin/feedback", Value::Null, feedback),
        (Method::GET, "/api/admin/feedback/reports", Value::Null, feedback),
        (
            Method::POST,
            "/api/admin/feedback/reports/{report}/handle",
            json!({ "note": "Looked into" }),
            helpers,
        ),
        (Method::GET, "/api/admin/maintenance", Value::Null, everybody),
        (Method::PUT, "/api/admin/maintenance", json!({ "level": "soft", "reason": "a drill" }), operators),
        (Method::DELETE, "/api/admin/maintenance", json!({ "reason": "over" }), operators),
        (Method::GET, "/api/admin/maintenance/windows", Value::Null, everybody),
        (Method::POST, "/api/admin/maintenance/windows", window, operators),
        (Method::DELETE, "/api/admin/maintenance/windows/{window}", Value::Null, operators),
        (Method::DELETE, "/api/admin/keys/{key}", confirm, managers),
        (Method::GET, "/api/admin/audit", Value::Null, key_viewers),
        (Method::GET, "/api/admin/audit/export", Value::Null, managers),
        (Method::GET, "/api/admin/allowlist", Value::Null, owners),
        (Method::PUT, "/api/admin/allowlist", listed, owners),
        (Method::DELETE, "/api/admin/allowlist?email=listed@story.example", removed, owners),
        (Method::GET, "/api/admin/notifications", Value::Null, key_viewers),
        (Method::PUT, "/api/admin/notifications", json!({ "phones": [] }), managers),
        (Method::POST, "/api/admin/notifications/test", Value::Null, managers),
        (Method::GET, "/api/admin/notifications/deliveries", Value::Null, key_viewers),
        (Method::GET, "/api/admin/health", Value::Null, key_viewers),
        (Method::POST, "/api/admin/health/check", json!({}), operators),
    ]
}

async fn ask(who: &Student, method: &Method, path: &str, body: &Value) -> Reply {
    let request = who.request(method.clone(), path);
    let request = if body.is_null() { request } else { request.json(body) };
    Reply::begun(request.send().await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_may_do_what_the_table_says_and_nothing_else() {
    let platform = Platform::start().await;
    let victim = platform.student().await;
    let outsider = platform.student_on("admin").await;
    for role in ROLES {
        let admin = platform.admin_with(role).await;
        for (method, path, body, allowed) in endpoints() {
            // What is not there is not found by those who may look, and hidden from the others.
            let id = uuid::Uuid::nil().to_string();
            let nowhere = IDS.into_iter().fold(path.to_owned(), |path, name| path.replace(name, &id));
            let reply = ask(&admin, &method, &nowhere, &body).await;
            let what = format!("{role}: {method} {path}: {}", reply.body);
            if allowed.contains(&role) {
                let expected: &[u16] = if path.contains('{') { &[404] } else { &[200, 201, 204, 409] };
                assert!(expected.contains(&reply.status.as_u16()), "{what}");
            } else {
                assert_eq!(reply.status, 403, "{what}");
                assert_eq!(reply.code(), "FORBIDDEN");
            }
        }
    }
    let before = platform.state().await;
    for (method, path, body, _) in endpoints() {
        let nil = uuid::Uuid::nil().to_string();
        let path = path.replace("{user}", &victim.id);
        let path = IDS.into_iter().fold(path, |path, name| path.replace(name, &nil));
        for refused in [&outsider, &victim] {
            let reply = ask(refused, &method, &path, &body).await;
            assert_eq!(reply.status, 403, "the plan is no role: {method} {path}");
        }
        let request = platform.browser().request(method.clone(), &path).json(&body);
        assert_eq!(request.send().await.unwrap().status(), 401, "{method} {path}");
    }
    assert_eq!(platform.state().await, before, "nothing changed");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_role_may_do_works() {
    let platform = Platform::start().await;
    let spec = key("good");
    let admin = platform.pool([spec.clone()]).await;
    let student = platform.student().await;
    let session = student.session().await;
    student.asks_in(&session, "What is preload?").await;
    let job = student.messages(&session).await[1]["job_id"].as_str().unwrap().to_owned();
    let key = platform.key(&admin, &spec).await["id"].as_str().unwrap().to_owned();
    let window = json!({ "level": "soft", "from": "2999-01-01T00:00:00Z", "until": "2999-01-02T00:00:00Z" });
    let window = admin.post("/api/admin/maintenance/windows", window).await.expect(201);
    let window = window.body["id"].as_str().unwrap().to_owned();
    let answer = student.messages(&session).await[1]["id"].as_str().unwrap().to_owned();
    let report =
        student.put(&format!("/api/chat/messages/{answer}/report"), json!({ "kind": "wrong" })).await;
    report.expect(204);
    let report = admin.get("/api/admin/feedback/reports").await.expect(200).body["items"][0]["id"].clone();
    for (method, path, body, allowed) in endpoints() {
        let path = path
            .replace("{report}", report.as_str().unwrap())
            .replace("{user}", &student.id)
            .replace("{key}", &key);
        let path = path.replace("{job}", &job).replace("{window}", &window);
        let who = platform.admin_with(allowed[0]).await;
        let filter = uuid::Uuid::new_v4().to_string();
        platform
            .sql(format!(
                "insert into saved_filters (id, user_id, page, name, filter)
                 values ('{filter}', '{}', 'jobs', 'Another', '{{}}')",
                who.id
            ))
            .await;
        let path = path.replace("{worker}", &platform.parts.name).replace("{filter}", &filter);
        let written = format!("select count(*) from audit_log where actor_id = '{}'", who.id);
        let before = platform.number(written.clone()).await;
        let reply = ask(&who, &method, &path, &body).await;
        assert!(reply.status.is_success(), "{}: {method} {path}: {}", allowed[0], reply.body);
        // Whatever changes something is in the audit log, once; what only looks is not, but for exports.
        let expected = i64::from(method != Method::GET || path.ends_with("/export"));
        assert_eq!(platform.number(written).await - before, expected, "entries of {method} {path}");
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_endpoint_of_admins_is_in_the_table() {
    let platform = Platform::setup().queues([]).start().await;
    let document = platform.browser().get("/api/openapi.json").await.expect(200).body;
    let plain = |path: &str| {
        let path = path.split('?').next().unwrap();
        let path = path.replace("/chat/", "/{queue}/").replace("/features/mcq", "/features/{feature}");
        IDS.into_iter().fold(path, |path, id| path.replace(id, "{id}"))
    };
    let known: Vec<_> = endpoints()
        .iter()
        .map(|(method, path, ..)| format!("{} {}", method.as_str().to_lowercase(), plain(path)))
        .collect();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            if path.starts_with("/api/admin/") && item.get(method).is_some() {
                let what = format!("{method} {path}");
                assert!(known.contains(&what), "{what} is not in the table, so nobody knows who may");
            }
        }
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_holds_while_the_allowlist_has_it_and_the_address_is_verified() {
    let platform = Platform::start().await;
    let admin = platform.admin_with("ops").await;
    admin.get("/api/admin/keys").await.expect(200);
    assert_eq!(admin.get("/api/auth/me").await.body["role"], "ops");

    let of = format!("where email = '{}'", admin.email);
    platform.sql(format!("update admin_allowlist set role = 'support' {of}")).await;
    admin.get("/api/admin/keys").await.expect(403);
    admin.get("/api/admin/users").await.expect(200);
    platform.sql(format!("update users set email_verified = false {of}")).await;
    admin.get("/api/admin/users").await.expect(403);
    assert_eq!(admin.get("/api/auth/me").await.body["role"], json!(null));
    platform.sql(format!("update users set email_verified = true {of}")).await;
    admin.get("/api/admin/users").await.expect(200);
    platform.sql(format!("delete from admin_allowlist {of}")).await;
    assert_eq!(admin.get("/api/admin/users").await.expect(403).code(), "FORBIDDEN");
    admin.get("/api/usage").await.expect(200);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operators_super_admin_needs_no_allowlist_but_a_verified_address() {
    let platform = Platform::start().await;
    // The account was there before the operator named its address.
    let root = platform.student().await;
    let named = Platform::setup()
        .config(|config| config.accounts.super_admin_email = Some(root.email.to_uppercase()))
        .queues([])
        .beside(&platform)
        .start()
        .await;
    let root = root.at(&named.base);
    root.get("/api/admin/users").await.expect(403);
    platform.sql(format!("update users set email_verified = true where id = '{}'", root.id)).await;
    root.get("/api/admin/users").await.expect(200);
    assert_eq!(root.get("/api/auth/me").await.body["role"], "super_admin");
    let again = named.browser().login(&root.email, PASSWORD).await.expect(200);
    assert_eq!(again.body["user"]["role"], "super_admin");
    named.end().await;
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_cannot_lock_themselves_or_their_betters_out() {
    let platform = Platform::start().await;
    let (root, admin) = (platform.admin().await, platform.admin_with("admin").await);
    let disable = |who: &Admin, whom: &Admin| {
        let (who, path) = (who.clone(), format!("/api/admin/users/{}/disable", whom.id));
        async move { who.post(&path, json!({})).await }
    };
    assert_eq!(disable(&admin, &admin).await.expect(409).code(), "CONFLICT");
    assert_eq!(disable(&admin, &root).await.expect(403).code(), "FORBIDDEN");
    root.get("/api/admin/users").await.expect(200);
    for (method, what) in [
        (Method::PATCH, ""),
        (Method::POST, "/reset-usage"),
        (Method::POST, "/enable"),
        (Method::POST, "/disable"),
    ] {
        let path = format!("/api/admin/users/{}{what}", root.id);
        let reply = ask(&admin, &method, &path, &json!({})).await;
        assert_eq!((reply.status.as_u16(), reply.code()), (403, "FORBIDDEN"), "{method} {path}");
    }
    disable(&root, &admin).await.expect(200);
    admin.get("/api/admin/users").await.expect(401);
    platform.end().await;
}
