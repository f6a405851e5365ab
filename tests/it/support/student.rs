//! People: a student and an admin, as clients of the API.

use reqwest::{Method, RequestBuilder, Response, StatusCode, header};
use serde_json::{Value, json};

use super::{
    logs,
    sse::{Answer, Events},
};

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Student {
    pub(crate) http: reqwest::Client,
    pub(crate) base: String,
    pub(crate) token: String,
    pub(crate) id: String,
    pub(crate) email: String,
}

/// Somebody who is signed in and may do everything.
#[derive(Debug, Clone)]
pub(crate) struct Admin(pub(crate) Student);

impl std::ops::Deref for Admin {
    type Target = Student;

    fn deref(&self) -> &Student {
        &self.0
    }
}

/// A response, read.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: header::HeaderMap,
    pub(crate) body: Value,
}

impl Reply {
    pub(crate) async fn read(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Self { status, headers, body }
    }

    /// The same, but of a stream of events only that it began: it may have no end.
    pub(crate) async fn begun(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let streams = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        if streams { Self { status, headers, body: Value::Null } } else { Self::read(response).await }
    }

    /// The code of the error envelope.
    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or("no error")
    }

    /// Panics unless the status is this.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        if self.status.as_u16() != status {
            let request = self.body["error"]["request_id"].as_str().unwrap_or("no request");
            panic!("{} instead of {status}: {}\n{}", self.status, self.body, logs::about(request));
        }
        self
    }
}

impl Student {
    /// The same person at another api process.
    pub(crate) fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        Reply::read(self.request(Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        Reply::read(self.request(Method::POST, path).json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Reply {
        Reply::read(self.request(Method::PATCH, path).json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        Reply::read(self.request(Method::DELETE, path).send().await.unwrap()).await
    }

    /// A new conversation; returns its id.
    pub(crate) async fn session(&self) -> String {
        let reply = self.post("/api/chat/sessions", json!({})).await.expect(201);
        reply.body["id"].as_str().unwrap().to_owned()
    }

    /// Sends a message and gets the receipt.
    pub(crate) async fn sends(&self, session: &str, content: &str) -> Reply {
        self.post(&format!("/api/chat/sessions/{session}/messages"), json!({ "content": content })).await
    }

    /// Sends a message and reads the events of the same response as they come.
    pub(crate) async fn streams(&self, session: &str, content: &str) -> Events {
        let request = self
            .request(Method::POST, &format!("/api/chat/sessions/{session}/messages"))
            .header(header::ACCEPT, "text/event-stream")
            .json(&json!({ "content": content }));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200, "{}", response.text().await.unwrap());
        Events::new(response)
    }

    /// Asks in a new conversation and reads the whole answer.
    pub(crate) async fn asks(&self, content: &str) -> Answer {
        let session = self.session().await;
        self.asks_in(&session, content).await
    }

    /// Asks in a conversation and reads the whole answer.
    pub(crate) async fn asks_in(&self, session: &str, content: &str) -> Answer {
        let answer = self.streams(session, content).await.finish().await;
        answer.assert_in_order();
        answer
    }

    /// Opens the events of a job, after the event that was seen last.
    pub(crate) async fn events(&self, job: &str, after: Option<i64>) -> Events {
        let mut request = self.request(Method::GET, &format!("/api/jobs/{job}/events"));
        if let Some(after) = after {
            request = request.header("last-event-id", after.to_string());
        }
        let response = request.send().await.unwrap();
        assert!(response.status().is_success(), "{}", response.text().await.unwrap());
        Events::new(response)
    }

    /// The messages of a conversation.
    pub(crate) async fn messages(&self, session: &str) -> Vec<Value> {
        let reply = self.get(&format!("/api/chat/sessions/{session}/messages")).await.expect(200);
        reply.body["items"].as_array().unwrap().clone()
    }

    /// What is used today.
    pub(crate) async fn usage(&self) -> Value {
        self.get("/api/usage").await.expect(200).body
    }
}

/// The id of the job in a receipt.
pub(crate) fn job_of(receipt: &Reply) -> String {
    receipt.body["job"]["id"].as_str().unwrap().to_owned()
}
