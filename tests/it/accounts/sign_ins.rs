//! What keeps a device signed in, and what ends it.

use chrono::TimeDelta;
use futures::future::join_all;
use serde_json::json;

use crate::support::{
    Platform,
    browser::Browser,
    platform::PASSWORD,
    student::{Reply, Student},
};

/// Whether a token is good.
async fn is_good(platform: &Platform, token: &str) -> bool {
    let request = platform.browser().request(reqwest::Method::GET, "/api/auth/me").bearer_auth(token);
    request.send().await.unwrap().status() == 200
}

fn token_of(reply: &Reply) -> String {
    reply.body["access_token"].as_str().unwrap().to_owned()
}

/// A new student with a browser that is signed in.
async fn student_at_home(platform: &Platform) -> (Student, Browser) {
    let student = platform.student().await;
    let browser = platform.browser().signed_in(&student).await;
    (student, browser)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_gives_the_next_pair() {
    let platform = Platform::start().await;
    let (student, mut browser) = student_at_home(&platform).await;
    let before = browser.clone();
    let reply = browser.refresh().await.expect(200);
    assert_eq!(reply.body["user"]["id"], json!(student.id));
    assert_ne!(reply.body["access_token"], json!(before.cookies["medai_access"]));
    assert_ne!(browser.cookies["medai_refresh"], before.cookies["medai_refresh"]);
    assert!(is_good(&platform, &token_of(&reply)).await);
    browser.get("/api/auth/me").await.expect(200);
    browser.refresh().await.expect(200);
    assert_eq!(platform.browser().refresh().await.expect(401).code(), "UNAUTHENTICATED");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_lasts_a_quarter_of_an_hour_and_a_sign_in_thirty_days_of_silence() {
    let platform = Platform::start().await;
    let (_, mut browser) = student_at_home(&platform).await;
    let later = |by| platform.sleep_until(platform.parts.clock.now() + by);
    later(TimeDelta::minutes(15));
    assert_eq!(browser.get("/api/auth/me").await.expect(401).code(), "UNAUTHENTICATED");
    browser.refresh().await.expect(200);
    browser.get("/api/auth/me").await.expect(200);
    later(TimeDelta::days(29));
    browser.refresh().await.expect(200);
    later(TimeDelta::days(29));
    browser.refresh().await.expect(200);
    later(TimeDelta::days(30));
    browser.refresh().await.expect(401);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_refresh_token_ends_the_sign_in_for_thief_and_owner() {
    let platform = Platform::start().await;
    let (student, mut owner) = student_at_home(&platform).await;
    let mut thief = owner.clone();
    let first = token_of(&owner.refresh().await.expect(200));
    let latest = token_of(&owner.refresh().await.expect(200));
    assert!(is_good(&platform, &first).await && is_good(&platform, &latest).await);

    assert_eq!(thief.refresh().await.expect(401).code(), "UNAUTHENTICATED");
    owner.refresh().await.expect(401);
    for token in [&first, &latest] {
        assert!(!is_good(&platform, token).await, "the access tokens of the family are out, too");
    }
    // The device that registered is another family.
    student.get("/api/auth/me").await.expect(200);
    owner.login(&student.email, PASSWORD).await.expect(200);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_refreshes_at_once_with_one_token_one_wins() {
    let platform = Platform::start().await;
    for copies in [2, 12] {
        let (_, browser) = student_at_home(&platform).await;
        let tries = (0..copies).map(|_| {
            let mut copy = browser.clone();
            async move { copy.refresh().await }
        });
        let replies = join_all(tries).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
        assert_eq!(replies.iter().filter(|reply| reply.status == 401).count(), copies - 1);
        // Which of them is a thief cannot be known.
        let winner = replies.iter().find(|reply| reply.status == 200).unwrap();
        assert!(!is_good(&platform, &token_of(winner)).await);
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_ends_this_device_only() {
    let platform = Platform::start().await;
    let (student, browser) = student_at_home(&platform).await;
    let (stolen, token) = (browser.clone(), browser.cookies["medai_access"].clone());
    let mut browser = browser.with_csrf();
    let reply = browser.post("/api/auth/logout", json!({})).await.expect(204);
    assert_eq!(reply.set_cookies().len(), 3);
    assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["medai_device"], "the others are taken back");
    assert!(!is_good(&platform, &token).await);
    stolen.clone().refresh().await.expect(401);
    stolen.clone().with_csrf().post("/api/auth/logout", json!({})).await;
    student.get("/api/auth/me").await.expect(200);

    // With a bearer token, and without any.
    student.post("/api/auth/logout", json!({})).await.expect(204);
    student.get("/api/auth/me").await.expect(401);
    platform.browser().post("/api/auth/logout", json!({})).await.expect(401);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_whose_access_ran_out_can_still_log_out() {
    let platform = Platform::start().await;
    let (_, mut browser) = student_at_home(&platform).await;
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::hours(1));
    let stolen = browser.clone();
    browser.post("/api/auth/logout", json!({})).await.expect(403);
    browser.with_csrf().post("/api/auth/logout", json!({})).await.expect(204);
    stolen.clone().refresh().await.expect(401);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_everywhere_ends_all_devices() {
    let platform = Platform::start().await;
    let (student, browser) = student_at_home(&platform).await;
    let (bystander, mut other) = student_at_home(&platform).await;
    let mut phone = platform.browser().signed_in(&student).await;
    browser.with_csrf().post("/api/auth/logout-all", json!({})).await.expect(204);
    student.get("/api/auth/me").await.expect(401);
    phone.get("/api/auth/me").await.expect(401);
    phone.refresh().await.expect(401);
    bystander.get("/api/auth/me").await.expect(200);
    other.refresh().await.expect(200);
    phone.login(&student.email, PASSWORD).await.expect(200);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_account_is_out_with_the_next_request() {
    let platform = Platform::start().await;
    let (student, mut browser) = student_at_home(&platform).await;
    let admin = platform.admin().await;
    let act = |what: &str| {
        let (admin, path) = (admin.clone(), format!("/api/admin/users/{}/{what}", student.id));
        async move { admin.post(&path, json!({})).await }
    };
    let reply = act("disable").await.expect(200);
    assert_eq!(reply.body["status"], "disabled");
    student.get("/api/auth/me").await.expect(401);
    student.sends(&uuid::Uuid::nil().to_string(), "Still there?").await.expect(401);
    browser.get("/api/auth/me").await.expect(401);
    browser.refresh().await.expect(401);
    let refused = platform.browser().login(&student.email, PASSWORD).await.expect(403);
    assert_eq!(refused.code(), "FORBIDDEN");
    assert!(refused.set_cookies().is_empty());

    assert_eq!(act("enable").await.expect(200).body["status"], "active");
    browser.refresh().await.expect(401);
    browser.login(&student.email, PASSWORD).await.expect(200);
    browser.get("/api/auth/me").await.expect(200);

    // Also where somebody disabled it behind our back, without ending its sign-ins.
    platform.sql(format!("update users set disabled_at = now() where id = '{}'", student.id)).await;
    assert_eq!(browser.get("/api/auth/me").await.expect(403).code(), "FORBIDDEN");
    browser.refresh().await.expect(403);
    platform.end().await;
}
