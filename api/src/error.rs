//! One error for every handler, answered as the guide's JSON envelope.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use domain::{feature::Feature, quota::Exceeded};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{gate::ClosedNotice, server::request_id};

/// The result of a handler.
pub type ApiResult<T> = Result<T, ApiError>;

/// One field of a body that does not fit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Which field.
    pub field: String,
    /// What is wrong with it.
    pub problem: String,
}

/// What a handler may fail with. The text of a variant is what the caller reads.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The request cannot be read.
    #[error("{0}")]
    BadRequest(String),
    /// No token, or one that is not (any more) good.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// Known, but not allowed.
    #[error("{0}")]
    Forbidden(&'static str),
    /// It does not exist, or is not the caller's: the two are never told apart.
    #[error("There is no such {0}.")]
    NotFound(&'static str),
    /// It does not fit to what is there.
    #[error("{0}")]
    Conflict(&'static str),
    /// The same, with what is there.
    #[error("{0}")]
    ConflictWith(&'static str, Value),
    /// Too long a body.
    #[error("The request is larger than {0} bytes, which is the most that is taken here.")]
    TooLarge(usize),
    /// Not the type of body that is taken here.
    #[error("Send the body as {0}.")]
    WrongType(&'static str),
    /// Fields that do not fit.
    #[error("Some fields are not valid.")]
    Invalid(Vec<FieldProblem>),
    /// One of the three limits.
    #[error("{}", .0.message())]
    Exceeded(Exceeded),
    /// Too many uploads of a day could not be read.
    #[error("{limit} of your uploads could not be read today. You can upload again tomorrow.")]
    FailedUploads {
        /// How many may be.
        limit: i64,
        /// When the count begins anew.
        reset_at: DateTime<Utc>,
        /// Seconds until then.
        retry_after: u64,
    },
    /// Too many tries; when to try again.
    #[error("Too many attempts. Please try again later.")]
    RateLimited {
        /// Seconds until then.
        retry_after: u64,
    },
    /// The platform is in maintenance.
    #[error("{}", .0.message())]
    Maintenance(ClosedNotice),
    /// A feature is closed: its keys are dead, or an admin closed it.
    #[error("{}", unavailable_message(*.0, .1))]
    FeatureUnavailable(Feature, ClosedNotice),
    /// A feature is switched off.
    #[error("The {} feature is switched off at the moment.", .0.label())]
    FeatureDisabled(Feature),
    /// Ours. Logged with its cause, answered without it.
    #[error("An error occurred. Please try again later.")]
    Internal(#[source] anyhow::Error),
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<anyhow::Error> for ApiError {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

/// The envelope, for the document.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// What is inside.
    pub error: ErrorDetail,
}

/// What the envelope holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorDetail {
    /// For programs.
    pub code: &'static str,
    /// For people.
    pub message: String,
    /// More for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<Value>,
    /// What the person can do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<&'static str>,
    /// Where they can do it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upgrade_url: Option<&'static str>,
    /// For support.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl ApiError {
    /// A single field that does not fit.
    pub fn field(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldProblem { field: field.into(), problem: problem.into() }])
    }

    /// Too many tries, until `until`.
    pub fn rate_limited(now: DateTime<Utc>, until: DateTime<Utc>) -> Self {
        Self::RateLimited { retry_after: seconds_until(now, until) }
    }

    /// Too many uploads of a day could not be read, until `reset_at`.
    pub fn failed_uploads(limit: i64, now: DateTime<Utc>, reset_at: DateTime<Utc>) -> Self {
        Self::FailedUploads { limit, reset_at, retry_after: seconds_until(now, reset_at) }
    }

    const fn parts(&self) -> (StatusCode, &'static str) {
        match self {
            Self::BadRequest(_) => (StatusCode::BAD_REQUEST, "BAD_REQUEST"),
            Self::Unauthenticated(_) => (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, "FORBIDDEN"),
            Self::NotFound(_) => (StatusCode::NOT_FOUND, "NOT_FOUND"),
            Self::Conflict(_) | Self::ConflictWith(..) => (StatusCode::CONFLICT, "CONFLICT"),
            Self::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE"),
            Self::WrongType(_) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE"),
            Self::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "VALIDATION_FAILED"),
            Self::Exceeded(exceeded) => (StatusCode::TOO_MANY_REQUESTS, exceeded.code()),
            Self::FailedUploads { .. } => (StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_FAILED_UPLOADS"),
            Self::RateLimited { .. } => (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED"),
            Self::Maintenance(_) => (StatusCode::SERVICE_UNAVAILABLE, "MAINTENANCE"),
            Self::FeatureUnavailable(..) => (StatusCode::SERVICE_UNAVAILABLE, "FEATURE_UNAVAILABLE"),
            Self::FeatureDisabled(_) => (StatusCode::SERVICE_UNAVAILABLE, "FEATURE_DISABLED"),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR"),
        }
    }

    /// Seconds after which to try again, where that is known.
    const fn retry_after(&self) -> Option<u64> {
        match self {
            Self::RateLimited { retry_after } | Self::FailedUploads { retry_after, .. } => Some(*retry_after),
            Self::Maintenance(notice) | Self::FeatureUnavailable(_, notice) => notice.retry_after,
            _ => None,
        }
    }

    fn details(&self) -> Option<Value> {
        match self {
            Self::Invalid(problems) => Some(json!(problems)),
            Self::Exceeded(exceeded) => Some(exceeded.details()),
            Self::FailedUploads { limit, reset_at, .. } => {
                Some(json!({ "limit": limit, "reset_at": reset_at }))
            }
            Self::RateLimited { retry_after } => Some(json!({ "retry_after": retry_after })),
            Self::Maintenance(notice) => Some(json!(notice)),
            Self::FeatureUnavailable(feature, notice) => Some(unavailable_details(*feature, notice)),
            Self::FeatureDisabled(feature) => Some(json!({ "feature": feature })),
            Self::ConflictWith(_, state) => Some(state.clone()),
            _ => None,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code) = self.parts();
        if let Self::Internal(cause) = &self {
            tracing::error!(error = format!("{cause:#}"), "request failed");
        }
        let upgrade = matches!(self, Self::Exceeded(_));
        let body = ErrorBody {
            error: ErrorDetail {
                code,
                message: self.to_string(),
                details: self.details(),
                action: upgrade.then_some("upgrade"),
                upgrade_url: upgrade.then_some("/pricing"),
                request_id: request_id(),
            },
        };
        let mut response = (status, Json(body)).into_response();
        if let Some(retry_after) = self.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

fn seconds_until(now: DateTime<Utc>, until: DateTime<Utc>) -> u64 {
    (until - now).num_milliseconds().max(0).unsigned_abs().div_ceil(1000).max(1)
}

/// The guide's sentence, or an admin's own words.
fn unavailable_message(feature: Feature, notice: &ClosedNotice) -> String {
    let usual = || format!("{} generation temporarily unavailable", feature.label());
    notice.own_words.clone().unwrap_or_else(usual)
}

fn unavailable_details(feature: Feature, notice: &ClosedNotice) -> Value {
    let mut details = json!(notice);
    if let Some(details) = details.as_object_mut() {
        details.insert("feature".to_owned(), json!(feature));
    }
    details
}
