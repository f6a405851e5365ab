//! The contract: what the document says is what is there, and every error has one shape.

use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Platform, key,
    student::{Reply, Student},
};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Operations of the document: path, method, and what it says.
fn operations(document: &Value) -> Vec<(String, &'static str, &Value)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                all.push((path.clone(), method, operation));
            }
        }
    }
    all
}

/// Whether it can be called without signing in.
fn is_public(operation: &Value) -> bool {
    operation["security"] == json!([{}])
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_served_printed_and_kept() {
    let platform = Platform::setup().queues([]).start().await;
    let served = platform.browser().get("/api/openapi.json").await.expect(200).body;
    assert!(served["openapi"].as_str().unwrap().starts_with("3.1"));
    let printed =
        tokio::process::Command::new(env!("CARGO_BIN_EXE_medai")).arg("openapi").output().await.unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&printed.stdout).unwrap(), served);
    insta::with_settings!({ sort_maps => true }, { insta::assert_json_snapshot!("openapi", served) });
    platform.end().await;
}

/// A path with something for each of its parameters.
fn filled(path: &str) -> String {
    let nil = uuid::Uuid::nil().to_string();
    let filled = path
        .replace("{id}", &nil)
        .replace("{queue}", "chat")
        .replace("{feature}", "mcq")
        .replace("{action}", "suspend")
        .replace("{n}", "1")
        .replace("{question_id}", &nil)
        .replace("{token}", "x");
    assert!(!filled.contains('{'), "this test knows no such parameter: {path}");
    filled
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_documented_is_there_and_what_is_there_is_documented() {
    let platform = Platform::setup().queues([]).start().await;
    let document = platform.browser().get("/api/openapi.json").await.expect(200).body;
    for (path, method, operation) in operations(&document) {
        let request = platform.browser().request(method.to_uppercase().parse().unwrap(), &filled(&path));
        let reply = Reply::read(request.send().await.unwrap()).await;
        let status = reply.status.as_u16();
        if is_public(operation) {
            // What needs a secret in its path is not there without.
            let fits: &[u16] = if path.contains('{') { &[404] } else { &[200, 401, 415] };
            assert!(fits.contains(&status), "{method} {path}: {}", reply.body);
        } else {
            assert_eq!(status, 401, "{method} {path}: {}", reply.body);
        }
    }
    // A method that the document does not have at a path is not there.
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in METHODS.into_iter().filter(|method| item.get(*method).is_none()) {
            let request = platform.browser().request(method.to_uppercase().parse().unwrap(), &filled(path));
            let status = request.send().await.unwrap().status();
            // `/keys/test` is beside `/keys/{id}`, and so is `/documents/search`.
            let beside = ["/keys/test", "/documents/search"].iter().any(|end| path.ends_with(end));
            assert!(status == 405 || beside, "{method} {path}: {status}");
        }
    }
    assert_eq!(
        undocumented_routes(),
        ["/api/docs", "/api/docs/", "/api/docs/{file}", "/api/openapi.json", "/metrics"],
        "only the macro that documents adds routes"
    );
    platform.end().await;
}

/// Paths that the code routes without documenting them.
fn undocumented_routes() -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                walk(&entry, found);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                let code = std::fs::read_to_string(&entry).unwrap();
                let routes = code.split(".route(\"").skip(1);
                found.extend(routes.map(|rest| rest.split('"').next().unwrap().to_owned()));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("api/src"), &mut found);
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "a list of rules")]
async fn the_document_is_whole() {
    let platform = Platform::setup().queues([]).start().await;
    let document = platform.browser().get("/api/openapi.json").await.expect(200).body;
    let operations = operations(&document);
    let mut ids: Vec<_> = operations
        .iter()
        .map(|(path, method, operation)| {
            let what = format!("{method} {path}");
            assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{what}");
            assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 5), "{what}");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')), "{what}");
            for (status, response) in responses {
                let errors = status.starts_with('4') || status.starts_with('5');
                if errors && path != "/api/ready" {
                    let schema = &response["content"]["application/json"]["schema"]["$ref"];
                    assert_eq!(schema, "#/components/schemas/ErrorBody", "{what} {status}");
                }
            }
            if path.contains('{') {
                assert!(responses.contains_key("404"), "{what} has an id, which may be of nothing");
            }
            let says = |status: &str| assert!(responses.contains_key(status), "{what}: {status}");
            for status in ["400", "429", "500"] {
                says(status);
            }
            if !is_public(operation) {
                for status in ["401", "403"] {
                    says(status);
                }
            }
            if operation["requestBody"].is_object() {
                for status in ["413", "415", "422"] {
                    says(status);
                }
            }
            let asks = |place: &str| {
                let parameters = operation["parameters"].as_array();
                parameters.is_some_and(|all| all.iter().any(|parameter| parameter["in"] == place))
            };
            if asks("query") {
                says("422");
            }
            operation["operationId"].to_string()
        })
        .collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "every operation has a name of its own");
    // Every reference leads somewhere.
    let text = document.to_string();
    for name in text.split("#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document["components"]["schemas"].get(name).is_some(), "{name}");
    }
    for what in [
        "users",
        "documents",
        "images",
        "sessions",
        "messages",
        "jobs",
        "usage",
        "keys",
        "health",
        "ready",
        "auth",
        "profile",
        "status",
        "features",
        "maintenance",
    ] {
        assert!(document["paths"].as_object().unwrap().keys().any(|path| path.contains(what)), "{what}");
    }
    platform.end().await;
}

