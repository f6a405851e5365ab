//! The cookies of a browser, and what they are good for by themselves.

use serde_json::json;

use crate::support::{Platform, student::Reply};

/// Attributes of the cookies that a reply sets, by name.
fn attributes(reply: &Reply) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<_> = reply
        .set_cookies()
        .into_iter()
        .map(|line| {
            let (pair, rest) = line.split_once("; ").unwrap();
            let name = pair.split_once('=').unwrap().0.to_owned();
            (name, rest.split("; ").map(ToOwned::to_owned).collect())
        })
        .collect();
    all.sort();
    all
}

async fn in_production() -> Platform {
    let setup = Platform::setup();
    setup.config(|config| config.environment = medai::config::Environment::Production).start().await
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_are_kept_from_scripts_and_other_sites_and_in_production_from_plain_http() {
    for (production, platform) in [(false, Platform::start().await), (true, in_production().await)] {
        let student = platform.student().await;
        let reply = platform.browser().login(&student.email, crate::support::platform::PASSWORD).await;
        let cookies = attributes(&reply.expect(200));
        let names: Vec<_> = cookies.iter().map(|(name, _)| name.as_str()).collect();
        let (csrf, device) = if production {
            ("__Host-medai_csrf", "__Host-medai_device")
        } else {
            ("medai_csrf", "medai_device")
        };
        let mut expected = [csrf, device, "medai_access", "medai_refresh"];
        expected.sort_unstable();
        assert_eq!(names, expected);
        for (name, attributes) in &cookies {
            let has = |wanted: &str| attributes.iter().any(|attribute| attribute == wanted);
            assert!(has("SameSite=Strict"), "{name}");
            assert_eq!(has("Secure"), production, "{name}");
            // Our pages must read the CSRF token; nothing else.
            assert_eq!(has("HttpOnly"), name != csrf, "{name}");
            assert_eq!(has("Path=/api/auth"), name == "medai_refresh", "{name}");
            assert!(!attributes.iter().any(|attribute| attribute.starts_with("Domain")), "{name}");
        }
        platform.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_by_cookie_must_show_where_it_comes_from() {
    let platform = Platform::setup()
        .config(|config| config.server.cors_origins = vec!["https://app.story.example".to_owned()])
        .start()
        .await;
    let student = platform.student().await;
    let browser = platform.browser().signed_in(&student).await;
    browser.clone().get("/api/chat/sessions").await.expect(200);
    let post = |browser: crate::support::browser::Browser| async move {
        browser.clone().post("/api/chat/sessions", json!({})).await
    };
    let own_origin = platform.base.clone();
    for (refused, browser) in [
        (true, browser.clone()),
        (true, browser.clone().with("x-csrf-token", "guessed")),
        (true, browser.clone().with("x-csrf-token", "")),
        (true, browser.clone().with("origin", "https://evil.example")),
        (true, browser.clone().with("origin", "null")),
        (true, browser.clone().with("origin", "https://app.story.example.evil.example")),
        (false, browser.clone().with_csrf()),
        (false, browser.clone().with("origin", "https://app.story.example")),
        (false, browser.clone().with("origin", own_origin)),
        // A bearer token is sent by nobody but our own code.
        (false, browser.clone().with("authorization", format!("Bearer {}", student.token))),
    ] {
        let sent = format!("{browser:?}");
        let reply = post(browser).await;
        assert_eq!(reply.status, if refused { 403 } else { 201 }, "{sent}");
        assert!(!refused || reply.code() == "FORBIDDEN");
    }
    let mut sessions = browser.clone();
    let sessions = sessions.get("/api/chat/sessions").await.expect(200);
    assert_eq!(sessions.body["items"].as_array().unwrap().len(), 4);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_csrf_token_is_made_by_us_for_one_sign_in() {
    let platform = Platform::start().await;
    let (student, eve) = (platform.student().await, platform.student().await);
    let browser = platform.browser().signed_in(&student).await;
    let other = platform.browser().signed_in(&eve).await;
    let second = platform.browser().signed_in(&student).await;
    let mine = browser.cookies["medai_csrf"].clone();
    // A site beside ours may set a cookie for our host: neither its own invention nor the token of another sign-in will do.
    for planted in ["xyz", &*other.cookies["medai_csrf"], &*second.cookies["medai_csrf"]] {
        let mut tricked = browser.clone();
        tricked.cookies.insert("medai_csrf".to_owned(), planted.to_owned());
        let reply = tricked.with("x-csrf-token", planted).post("/api/chat/sessions", json!({})).await;
        assert_eq!(reply.expect(403).code(), "FORBIDDEN");
    }
    // Ours is as good as ever, whatever the cookie has become.
    let mut tricked = browser.clone();
    tricked.cookies.insert("medai_csrf".to_owned(), "xyz".to_owned());
    tricked.with("x-csrf-token", mine).post("/api/chat/sessions", json!({})).await.expect(201);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_cannot_use_up_a_refresh_token() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    let browser = platform.browser().signed_in(&student).await;
    let mut evil = browser.clone().with("origin", "https://evil.example");
    assert_eq!(evil.refresh().await.expect(403).code(), "FORBIDDEN");
    browser.clone().refresh().await.expect(200);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_that_are_no_tokens_sign_nobody_in() {
    let platform = Platform::start().await;
    let student = platform.student().await;
    let browser = platform.browser().signed_in(&student).await;
    let refresh = browser.cookies["medai_refresh"].clone();
    let access = browser.cookies["medai_access"].clone();
    for (name, value) in [
        ("medai_access", refresh.as_str()),
        ("medai_access", ""),
        ("medai_access", "a.b.c"),
        ("medai_refresh", access.as_str()),
        ("medai_refresh", ""),
        ("medai_refresh", "AAAA"),
    ] {
        let mut browser = platform.browser();
        browser.cookies.insert(name.to_owned(), value.to_owned());
        browser.get("/api/auth/me").await.expect(401);
        browser.refresh().await.expect(401);
    }
    platform.end().await;
}
