//! Making an account.

use std::collections::BTreeSet;

use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::{Platform, platform::PASSWORD, student::Reply};

fn registration(email: &str) -> Value {
    json!({ "email": email, "password": PASSWORD, "name": "Ada" })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_account_is_signed_in_and_free() {
    let platform = Platform::start().await;
    let mut browser = platform.browser();
    let body = registration(" Ada@Story.Example ");
    let reply = browser.post("/api/auth/register", body).await.expect(201);
    assert_eq!(reply.body["user"]["email"], "ada@story.example", "case and blanks do not matter");
    assert_eq!(reply.body["user"]["plan"], "free");
    assert_eq!(reply.body["user"]["role"], json!(null));
    assert_eq!(reply.body["token_type"], "Bearer");
    assert_eq!(reply.body["expires_in"], 900);
    assert!(reply.body["access_token"].is_string());
    assert!(!reply.body.to_string().contains("password"));
    let me = browser.get("/api/auth/me").await.expect(200);
    assert_eq!(me.body, reply.body["user"]);

    let again = platform.browser().login("ADA@story.example", PASSWORD).await.expect(200);
    assert_eq!(again.body["user"]["id"], me.body["id"]);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_at_once_with_one_address_make_one_account() {
    let platform = Platform::start().await;
    let mut browsers: Vec<_> = (0..10).map(|_| platform.browser()).collect();
    let tries = browsers.iter_mut().enumerate().map(|(at, browser)| {
        let email = if at % 2 == 0 { "ada@story.example" } else { "ADA@STORY.EXAMPLE" };
        browser.post("/api/auth/register", registration(email))
    });
    let replies = join_all(tries).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
    for refused in replies.into_iter().filter(|reply| reply.status != 201) {
        assert_eq!(refused.expect(409).code(), "CONFLICT");
    }
    assert_eq!(platform.number("select count(*) from users").await, 1);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_worth_having_cannot_be_taken_nor_told_from_a_taken_one() {
    let platform = Platform::setup();
    let platform = platform
        .config(|config| config.accounts.super_admin_email = Some(" Root@Story.example ".to_owned()))
        .start()
        .await;
    platform.sql("insert into admin_allowlist (email, role) values ('ops@story.example', 'ops')").await;
    let student = platform.student().await;
    let taken = platform.browser().post("/api/auth/register", registration(&student.email)).await.expect(409);
    assert_eq!(taken.code(), "CONFLICT");
    for email in ["root@story.example", "ROOT@story.example", "ops@story.example", " Ops@Story.Example"] {
        let reply = platform.browser().post("/api/auth/register", registration(email)).await.expect(409);
        assert_eq!(reply.error(), taken.error(), "{email}");
        let names = |reply: &Reply| reply.headers.keys().map(ToString::to_string).collect::<BTreeSet<_>>();
        assert_eq!(names(&reply), names(&taken), "{email}");
        assert!(reply.set_cookies().is_empty());
    }
    assert_eq!(platform.number("select count(*) from users").await, 1);
    // Admins see which it was.
    let written = "select count(*) from audit_log where action = 'registration_refused'";
    assert_eq!(platform.number(written).await, 1, "once a minute from one client");
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_that_does_not_fit_is_named() {
    let platform = Platform::start().await;
    let (long_name, long_password) = ("n".repeat(101), "aB".repeat(501));
    let long_email = format!("{}@{}.example", "a".repeat(60), "b.".repeat(100));
    let mut cases = Vec::new();
    for email in ["", "ada", "ada@", "@story.example", "a b@story.example", "ädä@story.example", &long_email]
    {
        cases.push(("email", email));
    }
    for password in ["", "aB3", "äB3äB3ä", "heartbeats", "12345678", "Password", "PASSWORD123", "P@ssw0rd"]
    {
        cases.push(("password", password));
    }
    cases.push(("password", &long_password));
    for name in ["", "   ", "two\nlines", &long_name] {
        cases.push(("name", name));
    }
    let mut browser = platform.browser();
    for (field, value) in cases {
        let mut body = registration("ada@story.example");
        body[field] = json!(value);
        let reply = browser.post("/api/auth/register", body).await.expect(422);
        assert_eq!(reply.code(), "VALIDATION_FAILED");
        assert!(reply.fields().iter().all(|named| *named == field), "{field} {value:?}: {}", reply.body);
        assert!(!reply.fields().is_empty());
    }
    let nothing = json!({ "email": "x", "password": "x", "name": "" });
    let reply = browser.post("/api/auth/register", nothing).await.expect(422);
    let mut fields = reply.fields();
    fields.dedup();
    assert_eq!(fields, ["email", "name", "password"], "all at once: {}", reply.body);
    assert_eq!(platform.number("select count(*) from users").await, 0);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_registers_only_so_often_an_hour() {
    let platform =
        Platform::setup().config(|config| config.accounts.registrations_per_hour = 3).start().await;
    let browsers: Vec<_> = (0..10).map(|_| platform.browser()).collect();
    let tries = browsers.into_iter().enumerate().map(|(at, mut browser)| async move {
        browser.post("/api/auth/register", registration(&format!("crowd{at}@story.example"))).await
    });
    let replies = join_all(tries).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 3);
    for refused in replies.into_iter().filter(|reply| reply.status != 201) {
        let refused = refused.expect(429);
        assert_eq!(refused.code(), "RATE_LIMITED");
        let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((3_500..=3_600).contains(&wait), "{wait}");
    }
    platform.sleep_until(platform.parts.clock.now() + chrono::TimeDelta::hours(1));
    platform.browser().post("/api/auth/register", registration("late@story.example")).await.expect(201);
    platform.end().await;
}
