//! `/api/documents`: a student's PDFs, one file an operation.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use domain::{
    documents::{Document, DocumentStatus},
    ids::{DocumentId, JobId},
};
use jobs::queue::record::JobState;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, chat::accept::JobRef};

mod delete;
pub(crate) mod file;
mod list;
mod ocr;
mod pages;
mod password;
pub(crate) mod receive;
pub(crate) mod scan;
mod search;
mod snippet;
mod upload;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, upload::upload))
        .routes(routes!(list::show, delete::delete))
        .routes(routes!(search::search))
        .routes(routes!(pages::page))
        .routes(routes!(file::file))
        .routes(routes!(password::password))
        .routes(routes!(ocr::ocr))
}

/// A document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DocumentView {
    id: DocumentId,
    title: String,
    /// The size of its file.
    bytes: i64,
    status: DocumentStatus,
    /// How many pages it has, once it has been read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<i32>,
    /// Pages that could not be read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failed_pages: Vec<i32>,
    /// Pages without text, which text recognition may read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    textless_pages: Vec<i32>,
    /// What is wrong with it: a code and a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Value>,
    /// How far its job is: `{step, percent, page?, pages?}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<Value>,
    /// The job that works on it, or did last.
    job_id: JobId,
    created_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ready_at: Option<DateTime<Utc>>,
    /// Whether it was read by an earlier version, which may have read numbers wrong. It is read anew by itself, where its
    /// file can be opened.
    check_original: bool,
}

impl From<Document> for DocumentView {
    fn from(document: Document) -> Self {
        let under_way = matches!(document.status, DocumentStatus::Uploaded | DocumentStatus::Processing);
        Self {
            check_original: document.is_outdated(),
            id: document.id,
            title: document.title,
            bytes: document.bytes,
            status: document.status,
            pages: document.pages,
            failed_pages: document.failed_pages,
            textless_pages: document.textless_pages,
            // What was wrong before its text is recognised is not said while that goes on.
            error: document.error.filter(|_| !under_way),
            progress: document.progress,
            job_id: document.job_id,
            created_at: document.created_at,
            ready_at: document.ready_at,
        }
    }
}

/// The receipt of a document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AcceptedDocument {
    /// The document as stored.
    document: DocumentView,
    /// Who reads it.
    job: JobRef,
    /// Where its progress is told.
    events_url: String,
}

fn accepted(document: Document, state: JobState) -> Response {
    let job = document.job_id;
    let events_url = format!("/api/jobs/{job}/events");
    let receipt = AcceptedDocument { document: document.into(), job: JobRef::new(job, state), events_url };
    (StatusCode::ACCEPTED, Json(receipt)).into_response()
}
