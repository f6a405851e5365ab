//! Tokens that are not good.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::World;
use crate::support::Platform;

/// As tokens and cursors are written.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for digit in 0..=chunk.len() {
            text.push(char::from(DIGITS[(bits >> (18 - 6 * digit)) as usize & 63]));
        }
    }
    text
}

#[test]
fn base64_is_written_as_the_standard_says() {
    assert_eq!(
        ["", "f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes())),
        ["", "Zg", "Zm8", "Zm9v", "Zm9vYg"]
    );
    assert_eq!(base64(b"\xff\xfe\xfd"), "__79");
}

async fn refused(platform: &Platform, authorization: &str) {
    for (method, path) in [
        ("GET", "/api/auth/me"),
        ("POST", "/api/chat/sessions"),
        ("GET", "/api/admin/users"),
        ("GET", "/api/jobs/x/events"),
    ] {
        let request = platform.browser().request(method.parse().unwrap(), path);
        let request = request.header("authorization", authorization).json(&json!({}));
        let reply = crate::support::student::Reply::read(request.send().await.unwrap()).await;
        assert_eq!(reply.status, 401, "{method} {path} with {authorization}: {}", reply.body);
        assert_eq!(reply.code(), "UNAUTHENTICATED");
        assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
        assert_eq!(reply.body["error"]["details"], Value::Null, "why is nobody's business");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_are_not_ours_open_nothing() {
    let world = World::new().await;
    let platform = &world.platform;
    let other = Platform::setup()
        .config(|config| {
            config.secrets.jwt_secret = Some("another secret that is as long as the first".into());
        })
        .queues([])
        .beside(platform)
        .start()
        .await;
    // The same account, the same database, another secret.
    let mut browser = other.browser();
    let elsewhere = browser.login(&world.admin.email, crate::support::platform::PASSWORD).await.expect(200);
    let elsewhere = elsewhere.body["access_token"].as_str().unwrap().to_owned();
    other.end().await;

    let token = &world.admin.token;
    let parts: Vec<_> = token.split('.').collect();
    let (head, claims, signature) = (parts[0], parts[1], parts[2]);
    let none = base64(br#"{"alg":"none","typ":"JWT"}"#);
    let asymmetric = base64(br#"{"alg":"RS256","typ":"JWT"}"#);
    let future = json!({ "iss": "medai", "sub": world.admin.id, "sid": world.admin.id, "exp": 9_999_999_999_i64, "role": "super_admin" });
    let future = base64(future.to_string().as_bytes());
    let turned = if signature.starts_with('A') { 'B' } else { 'A' };
    for bearer in [
        elsewhere,
        format!("{none}.{claims}."),
        format!("{none}.{claims}"),
        format!("{none}.{claims}.{signature}"),
        format!("{none}.{future}."),
        format!("{asymmetric}.{claims}.{signature}"),
        format!("{head}.{future}.{signature}"),
        format!("{head}.{claims}.{turned}{}", &signature[1..]),
        format!("{head}.{claims}."),
        format!("{token}x"),
        format!("{token}.{signature}"),
        token[1..].to_owned(),
        "garbage".to_owned(),
        "..".to_owned(),
        "😀".to_owned(),
        String::new(),
        "x".repeat(16_000),
    ] {
        refused(platform, &format!("Bearer {bearer}")).await;
    }
    for header in [
        format!("Basic {token}"),
        token.clone(),
        format!("Bearer{token}"),
        "Bearer".to_owned(),
        String::new(),
    ] {
        refused(platform, &header).await;
    }
    world.admin.get("/api/auth/me").await.expect(200);
    platform.sleep_until(platform.parts.clock.now() + TimeDelta::minutes(15));
    refused(platform, &format!("Bearer {token}")).await;
    world.platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_nothing_is_done_whatever_is_sent() {
    let world = World::new().await;
    let before = world.platform.state().await;
    let anybody = world.platform.browser();
    for endpoint in world.endpoints().into_iter().filter(|endpoint| !endpoint.path.contains("/auth/")) {
        for body in [endpoint.body.to_string(), "{".to_owned(), "x".repeat(1 << 20)] {
            // A connection of its own: the server gives it up when it has not read all.
            let request =
                anybody.request(endpoint.method.clone(), &endpoint.path).header("connection", "close");
            let request = request.header("content-type", "application/json").body(body);
            assert_eq!(request.send().await.unwrap().status(), 401, "{endpoint:?}");
        }
    }
    for (method, path) in world.acts() {
        assert_eq!(anybody.request(method, &path).send().await.unwrap().status(), 401, "{path}");
    }
    assert_eq!(world.platform.state().await, before);
    world.platform.end().await;
}
