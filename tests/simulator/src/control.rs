//! The control door for other processes, under `/_sim/`.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State as In},
    http::StatusCode,
    routing::{get, post, put},
};

use crate::{Call, Script, Totals, state::State};

/// In the path, `-` stands for the empty key of an Ollama without one.
const NO_KEY: &str = "-";

pub(crate) fn router() -> Router<Arc<State>> {
    Router::new()
        .route("/_sim/default", put(set_default))
        .route("/_sim/keys/{key}", put(set))
        .route("/_sim/keys/{key}/next", post(queue))
        .route("/_sim/calls", get(calls).delete(forget))
        .route("/_sim/totals", get(totals))
}

async fn set_default(In(state): In<Arc<State>>, Json(script): Json<Script>) -> StatusCode {
    state.set_default(script);
    StatusCode::NO_CONTENT
}

async fn set(In(state): In<Arc<State>>, Path(key): Path<String>, Json(script): Json<Script>) -> StatusCode {
    state.set(named(&key), script);
    StatusCode::NO_CONTENT
}

async fn queue(
    In(state): In<Arc<State>>,
    Path(key): Path<String>,
    Json(scripts): Json<Vec<Script>>,
) -> StatusCode {
    state.queue(named(&key), scripts);
    StatusCode::NO_CONTENT
}

async fn calls(In(state): In<Arc<State>>) -> Json<Vec<Call>> {
    Json(state.calls())
}

async fn totals(In(state): In<Arc<State>>) -> Json<Totals> {
    Json(state.totals())
}

async fn forget(In(state): In<Arc<State>>) -> StatusCode {
    state.forget();
    StatusCode::NO_CONTENT
}

fn named(key: &str) -> &str {
    if key == NO_KEY { "" } else { key }
}
