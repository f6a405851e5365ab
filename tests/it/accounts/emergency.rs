//! The way in when no admin can sign in any more.

use chrono::TimeDelta;
use domain::{
    ids::{JobId, UserId},
    users::emergency,
};
use futures::future::join_all;
use serde_json::json;

use crate::support::{
    Platform,
    student::{Reply, Student},
};

/// A token as the server's command line makes it.
async fn token(platform: &Platform, whose: &Student) -> String {
    let token = format!("emergency-{}", JobId::generate());
    platform.never_logged([token.clone()]);
    let until = platform.parts.clock.now() + TimeDelta::minutes(15);
    let mut tx = platform.db().begin_platform().await.unwrap();
    let id: UserId = whose.id.parse().unwrap();
    emergency::insert(&mut tx, id, &api::emergency_hash(&token), until).await.unwrap();
    tx.commit().await.unwrap();
    token
}

async fn present(platform: &Platform, token: &str) -> Reply {
    platform.browser().post("/api/auth/emergency", json!({ "token": token })).await
}

fn holder(platform: &Platform, student: &Student, reply: &Reply) -> Student {
    let token = reply.body["access_token"].as_str().unwrap().to_owned();
    platform.never_logged([token.clone()]);
    Student { token, ..student.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_lets_a_disabled_and_unlisted_account_in_for_an_hour_and_everybody_is_told() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    platform.sql(format!("update users set disabled_at = now() where id = '{}'", student.id)).await;
    let token = token(&platform, &student).await;
    let mut browser = platform.browser();
    let reply =
        browser.post("/api/auth/emergency", json!({ "token": format!(" {token}\n") })).await.expect(200);
    assert_eq!(reply.body["user"]["role"], "super_admin");
    let root = holder(&platform, &student, &reply);
    root.get("/api/admin/allowlist").await.expect(200);
    assert_eq!(root.get("/api/auth/me").await.body["role"], "super_admin");

    let log = root.get("/api/admin/audit?action=emergency_sign_in").await.expect(200).body["items"].clone();
    assert_eq!(log[0]["admin_id"], json!(student.id));
    let told = "select count(*) from notices where event = 'security' and about like 'emergency_sign_in:%'";
    assert_eq!(platform.number(told).await, 1);

    // Refreshing goes on to the end of the hour, and not beyond.
    for _ in 0..4 {
        platform.sleep_until(platform.parts.clock.now() + TimeDelta::minutes(14));
        let next = browser.refresh().await.expect(200);
        assert_eq!(next.body["user"]["role"], "super_admin");
    }
    browser.get("/api/admin/allowlist").await.expect(200);
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::minutes(5));
    browser.get("/api/admin/allowlist").await.expect(401);
    browser.refresh().await.expect(401);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_gets_in_and_a_second_use_is_suspicious() {
    let platform = Platform::setup()
        .config(|config| config.server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()])
        .start()
        .await;
    let student = platform.student().await;
    let token = token(&platform, &student).await;
    let tries = (0..20).map(|at| {
        let (mut browser, token) = (platform.browser().from(&format!("203.0.113.{at}")), token.clone());
        async move { browser.post("/api/auth/emergency", json!({ "token": token })).await }
    });
    let replies = join_all(tries).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
    assert_eq!(replies.iter().filter(|reply| reply.status == 401).count(), 19);
    assert_eq!(platform.number("select count(*) from sign_ins where emergency").await, 1);
    let told = "select count(*) from notices where about like 'emergency_sign_in_failed:%'";
    assert_eq!(platform.number(told).await, 19);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ran_out_or_was_made_up_is_refused_and_guessing_is_limited() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    let late = token(&platform, &student).await;
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::minutes(16));
    assert_eq!(present(&platform, &late).await.expect(401).code(), "UNAUTHENTICATED");
    for made_up in ["", "emergency-", "\0", "😀"] {
        present(&platform, made_up).await.expect(401);
    }
    let good = token(&platform, &student).await;
    let reply = present(&platform, &good).await.expect(429);
    assert!(reply.header("retry-after").is_some());
    // Signing in has tries of its own.
    platform.browser().login(&student.email, crate::support::platform::PASSWORD).await.expect(200);
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::minutes(14));
    assert_eq!(
        platform.browser().post("/api/auth/emergency", json!({})).await.expect(422).fields(),
        ["token"]
    );
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_ends_with_its_sign_in_and_leaves_others_alone() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    let token = token(&platform, &student).await;
    let root = holder(&platform, &student, &present(&platform, &token).await.expect(200));
    root.get("/api/admin/users").await.expect(200);
    // The account's other devices are no admin's.
    student.get("/api/admin/users").await.expect(403);
    root.post("/api/auth/logout", json!({})).await.expect(204);
    root.get("/api/admin/users").await.expect(401);
    student.get("/api/auth/me").await.expect(200);
    platform.end().await;
}
