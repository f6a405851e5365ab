//! Bad input: whatever is sent, the answer is a clear 4xx in the envelope, and nothing has changed.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{
    Platform, key,
    student::{Admin, Reply},
};

mod bodies;
mod ids;
mod messages;
mod random;
mod streams;
mod tokens;

/// A platform with somebody who may do everything, and has one of everything.
struct World {
    platform: Platform,
    admin: Admin,
    session: String,
    question: String,
    answer: String,
    job: String,
    key: String,
    user: String,
    folder: String,
    report: String,
}

/// An endpoint that takes a body, with one that fits.
#[derive(Debug, Clone)]
struct Endpoint {
    method: Method,
    path: String,
    body: Value,
}

impl World {
    async fn new() -> Self {
        let platform = Platform::start().await;
        let spec = key("good");
        let admin = platform.pool([spec.clone()]).await;
        let session = admin.session().await;
        admin.asks_in(&session, "What is preload?").await;
        let messages = admin.messages(&session).await;
        let id = |value: &Value| value.as_str().unwrap().to_owned();
        let key = id(&platform.key(&admin, &spec).await["id"]);
        let user = platform.student().await.id;
        let (question, answer) = (id(&messages[0]["id"]), id(&messages[1]["id"]));
        let job = id(&messages[1]["job_id"]);
        let folder = admin.post("/api/chat/folders", json!({ "name": "Heart" })).await.expect(201);
        let reported = json!({ "kind": "wrong" });
        admin.put(&format!("/api/chat/messages/{answer}/report"), reported).await.expect(204);
        let reports = admin.get("/api/admin/feedback/reports").await.expect(200);
        let (folder, report) = (id(&folder.body["id"]), id(&reports.body["items"][0]["id"]));
        Self { platform, admin, session, question, answer, job, key, user, folder, report }
    }

    /// Every endpoint that takes a body.
    fn endpoints(&self) -> Vec<Endpoint> {
        let Self { session, question, answer, key, user, folder, report, .. } = self;
        let new_key = json!({ "provider": "openai", "key": "sk-fits-well-1", "skip_test": true });
        let ada = json!({ "email": "a@b.example", "password": "s4-gallop-rhythm", "name": "Ada" });
        let window =
            json!({ "level": "soft", "from": "2999-01-01T00:00:00Z", "until": "2999-01-02T00:00:00Z" });
        let all = [
            (Method::POST, "/api/auth/register".to_owned(), ada),
            (Method::POST, "/api/auth/login".to_owned(), json!({ "email": "a@b.example", "password": "x" })),
            (Method::PATCH, "/api/profile".to_owned(), json!({ "name": "Ada" })),
            (Method::POST, "/api/auth/emergency".to_owned(), json!({ "token": "x" })),
            (Method::POST, "/api/profile/keys".to_owned(), json!({ "provider": "openai", "key": "short" })),
            (Method::POST, "/api/chat/sessions".to_owned(), json!({ "title": "Heart" })),
            (Method::PATCH, format!("/api/chat/sessions/{session}"), json!({ "title": "Heart" })),
            (Method::POST, format!("/api/chat/sessions/{session}/messages"), json!({ "content": "Hello" })),
            (Method::POST, format!("/api/chat/messages/{question}/edit"), json!({ "content": "Hello" })),
            (Method::POST, "/api/chat/folders".to_owned(), json!({ "name": "Kidney" })),
            (Method::PATCH, format!("/api/chat/folders/{folder}"), json!({ "name": "Cor" })),
            (Method::PUT, format!("/api/chat/messages/{answer}/vote"), json!({ "vote": "up" })),
            (
                Method::PUT,
                format!("/api/chat/messages/{answer}/report"),
                json!({ "reason": "No", "kind": "other" }),
            ),
            (Method::PUT, "/api/admin/sharing".to_owned(), json!({ "enabled": true })),
            (Method::POST, format!("/api/admin/feedback/reports/{report}/handle"), json!({ "note": "Seen" })),
            (Method::PATCH, format!("/api/admin/users/{user}"), json!({ "plan": "pro", "name": "Ada" })),
            (Method::POST, "/api/admin/keys".to_owned(), new_key.clone()),
            (Method::POST, "/api/admin/keys/test".to_owned(), new_key),
            (Method::PATCH, format!("/api/admin/keys/{key}"), json!({ "priority": 1 })),
            (Method::PUT, "/api/admin/features/mcq".to_owned(), json!({ "enabled": true })),
            (
                Method::PUT,
                "/api/admin/maintenance".to_owned(),
                json!({ "level": "none", "reason": "a drill" }),
            ),
            (Method::DELETE, "/api/admin/maintenance".to_owned(), json!({ "reason": "over" })),
            (Method::POST, "/api/admin/maintenance/windows".to_owned(), window),
            (
                Method::PUT,
                "/api/admin/filters".to_owned(),
                json!({ "page": "jobs", "name": "Mine", "filter": { "queue": "chat" } }),
            ),
            (
                Method::PUT,
                "/api/admin/allowlist".to_owned(),
                json!({ "email": "a@b.example", "role": "ops" }),
            ),
        ];
        all.into_iter().map(|(method, path, body)| Endpoint { method, path, body }).collect()
    }

    /// Every endpoint that acts without a body.
    fn acts(&self) -> Vec<(Method, String)> {
        let Self { session, question, answer, job, key, user, folder, .. } = self;
        vec![
            (Method::POST, "/api/auth/logout-all".to_owned()),
            (Method::POST, format!("/api/chat/messages/{question}/regenerate")),
            (Method::POST, format!("/api/chat/messages/{answer}/regenerate")),
            (Method::DELETE, format!("/api/chat/messages/{answer}/report")),
            (Method::DELETE, format!("/api/chat/folders/{folder}")),
            (Method::POST, format!("/api/chat/sessions/{session}/share")),
            (Method::DELETE, format!("/api/chat/sessions/{session}/share")),
            (Method::DELETE, format!("/api/chat/sessions/{session}")),
            (Method::DELETE, format!("/api/jobs/{job}")),
            (Method::POST, format!("/api/admin/users/{user}/reset-usage")),
            (Method::POST, format!("/api/admin/users/{user}/disable")),
            (Method::POST, format!("/api/admin/users/{user}/enable")),
            (Method::POST, format!("/api/admin/keys/{key}/check")),
            (Method::DELETE, format!("/api/admin/keys/{key}")),
        ]
    }

    /// The endpoint at this path.
    fn endpoint(&self, method: &Method, path: &str) -> Endpoint {
        let found = self.endpoints().into_iter().find(|at| at.method == method && at.path.ends_with(path));
        found.unwrap_or_else(|| panic!("no {method} {path}"))
    }

    fn request(&self, endpoint: &Endpoint) -> RequestBuilder {
        self.admin.request(endpoint.method.clone(), &endpoint.path)
    }

    /// Sends bytes as JSON.
    async fn sends(&self, endpoint: &Endpoint, body: impl Into<Vec<u8>>) -> Reply {
        let request = self.request(endpoint).header("content-type", "application/json").body(body.into());
        Reply::read(request.send().await.unwrap()).await
    }
}

/// Panics unless it is a refusal in the envelope that names these fields.
#[track_caller]
fn assert_fields(reply: &Reply, fields: &[&str], what: &str) {
    assert_eq!(reply.status, 422, "{what}: {}", reply.body);
    assert_eq!(reply.code(), "VALIDATION_FAILED");
    let mut named = reply.fields();
    named.dedup();
    assert_eq!(named, fields, "{what}: {}", reply.body);
    reply.error();
}
