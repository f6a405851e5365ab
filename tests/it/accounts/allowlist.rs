//! Who is an admin, and who says so.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Platform,
    student::{Admin, Reply},
};

async fn set(admin: &Admin, email: &str, role: &str) -> Reply {
    let request = admin.request(Method::PUT, "/api/admin/allowlist");
    Reply::read(request.json(&json!({ "email": email, "role": role })).send().await.unwrap()).await
}

async fn remove(admin: &Admin, email: &str) -> Reply {
    admin.delete(&format!("/api/admin/allowlist?email={email}&confirm={email}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_given_changed_and_taken_with_effect_at_once() {
    let platform = Platform::start().await;
    let (root, student) = (platform.admin().await, platform.student().await);
    platform.sql(format!("update users set email_verified = true where id = '{}'", student.id)).await;
    student.get("/api/admin/keys").await.expect(403);

    let listed = set(&root, &student.email.to_uppercase(), "ops").await.expect(200).body;
    assert_eq!(listed["email"], json!(student.email));
    assert_eq!((&listed["role"], &listed["in_force"]), (&json!("ops"), &json!(true)));
    assert_eq!(listed["user_id"], json!(student.id));
    student.get("/api/admin/keys").await.expect(200);
    set(&root, &student.email, "support").await.expect(200);
    student.get("/api/admin/keys").await.expect(403);
    student.get("/api/admin/users").await.expect(200);

    let path = format!("/api/admin/allowlist?email={}", student.email);
    let reply = root.delete(&path).await.expect(422);
    assert_eq!(reply.fields(), ["confirm"]);
    remove(&root, &student.email).await.expect(204);
    student.get("/api/admin/users").await.expect(403);
    remove(&root, &student.email).await.expect(404);
    remove(&root, "no%20address").await.expect(404);

    let log = root.get("/api/admin/audit?target=allowlist").await.expect(200).body["items"].clone();
    let said: Vec<_> = log.as_array().unwrap().iter().map(|entry| &entry["action_type"]).collect();
    assert_eq!(said, ["remove_admin", "set_admin_role", "set_admin_role"]);
    assert_eq!(log[1]["details"], json!({ "before": { "role": "ops" }, "after": { "role": "support" } }));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_without_an_account_is_shown_as_not_in_force() {
    let platform = Platform::start().await;
    let root = platform.admin().await;
    set(&root, "later@story.example", "viewer").await.expect(200);
    let list = root.get("/api/admin/allowlist").await.expect(200).body["items"].clone();
    let of = |email: &str| {
        let found = list.as_array().unwrap().iter().find(|listed| listed["email"] == json!(email));
        found.cloned().unwrap_or(Value::Null)
    };
    assert_eq!(of("later@story.example")["user_id"], Value::Null);
    assert_eq!(of("later@story.example")["in_force"], false);
    assert_eq!(of(&root.email)["in_force"], true);
    for (body, fields) in [
        (json!({ "email": "nobody", "role": "viewer" }), vec!["email"]),
        (json!({ "email": "a@b.example", "role": "king" }), vec!["role"]),
        (json!({ "email": "a@b.example" }), vec!["role"]),
    ] {
        let request = root.request(Method::PUT, "/api/admin/allowlist").json(&body);
        let reply = Reply::read(request.send().await.unwrap()).await;
        assert_eq!((reply.status.as_u16(), reply.fields()), (422, fields), "{body}");
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_super_admin_cannot_be_taken_away() {
    let platform = Platform::start().await;
    let (root, second) = (platform.admin().await, platform.admin().await);
    // Both at once: one of them stays.
    let (first, other) = tokio::join!(remove(&root, &second.email), remove(&second, &root.email));
    let done = [first.status.as_u16(), other.status.as_u16()];
    assert!(done.contains(&204) && (done.contains(&409) || done.contains(&403)), "{done:?}");
    let left = if root.get("/api/admin/allowlist").await.status == 200 { &root } else { &second };
    assert_eq!(remove(left, &left.email).await.expect(409).code(), "CONFLICT");
    assert_eq!(set(left, &left.email, "admin").await.expect(409).code(), "CONFLICT");
    left.get("/api/admin/allowlist").await.expect(200);

    // With another one named by the operator, it can.
    let named = Platform::setup()
        .config(|config| config.accounts.super_admin_email = Some("root@story.example".to_owned()))
        .queues([])
        .beside(&platform)
        .start()
        .await;
    let left = Admin(left.at(&named.base));
    set(&left, &left.email, "viewer").await.expect(200);
    left.get("/api/admin/allowlist").await.expect(403);
    named.end().await;
    platform.end().await;
}
