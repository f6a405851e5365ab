//! What every response carries, and whose requests are answered at all.

use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::support::{
    Platform,
    student::{Reply, Student},
};

/// Requests that are answered in every way there is, with the status of the answer.
async fn of_every_kind(platform: &Platform, student: &Student) -> Vec<(u16, RequestBuilder)> {
    let session = student.session().await;
    let messages = format!("/api/chat/sessions/{session}/messages");
    let anybody = platform.browser();
    let send = |body: &str| student.request(Method::POST, &messages).body(body.to_owned());
    let json = ("content-type", "application/json");
    vec![
        (200, anybody.request(Method::GET, "/api/health")),
        (200, anybody.request(Method::GET, "/api/openapi.json")),
        (200, student.request(Method::GET, "/api/usage")),
        (201, student.request(Method::POST, "/api/chat/sessions").json(&json!({}))),
        (
            200,
            send(r#"{"content":"What is preload?"}"#)
                .header(json.0, json.1)
                .header("accept", "text/event-stream"),
        ),
        (204, student.request(Method::DELETE, &format!("/api/chat/sessions/{}", student.session().await))),
        (400, send("{").header(json.0, json.1)),
        (401, anybody.request(Method::GET, "/api/auth/me")),
        (403, student.request(Method::GET, "/api/admin/users")),
        (404, anybody.request(Method::GET, "/api/no/such/page")),
        (404, student.request(Method::GET, "/api/jobs/nonsense")),
        (405, anybody.request(Method::DELETE, "/api/health")),
        (
            409,
            anybody.request(Method::POST, "/api/auth/register").json(&json!({
            "email": student.email, "password": crate::support::platform::PASSWORD, "name": "Twin" })),
        ),
        (413, send(&"x".repeat(1 << 20)).header(json.0, json.1)),
        (415, send("content=x").header(json.0, "application/x-www-form-urlencoded")),
        (422, send(r#"{"content":""}"#).header(json.0, json.1)),
        (
            200,
            anybody
                .request(Method::OPTIONS, &messages)
                .header("origin", "https://app.story.example")
                .header("access-control-request-method", "POST"),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_response_has_the_security_headers_and_a_request_id() {
    for production in [false, true] {
        let platform = Platform::setup()
            .config(|config| {
                config.server.cors_origins = vec!["https://app.story.example".to_owned()];
                if production {
                    config.environment = medai::config::Environment::Production;
                }
            })
            .start()
            .await;
        platform.pool([crate::support::key("good")]).await;
        let student = platform.student().await;
        for (status, request) in of_every_kind(&platform, &student).await {
            let reply = Reply::read(request.send().await.unwrap()).await;
            assert_eq!(reply.status, status, "{}", reply.body);
            assert_headers(&reply, production);
            if status >= 400 {
                assert_eq!(reply.body["error"]["request_id"], json!(reply.header("x-request-id").unwrap()));
            }
        }
        platform.end().await;
    }
}

fn assert_headers(reply: &Reply, production: bool) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("x-xss-protection", "1; mode=block"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(reply.header(name), Some(value), "{name} of {}", reply.status);
    }
    assert!(reply.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
    assert!(reply.header("cache-control").unwrap().starts_with("no-"));
    let hsts = reply.header("strict-transport-security");
    assert_eq!(hsts, production.then_some("max-age=31536000; includeSubDomains"));
    assert!(reply.header("x-request-id").is_some_and(|id| id.len() >= 16), "{:?}", reply.headers);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decent_request_id_is_echoed_and_any_other_replaced() {
    let platform = Platform::start().await;
    let id_for = |id: Vec<u8>| {
        let request = platform.browser().request(Method::GET, "/api/auth/me");
        let request = request.header("x-request-id", reqwest::header::HeaderValue::from_bytes(&id).unwrap());
        async move {
            let reply = Reply::read(request.send().await.unwrap()).await.expect(401);
            let id = reply.header("x-request-id").unwrap().to_owned();
            assert_eq!(reply.body["error"]["request_id"], json!(id));
            id
        }
    };
    let longest = "x".repeat(64);
    for decent in ["trace-1", "A.b_c-9", &longest] {
        assert_eq!(id_for(decent.into()).await, decent);
    }
    let longer = "x".repeat(65);
    for other in ["", "two words", "<script>", "a\tb", "ä", &longer] {
        let id = id_for(other.into()).await;
        assert!(id != other && id.len() == 32, "{other:?} became {id}");
    }
    assert_ne!(id_for(Vec::new()).await, id_for(Vec::new()).await);
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_named_origins_may_call_from_browsers() {
    let platform = Platform::setup()
        .config(|config| config.server.cors_origins = vec!["https://app.story.example".to_owned()])
        .start()
        .await;
    let preflight = |origin: &'static str, method: &'static str| {
        let request = platform.browser().request(Method::OPTIONS, "/api/chat/sessions");
        let request = request
            .header("origin", origin)
            .header("access-control-request-method", method)
            .header("access-control-request-headers", "authorization, content-type, last-event-id");
        async move { Reply::read(request.send().await.unwrap()).await }
    };
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        let reply = preflight("https://app.story.example", method).await.expect(200);
        assert_eq!(reply.header("access-control-allow-origin"), Some("https://app.story.example"));
        assert_eq!(reply.header("access-control-allow-credentials"), Some("true"));
        assert!(
            reply.header("access-control-allow-methods").unwrap().split(',').any(|allowed| allowed == method)
        );
        let headers = reply.header("access-control-allow-headers").unwrap();
        for header in ["authorization", "content-type", "idempotency-key", "last-event-id", "x-csrf-token"] {
            assert!(headers.split(',').any(|allowed| allowed == header), "{header} in {headers}");
        }
    }
    for foreign in
        ["https://evil.example", "http://app.story.example", "https://app.story.example.evil", "null"]
    {
        let reply = preflight(foreign, "POST").await;
        assert_eq!(reply.header("access-control-allow-origin"), None, "{foreign}");
    }
    let mut browser = platform.browser().with("origin", "https://app.story.example");
    let reply = browser.get("/api/auth/me").await.expect(401);
    assert_eq!(reply.header("access-control-allow-origin"), Some("https://app.story.example"), "errors, too");
    assert!(reply.header("access-control-expose-headers").unwrap().contains("retry-after"));
    platform.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_requests_for_our_hosts_are_answered() {
    let hosts = ["medai.example".to_owned(), "*.medai.example".to_owned(), String::new()];
    let platform =
        Platform::setup().config(|config| config.server.trusted_hosts = hosts.into()).start().await;
    let asked = |host: &'static str| {
        let request = platform.browser().request(Method::GET, "/api/health").header("host", host);
        async move { Reply::read(request.send().await.unwrap()).await }
    };
    for ours in ["medai.example", "MEDAI.example:8000", "app.medai.example"] {
        asked(ours).await.expect(200);
    }
    for foreign in ["evil.example", "evilmedai.example", "medai.example.evil", "127.0.0.1", ".medai.example"]
    {
        let reply = asked(foreign).await.expect(400);
        assert_eq!(reply.code(), "BAD_REQUEST", "{foreign}");
        assert_headers(&reply, false);
    }
    platform.end().await;
}
