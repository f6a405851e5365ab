//! Extractors that refuse with our envelope.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
};
use futures::StreamExt as _;
use garde::Validate;
use serde::de::DeserializeOwned;

use crate::{
    error::{ApiError, FieldProblem},
    json::{self, Json},
};

/// The longest JSON body that is taken.
const MAX_JSON: usize = 256 * 1024;

/// How much of a body that is too long is read all the same, so that the client sees the answer.
const MAX_DRAIN: usize = 32 * 1024 * 1024;

/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// A JSON body that has passed its rules.
#[derive(Debug)]
pub(crate) struct Valid<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Validate<Context = ()>> FromRequest<S> for Valid<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        require_json(request.headers())?;
        let body = read_body(request, MAX_JSON).await?;
        let value: T = parse(&body)?;
        value.validate().map_err(|report| {
            let problem = |(path, error): &(garde::Path, garde::Error)| FieldProblem {
                field: path.to_string(),
                problem: error.to_string(),
            };
            ApiError::Invalid(report.iter().map(problem).collect())
        })?;
        Ok(Self(value))
    }
}

/// The body of a request that may have none, and never a long one.
pub(crate) async fn short_body(request: Request) -> Result<Bytes, ApiError> {
    read_body(request, MAX_JSON).await
}

fn require_json(headers: &HeaderMap) -> Result<(), ApiError> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        Ok(())
    } else {
        Err(ApiError::WrongType("application/json"))
    }
}

/// Reads a body of at most `limit` bytes. A longer one is read to its end, within reason.
async fn read_body(request: Request, limit: usize) -> Result<Bytes, ApiError> {
    let unreadable = || ApiError::BadRequest("The body could not be read.".to_owned());
    let mut stream = request.into_body().into_data_stream();
    let read = async {
        let (mut body, mut total) = (Vec::new(), 0_usize);
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|_broken| unreadable())?;
            total = total.saturating_add(chunk.len());
            if total <= limit {
                body.extend_from_slice(&chunk);
            } else if total > MAX_DRAIN {
                break;
            }
        }
        if total > limit { Err(ApiError::TooLarge(limit)) } else { Ok(Bytes::from(body)) }
    };
    tokio::time::timeout(BODY_TIMEOUT, read).await.map_err(|_elapsed| unreadable())?
}

/// Malformed JSON is a bad request; a field of a wrong type is named.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let json: Json = serde_json::from_slice(body)
        .map_err(|_malformed| ApiError::BadRequest("The body is not valid JSON.".to_owned()))?;
    json::read(json).map_err(|error| misfit(&error.path().to_string(), &error.inner().to_string()))
}

/// A field that does not fit. Serde names the ones that are missing, or there twice, in its words, and
/// where they belong in the path.
fn misfit(path: &str, message: &str) -> ApiError {
    for (words, problem) in [("missing field `", "is missing"), ("duplicate field `", "is there twice")] {
        if let Some((name, _)) = message.strip_prefix(words).and_then(|rest| rest.split_once('`')) {
            let parent = path.trim_end_matches(name).trim_end_matches('.');
            let field = if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") };
            return ApiError::field(field, problem);
        }
    }
    ApiError::field(path, strip_position(message))
}

/// Serde's words without "at line 1 column 2", which says nothing to a person, and without the
/// value that was sent.
fn strip_position(message: &str) -> String {
    let message = message.split(" at line ").next().unwrap_or(message);
    match message.split_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => message.to_owned(),
    }
}

/// Path parameters; what cannot be an id is an id of nothing.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = axum::extract::Path::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(value)| Self(value)).map_err(|_malformed| ApiError::NotFound("thing"))
    }
}

/// Query parameters.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let query = axum::extract::Query::from_request_parts(parts, state).await;
        query.map(|axum::extract::Query(value)| Self(value)).map_err(|rejection| {
            let message = rejection.body_text();
            let message = message.strip_prefix("Failed to deserialize query string: ").unwrap_or(&message);
            let (field, problem) = message.split_once(": ").unwrap_or(("", message));
            misfit(field, problem)
        })
    }
}
