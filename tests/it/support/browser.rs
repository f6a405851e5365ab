//! A browser, or any other client that is not signed in yet: it keeps cookies, and comes from an
//! address.

use std::collections::BTreeMap;

use reqwest::{Method, RequestBuilder, header};
use serde_json::{Value, json};

use super::{
    Platform,
    platform::PASSWORD,
    student::{Reply, Student},
};

/// A client with a cookie jar.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    http: reqwest::Client,
    base: String,
    /// What servers said to keep.
    pub(crate) cookies: BTreeMap<String, String>,
    headers: Vec<(&'static str, String)>,
}

impl Platform {
    /// Somebody whom the platform does not know.
    pub(crate) fn browser(&self) -> Browser {
        let http = self.http.clone();
        Browser { http, base: self.base.clone(), cookies: BTreeMap::new(), headers: Vec::new() }
    }
}

impl Browser {
    /// With a header on each request.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Behind a proxy that says where it comes from.
    pub(crate) fn from(self, address: &str) -> Self {
        self.with("x-forwarded-for", address)
    }

    /// With the header that shows a page of ours, as a script there would send it.
    pub(crate) fn with_csrf(self) -> Self {
        let token = self.cookies["medai_csrf"].clone();
        self.with("x-csrf-token", token)
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        // The refresh token is for `/api/auth` only.
        let sent = self
            .cookies
            .iter()
            .filter(|(name, _)| name.as_str() != "medai_refresh" || path.starts_with("/api/auth"));
        let pairs: Vec<_> = sent.map(|(name, value)| format!("{name}={value}")).collect();
        if !pairs.is_empty() {
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        request
    }

    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        self.keep(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&mut self, path: &str, body: Value) -> Reply {
        self.keep(self.request(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn login(&mut self, email: &str, password: &str) -> Reply {
        self.post("/api/auth/login", json!({ "email": email, "password": password })).await
    }

    pub(crate) async fn refresh(&mut self) -> Reply {
        self.post("/api/auth/refresh", json!({})).await
    }

    /// Signs a student in on this device.
    pub(crate) async fn signed_in(mut self, student: &Student) -> Self {
        self.login(&student.email, PASSWORD).await.expect(200);
        self
    }

    /// Reads a response, and keeps or drops its cookies.
    async fn keep(&mut self, request: RequestBuilder) -> Reply {
        let reply = Reply::read(request.send().await.unwrap()).await;
        for line in reply.set_cookies() {
            let (pair, rest) = line.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        reply
    }
}

impl Reply {
    /// The cookies that it sets, as they came.
    pub(crate) fn set_cookies(&self) -> Vec<String> {
        let lines = self.headers.get_all(header::SET_COOKIE).iter();
        lines.map(|line| line.to_str().unwrap().to_owned()).collect()
    }

    /// A header of it.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The error without what is different each time.
    pub(crate) fn error(&self) -> Value {
        let mut error = self.body["error"].clone();
        let id = error.as_object_mut().and_then(|error| error.remove("request_id"));
        assert!(id.is_some_and(|id| id.is_string()), "no envelope: {} {}", self.status, self.body);
        error
    }

    /// The fields that did not fit.
    pub(crate) fn fields(&self) -> Vec<&str> {
        let details = self.body["error"]["details"].as_array();
        details.into_iter().flatten().map(|problem| problem["field"].as_str().unwrap()).collect()
    }
}
