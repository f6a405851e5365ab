//! Signing in, and what keeps guessers out.

use chrono::TimeDelta;
use futures::future::join_all;
use serde_json::json;

use crate::support::{Platform, platform::PASSWORD, student::Reply};

const WRONG: &str = "Wr0ng-password";

/// A platform that believes what a proxy on this machine says.
async fn behind_a_proxy() -> Platform {
    let setup = Platform::setup();
    setup.config(|config| config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]).start().await
}

fn retry_after(reply: &Reply) -> i64 {
    assert_eq!(reply.status, 429, "{}", reply.body);
    assert_eq!(reply.code(), "RATE_LIMITED");
    let wait = reply.header("retry-after").unwrap().parse().unwrap();
    assert_eq!(reply.body["error"]["details"]["retry_after"], wait);
    wait
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address_and_a_wrong_password_are_answered_alike() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    let wrong_password = platform.browser().login(&student.email, WRONG).await.expect(401);
    let wrong_address = platform.browser().login("nobody@story.example", PASSWORD).await.expect(401);
    assert_eq!(wrong_password.error(), wrong_address.error());
    assert_eq!(wrong_password.code(), "UNAUTHENTICATED");
    assert!(wrong_password.set_cookies().is_empty());
    platform.browser().login("no address at all", PASSWORD).await.expect(401);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_five_failures_an_address_waits_a_quarter_of_an_hour() {
    let platform = Platform::start().await;
    let (student, other) = (platform.student().await, platform.student().await);
    let mut browser = platform.browser();
    for _ in 0..5 {
        // What is no address counts like any other failure, and a good try in between takes none back.
        browser.login("nobody@story.example", WRONG).await.expect(401);
    }
    for email in [&student.email, &other.email] {
        let wait = retry_after(&browser.login(email, PASSWORD).await);
        assert!((880..=900).contains(&wait), "{wait}");
    }
    // Whoever is signed in goes on.
    student.get("/api/auth/me").await.expect(200);
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::minutes(14));
    let wait = retry_after(&browser.login(&student.email, PASSWORD).await);
    assert!((1..=60).contains(&wait), "{wait}");
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::seconds(wait));
    browser.login(&student.email, PASSWORD).await.expect(200);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_wrong_passwords_at_once_let_exactly_five_through() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    let tries = (0..40).map(|_| {
        let (mut browser, email) = (platform.browser(), student.email.clone());
        async move { browser.login(&email, WRONG).await }
    });
    let replies = join_all(tries).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 401).count(), 5);
    for refused in replies.iter().filter(|reply| reply.status != 401) {
        assert!(retry_after(refused) > 0);
    }
    let count = sqlx::query_scalar("select count(*) from ip_attempts where kind = 'login'");
    let counted: i64 = count.fetch_one(platform.db().pool()).await.unwrap();
    assert_eq!(counted, 5);
    assert_eq!(platform.number("select max(failed_logins)::bigint from users").await, 5);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_in_a_row_from_ten_addresses_lock_the_account_for_an_hour() {
    let platform = behind_a_proxy().await;
    let (student, other) = (platform.student().await, platform.student().await);
    let admin = platform.admin().await;
    let from = |at: i32| platform.browser().from(&format!("203.0.113.{at}"));
    for at in 0..10 {
        from(at).login(&student.email, WRONG).await.expect(401);
    }
    let wait = retry_after(&from(20).login(&student.email, PASSWORD).await);
    assert!((3_580..=3_600).contains(&wait), "{wait}");
    from(20).login(&other.email, PASSWORD).await.expect(200);
    student.get("/api/auth/me").await.expect(200);
    let locked = admin.get("/api/admin/users?status=locked").await.expect(200);
    assert_eq!(locked.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(locked.body["items"][0]["id"], json!(student.id));

    platform.sleep_until(platform.parts.clock.now() + TimeDelta::hours(1));
    from(21).login(&student.email, PASSWORD).await.expect(200);
    assert_eq!(platform.number("select max(failed_logins)::bigint from users").await, 0, "all is forgotten");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_beyond_the_lock_lock_for_longer_and_an_admin_can_unlock() {
    let platform = behind_a_proxy().await;
    let (student, admin) = (platform.student().await, platform.admin().await);
    let from = |at: i32| platform.browser().from(&format!("203.0.113.{at}"));
    platform.sql(format!("update users set failed_logins = 10 where id = '{}'", student.id)).await;
    from(1).login(&student.email, WRONG).await.expect(401);
    let wait = retry_after(&from(2).login(&student.email, PASSWORD).await);
    assert!((7_180..=7_200).contains(&wait), "the eleventh costs two hours: {wait}");

    let path = format!("/api/admin/users/{}/enable", student.id);
    assert_eq!(admin.post(&path, json!({})).await.expect(200).body["status"], "active");
    from(2).login(&student.email, PASSWORD).await.expect(200);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_success_makes_the_count_begin_anew() {
    let platform = behind_a_proxy().await;
    let student = platform.student().await;
    let from = |at: i32| platform.browser().from(&format!("203.0.113.{at}"));
    for round in 0..2 {
        for at in 0..9 {
            from(round * 10 + at).login(&student.email, WRONG).await.expect(401);
        }
        from(round * 10 + 9).login(&student.email, PASSWORD).await.expect(200);
    }
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_more_tries_by_inventing_addresses() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    for at in 0..5 {
        let mut liar = platform.browser().from(&format!("203.0.113.{at}"));
        liar.login(&student.email, WRONG).await.expect(401);
    }
    let mut liar = platform.browser().from("203.0.113.99");
    retry_after(&liar.login(&student.email, PASSWORD).await);

    // Behind a proxy that is ours, what the client itself wrote does not count either.
    let platform2 = behind_a_proxy().await;
    for at in 0..5 {
        let mut liar = platform2.browser().from(&format!("198.51.100.{at}, 203.0.113.7"));
        liar.login("nobody@story.example", WRONG).await.expect(401);
    }
    retry_after(&platform2.browser().from("203.0.113.7").login("nobody@story.example", WRONG).await);
    platform2.browser().from("203.0.113.8").login("nobody@story.example", WRONG).await.expect(401);
    // All of an IPv6 network of one customer is one address.
    for at in 0..5 {
        let mut one = platform2.browser().from(&format!("2001:db8:1:2::{at}"));
        one.login("nobody@story.example", WRONG).await.expect(401);
    }
    retry_after(&platform2.browser().from("2001:db8:1:2:ffff::1").login("nobody@story.example", WRONG).await);
    platform2.end().await;
    platform.end().await;
}