/// Requests that fail in every way there is, with status and code.
async fn failures(platform: &Platform, student: &Student) -> Vec<(u16, &'static str, Reply)> {
    let mut anybody = platform.browser();
    let session = student.session().await;
    let messages = format!("/api/chat/sessions/{session}/messages");
    let raw = |method: Method, path: &str, content_type: &'static str, body: String| {
        let request = student.request(method, path).header("content-type", content_type).body(body);
        async move { Reply::read(request.send().await.unwrap()).await }
    };
    let json = "application/json";
    let mut all = vec![
        (400, "BAD_REQUEST", raw(Method::POST, &messages, json, "{".to_owned()).await),
        (401, "UNAUTHENTICATED", anybody.get("/api/usage").await),
        (403, "FORBIDDEN", student.get("/api/admin/users").await),
        (404, "NOT_FOUND", student.get("/api/jobs/x").await),
        (404, "NOT_FOUND", anybody.get("/nowhere.txt").await),
        (405, "BAD_REQUEST", student.delete("/api/usage").await),
        (413, "PAYLOAD_TOO_LARGE", raw(Method::POST, &messages, json, " ".repeat(1 << 20)).await),
        (415, "UNSUPPORTED_MEDIA_TYPE", raw(Method::POST, &messages, "text/plain", "x".to_owned()).await),
        (422, "VALIDATION_FAILED", student.sends(&session, "").await),
        (422, "VALIDATION_FAILED", student.get("/api/chat/sessions?limit=0").await),
    ];
    platform.sql("update queues set paused_at = now()").await;
    student.sends(&session, "What is preload?").await.expect(202);
    all.push((409, "CONFLICT", student.sends(&session, "What is preload?").await));
    let other = student.session().await;
    let full = format!("update usage_days set requests_used = 20 where user_id = '{}'", student.id);
    platform.sql(full).await;
    all.push((429, "REQUEST_LIMIT_EXCEEDED", student.sends(&other, "What is preload?").await));
    for _ in 0..5 {
        anybody.login("nobody@story.example", "x").await.expect(401);
    }
    all.push((429, "RATE_LIMITED", anybody.login("nobody@story.example", "x").await));
    // Something of ours breaks.
    platform.sql_as_owner("alter table sessions rename to lost").await;
    all.push((500, "INTERNAL_ERROR", student.get("/api/chat/sessions").await));
    platform.sql_as_owner("alter table lost rename to sessions").await;
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn every_error_has_the_same_envelope_and_shows_nothing_of_the_inside() {
    let platform = Platform::start().await;
    platform.pool([key("good")]).await;
    let student = platform.student().await;
    for (status, code, reply) in failures(&platform, &student).await {
        assert_eq!((reply.status.as_u16(), reply.code()), (status, code), "{}", reply.body);
        assert_eq!(reply.header("content-type"), Some("application/json"));
        let envelope = reply.body.as_object().unwrap();
        assert_eq!(envelope.keys().collect::<Vec<_>>(), ["error"]);
        let error = envelope["error"].as_object().unwrap();
        for (name, value) in error {
            let fits = match name.as_str() {
                "code" | "message" | "request_id" => value.as_str().is_some_and(|text| !text.is_empty()),
                "details" => value.is_object() || value.is_array(),
                "action" | "upgrade_url" => status == 429 && value.is_string(),
                _ => false,
            };
            assert!(fits, "{name} of {code}: {value}");
        }
        assert!(error.contains_key("message") && error.contains_key("request_id"), "{code}");
        assert_eq!(error.contains_key("details"), [422, 429].contains(&status), "{code}");
        assert_eq!(reply.header("retry-after").is_some(), code == "RATE_LIMITED");
        let text = reply.body.to_string().to_lowercase();
        for inside in ["sqlx", "postgres", "relation", "panicked", "src/", "serde", "line 1"] {
            assert!(!text.contains(inside), "{code} says {inside}: {text}");
        }
    }
    platform.sql("update queues set paused_at = null").await;
    let session = student.get("/api/chat/sessions").await.expect(200).body["items"][1]["id"].clone();
    student.delete(&format!("/api/chat/sessions/{}", session.as_str().unwrap())).await.expect(204);
    platform.end().await;
}
