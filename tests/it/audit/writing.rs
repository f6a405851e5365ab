//! What is written, and told.

use chrono::{TimeDelta, Utc};
use futures::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::support::{Platform, key, platform::PASSWORD, student::Reply};

use super::{actions, admin_events, entries};

const WRONG: &str = "Wr0ng-password";

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_says_who_did_what_to_whom_and_what_changed() {
    let platform = Platform::start().await;
    let (admin, student) = (platform.admin().await, platform.student().await);
    let path = format!("/api/admin/users/{}", student.id);
    let request = admin.request(Method::PATCH, &path).header("user-agent", "a story/1");
    let request = request.header("x-request-id", "story-7").json(&json!({ "plan": "pro" }));
    Reply::read(request.send().await.unwrap()).await.expect(200);

    let found = entries(&admin, "?action=change_user_plan").await;
    let entry = found[0].as_object().unwrap();
    assert_eq!(found.len(), 1);
    for (name, value) in [
        ("admin_id", json!(admin.id)),
        ("admin_email", json!(admin.email)),
        ("action_type", json!("change_user_plan")),
        ("target_type", json!("user")),
        ("target_id", json!(student.id)),
        ("ip_address", json!("127.0.0.1")),
        ("user_agent", json!("a story/1")),
        ("request_id", json!("story-7")),
    ] {
        assert_eq!(entry[name], value, "{name}");
    }
    assert_eq!(entry["details"]["before"], json!({ "plan": "free", "name": "Student" }));
    assert_eq!(entry["details"]["after"], json!({ "plan": "pro", "name": "Student" }));
    let age = platform.parts.clock.now()
        - entry["timestamp"].as_str().unwrap().parse::<chrono::DateTime<Utc>>().unwrap();
    assert!(age < TimeDelta::minutes(1));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_leaves_no_entry_and_no_secret_is_in_any() {
    let platform = Platform::start().await;
    let spec = key("good");
    let admin = platform.pool([spec.clone()]).await;
    let count = "select count(*) from audit_log where action like '%api_key%' or action like '%user%'";
    let before = platform.number(count).await;
    let nil = uuid::Uuid::nil();
    admin.patch(&format!("/api/admin/users/{nil}"), json!({ "plan": "pro" })).await.expect(404);
    admin.post(&format!("/api/admin/users/{}/disable", admin.id), json!({})).await.expect(409);
    admin.delete(&format!("/api/admin/keys/{nil}?confirm=x")).await.expect(404);
    let twin = json!({ "provider": "openai", "key": spec.value(), "base_url": platform.simulator.url() });
    admin.post("/api/admin/keys", twin).await.expect(409);
    let dead =
        json!({ "provider": "openai", "key": "sk-story-invalid-key-000", "base_url": "http://127.0.0.1:9" });
    admin.post("/api/admin/keys", dead).await.expect(422);
    assert_eq!(platform.number(count).await, before, "nothing happened, so nothing is written");

    let id = platform.key(&admin, &spec).await["id"].as_str().unwrap().to_owned();
    let new = "sk-story-rotated-5b8f3c";
    platform.never_logged([new.to_owned()]);
    admin.patch(&format!("/api/admin/keys/{id}"), json!({ "key": new, "skip_test": true })).await.expect(200);
    let log = admin.get("/api/admin/audit?limit=200").await.expect(200).body.to_string();
    for secret in [&*spec.value(), new, PASSWORD, &admin.token, "argon2"] {
        assert!(!log.contains(secret), "{secret}");
    }
    assert!(log.contains("update_api_key") && log.contains("\"new_value\":true"));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn coming_and_going_is_written_and_a_storm_of_failures_is_bounded() {
    let platform = Platform::start().await;
    let (admin, student) = (platform.admin().await, platform.student().await);
    let home = platform.browser().signed_in(&student).await;
    home.with_csrf().post("/api/auth/logout", json!({})).await.expect(204);
    let phone = platform.browser().signed_in(&student).await;
    phone.with_csrf().post("/api/auth/logout-all", json!({})).await.expect(204);
    let of_student = format!("?admin={}", student.id);
    let found = entries(&admin, &of_student).await;
    assert_eq!(actions(&found), ["sign_out_everywhere", "sign_in", "sign_out", "sign_in", "register"]);

    // A password in the wrong field is no address, and is not kept.
    let typo = "hunter2-in-the-wrong-field";
    platform.never_logged([typo.to_owned()]);
    let tries = (0..30).map(|at| {
        let (mut browser, email) = (platform.browser(), student.email.clone());
        async move { browser.login(if at % 3 == 0 { typo } else { &email }, WRONG).await.status.as_u16() }
    });
    let answers = join_all(tries).await;
    assert_eq!(answers.iter().filter(|status| **status == 401).count(), 5);
    let failed = entries(&admin, "?action=sign_in_failed").await;
    assert_eq!(failed.len(), 5, "nothing more is written once the address has no try left");
    assert!(failed.iter().all(|entry| entry["admin_id"].is_null()));
    assert!(!json!(failed).to_string().contains(typo));
    platform.end().await;
}

/// What is kept of an e-mail that somebody tried.
async fn tried(platform: &Platform, email: &str) -> String {
    platform.browser().from("192.0.2.1").login(email, WRONG).await.expect(401);
    let mut tx = platform.db().begin_platform().await.unwrap();
    let kept = sqlx::query_scalar(
        "delete from sign_in_tries where address = '192.0.2.1' returning encode(email, 'hex')",
    );
    let kept: String = kept.fetch_one(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    assert!(kept.len() == 64 && !kept.contains(&hex::encode(email)), "only a hash");
    kept
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_over_and_over_fills_no_log() {
    let platform = Platform::start().await;
    let (admin, student) = (platform.admin().await, platform.student().await);
    for _ in 0..14 {
        let home = platform.browser().signed_in(&student).await;
        home.with_csrf().post("/api/auth/logout", json!({})).await.expect(204);
    }
    let of = |action: &str| format!("?admin={}&action={action}&limit=200", student.id);
    assert_eq!(entries(&admin, &of("sign_in")).await.len(), 10);
    assert_eq!(entries(&admin, &of("sign_out")).await.len(), 10);
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::minutes(2));
    platform.browser().signed_in(&student).await;
    let found = entries(&admin, &of("sign_in")).await;
    assert_eq!((found.len(), &found[0]["details"]["more_before"]), (11, &json!(4)));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_from_everywhere_fill_no_log_either() {
    let setup = Platform::setup();
    let setup = setup.config(|config| config.server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]);
    let platform = setup.start().await;
    let tries = (0..70).map(|at| {
        let mut browser = platform.browser().from(&format!("203.0.113.{at}"));
        async move { browser.login(&format!("nobody{at}@story.example"), WRONG).await.expect(401) }
    });
    join_all(tries).await;
    let written = "select count(*) from audit_log where action = 'sign_in_failed'";
    assert_eq!(platform.number(written).await, 60);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_written_once_a_minute_and_many_are_told() {
    let platform = Platform::start().await;
    let (admin, nosy) = (platform.admin().await, platform.student().await);
    for _ in 0..19 {
        nosy.get("/api/admin/keys").await.expect(403);
    }
    assert_eq!(admin_events(&platform, "many_refusals:%").await, 0);
    join_all((0..20).map(|_| nosy.get("/api/admin/users"))).await;
    let found = entries(&admin, "?action=authorization_refused").await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["target_id"], "GET /api/admin/keys");
    assert_eq!(found[0]["admin_email"], json!(nosy.email));
    assert_eq!(entries(&admin, "?action=many_refusals").await.len(), 1);
    assert_eq!(admin_events(&platform, &format!("many_refusals:{}", nosy.id)).await, 1);

    platform.sleep_until(platform.parts.clock.now() + TimeDelta::minutes(2));
    nosy.get("/api/admin/users").await.expect(403);
    let found = entries(&admin, "?action=authorization_refused").await;
    assert_eq!((found.len(), &found[0]["details"]["more_before"]), (2, &json!(38)));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_suspicious_is_written_and_told() {
    let setup = Platform::setup();
    let setup = setup.config(|config| config.server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]);
    let platform = setup.start().await;
    let (admin, student) = (platform.admin().await, platform.student().await);
    // A refresh token that comes twice.
    let mut owner = platform.browser().signed_in(&student).await;
    let mut thief = owner.clone();
    owner.refresh().await.expect(200);
    for _ in 0..3 {
        thief.refresh().await.expect(401);
    }
    let reused = entries(&admin, "?action=refresh_token_reused").await;
    assert_eq!((reused.len(), &reused[0]["target_id"]), (1, &json!(student.id)));
    assert_eq!(admin_events(&platform, &format!("refresh_token_reused:{}", student.id)).await, 1);
    // Accounts that are locked: an admin's is told, a student's only written.
    for victim in [&student, &admin.0] {
        platform
            .sql(format!(
                "insert into sign_in_tries (address, email, account, at)
                 select '198.51.100.' || n, decode('{}', 'hex'), '{}', now() from generate_series(1, 9) n",
                tried(&platform, &victim.email).await,
                victim.id
            ))
            .await;
        let from = if victim.id == student.id { "203.0.113.1" } else { "203.0.113.2" };
        platform.browser().from(from).login(&victim.email, WRONG).await.expect(401);
    }
    let locked = entries(&admin, "?action=account_locked").await;
    assert_eq!(locked.len(), 2);
    assert_eq!(locked[0]["details"]["role"], "super_admin");
    assert_eq!(admin_events(&platform, "account_locked:%").await, 1);
    // An address that is an admin's cannot be registered.
    for _ in 0..3 {
        let body = json!({ "email": "boss@story.example", "password": PASSWORD, "name": "Eve" });
        admin
            .request(Method::PUT, "/api/admin/allowlist")
            .json(&json!({ "email": "boss@story.example", "role": "viewer" }))
            .send()
            .await
            .unwrap();
        platform.browser().post("/api/auth/register", body).await.expect(409);
    }
    let kept_out = entries(&admin, "?action=registration_refused").await;
    assert_eq!((kept_out.len(), &kept_out[0]["target_id"]), (1, &json!("boss@story.example")));
    platform.end().await;
}
