//! A web server that takes webhooks and text messages, and keeps them.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use serde_json::Value;

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Taken {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A running server.
#[derive(Debug, Clone)]
pub(crate) struct Hooks {
    pub(crate) base: String,
    taken: Arc<Mutex<Vec<Taken>>>,
}

impl Hooks {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let hooks = Self { base, taken: Arc::default() };
        let router = Router::new().fallback(take).with_state(hooks.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        hooks
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// What came to a path.
    pub(crate) fn taken(&self, path: &str) -> Vec<Taken> {
        let taken = self.taken.lock().unwrap();
        taken.iter().filter(|taken| taken.path == path).cloned().collect()
    }
}

async fn take(State(hooks): State<Hooks>, uri: Uri, headers: HeaderMap, body: String) -> Response {
    hooks.taken.lock().unwrap().push(Taken { path: uri.path().to_owned(), headers, body });
    if uri.path() == "/dead" {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    if uri.path() == "/moved" {
        return (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "/elsewhere")]).into_response();
    }
    StatusCode::NO_CONTENT.into_response()
}
