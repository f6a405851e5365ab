//! Filters of lists that an admin gave a name: kept on the server, each admin's own.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Platform,
    student::{Admin, Reply},
};

async fn keeps(admin: &Admin, body: Value) -> Reply {
    Reply::read(admin.request(Method::PUT, "/api/admin/filters").json(&body).send().await.unwrap()).await
}

async fn listed(admin: &Admin, page: &str) -> Vec<Value> {
    let reply = admin.get(&format!("/api/admin/filters?page={page}")).await.expect(200);
    reply.body["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_is_kept_under_its_name_for_its_admin_alone() {
    let platform = Platform::start().await;
    let (admin, other) = (platform.admin().await, platform.admin_with("support").await);
    let failed =
        json!({ "page": "jobs", "name": " Failed chats ", "filter": { "state": "failed", "queue": "chat" } });
    let kept = keeps(&admin, failed).await.expect(200).body;
    assert_eq!((&kept["name"], &kept["is_default"]), (&json!("Failed chats"), &json!(false)));
    keeps(&admin, json!({ "page": "users", "name": "Pro", "filter": { "plan": "pro" } })).await.expect(200);
    assert_eq!(listed(&admin, "jobs").await, std::slice::from_ref(&kept));
    assert_eq!(listed(&admin, "users").await.len(), 1);
    assert_eq!(listed(&other, "jobs").await, Vec::<Value>::new());

    // Under the same name it is replaced.
    let changed = json!({ "page": "jobs", "name": "Failed chats", "filter": { "state": "failed" } });
    let again = keeps(&admin, changed).await.expect(200).body;
    assert_eq!((&again["id"], &again["filter"]), (&kept["id"], &json!({ "state": "failed" })));

    // One is the default of a page, and no other.
    for name in ["Failed chats", "Running"] {
        let body =
            json!({ "page": "jobs", "name": name, "filter": { "state": "running" }, "is_default": true });
        keeps(&admin, body).await.expect(200);
        let defaults: Vec<_> =
            listed(&admin, "jobs").await.into_iter().filter(|kept| kept["is_default"] == true).collect();
        assert!(defaults.len() == 1 && defaults[0]["name"] == name, "{defaults:?}");
    }

    let path = format!("/api/admin/filters/{}", kept["id"].as_str().unwrap());
    other.delete(&path).await.expect(404);
    admin.delete(&path).await.expect(204);
    admin.delete(&path).await.expect(404);
    assert_eq!(listed(&admin, "jobs").await.len(), 1);
    // They end with the account.
    platform.sql(format!("delete from users where id = '{}'", admin.id)).await;
    assert_eq!(platform.number("select count(*) from saved_filters").await, 0);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_filter_is_refused_and_so_are_too_many() {
    let platform = Platform::start().await;
    let admin = platform.admin().await;
    let long = "x".repeat(301);
    for (body, field) in [
        (json!({ "page": "keys", "name": "a", "filter": {} }), "page"),
        (json!({ "page": "jobs", "name": "  ", "filter": {} }), "name"),
        (json!({ "page": "jobs", "name": "x".repeat(61), "filter": {} }), "name"),
        (json!({ "page": "jobs", "name": "a\u{0}", "filter": {} }), "name"),
        (json!({ "page": "jobs", "name": "a", "filter": { "q": long } }), "filter"),
        (json!({ "page": "jobs", "name": "a", "filter": { "q": "\u{0}" } }), "filter"),
        (json!({ "page": "jobs", "name": "a", "filter": { "q": 1 } }), "filter.q"),
        (json!({ "page": "jobs", "name": "a" }), "filter"),
    ] {
        let refused = keeps(&admin, body.clone()).await.expect(422);
        assert_eq!(refused.fields(), [field], "{body}");
    }
    admin.get("/api/admin/filters?page=keys").await.expect(422);
    admin.get("/api/admin/filters").await.expect(422);
    for number in 0..50 {
        keeps(&admin, json!({ "page": "audit", "name": number.to_string(), "filter": {} })).await.expect(200);
    }
    let one_more = json!({ "page": "audit", "name": "one more", "filter": {} });
    assert_eq!(keeps(&admin, one_more).await.expect(409).code(), "CONFLICT");
    keeps(&admin, json!({ "page": "audit", "name": "7", "filter": { "q": "x" } })).await.expect(200);
    platform.end().await;
}
