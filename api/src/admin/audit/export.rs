//! Takes the audit log along as a file.

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use domain::audit::{
    Target,
    log::{self, Entry, Filter, Place},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::{csv_file, query::AuditQuery};
use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    extract::Query,
    permissions::ExportAudit,
};

/// Entries that are read at a time: more are never in memory.
const PAGE: i64 = 500;

/// How a file is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    /// Comma-separated values, with the names of the columns in the first line.
    #[default]
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// How the file is to be written.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportQuery {
    /// `csv` unless given.
    #[serde(default)]
    #[param(inline)]
    format: Format,
}

/// Writes what was done into a file, the newest first, by the same filters as the list. The export has
/// an entry of its own.
#[utoipa::path(get, path = "/api/admin/audit/export", tag = "admin audit", params(AuditQuery, ExportQuery),
    responses(
        (status = OK, content((String = "text/csv"), (String = "application/jsonl")), description = "The file"),
        (status = FORBIDDEN, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
    ))]
pub(super) async fn export(
    State(app): State<App>,
    admin: Admin<ExportAudit>,
    Query(query): Query<AuditQuery>,
    Query(ExportQuery { format }): Query<ExportQuery>,
) -> ApiResult<Response> {
    let filter = query.filter()?;
    let details = json!({ "format": format, "filter": {
        "admin": filter.actor.map(|id| id.to_string()).or_else(|| filter.actor_email.clone()),
        "action": filter.action, "target_type": filter.target_type, "target_id": filter.target_id,
        "from": filter.from, "to": filter.to, "q": filter.text,
    }});
    let change = admin.begin(&app).await?;
    change.commit("export_audit_log", Target { kind: "audit_log", id: None }, &details).await?;
    let (content_type, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"audit.csv\""),
        Format::Jsonl => ("application/jsonl", "attachment; filename=\"audit.jsonl\""),
    };
    let headers = [(header::CONTENT_TYPE, content_type), (header::CONTENT_DISPOSITION, name)];
    let file = Writing { app, filter, format, next: Next::First };
    let pages = futures::stream::try_unfold(file, Writing::page);
    Ok((headers, Body::from_stream(pages)).into_response())
}

/// A file that is being written.
struct Writing {
    app: App,
    filter: Filter,
    format: Format,
    next: Next,
}

/// Where it goes on.
#[derive(Clone, Copy)]
enum Next {
    First,
    After(Place),
    Nowhere,
}

impl Writing {
    /// The next page. No connection is held while the client reads it.
    async fn page(mut self) -> anyhow::Result<Option<(Bytes, Self)>> {
        let (after, is_first) = match self.next {
            Next::First => (None, true),
            Next::After(place) => (Some(place), false),
            Next::Nowhere => return Ok(None),
        };
        let mut tx = self.app.db.begin_platform().await?;
        let entries = log::list(&mut tx, &self.filter, after, PAGE).await;
        drop(tx);
        let entries = entries.inspect_err(|error| tracing::error!(%error, "an export broke off"))?;
        let is_last = i64::try_from(entries.len()).is_ok_and(|count| count < PAGE);
        self.next = match entries.last() {
            Some(last) if !is_last => Next::After(last.place()),
            _ => Next::Nowhere,
        };
        let page = match self.format {
            Format::Csv => csv_file::page(&entries, is_first)?,
            Format::Jsonl => lines(&entries)?,
        };
        Ok(Some((page.into(), self)))
    }
}

fn lines(entries: &[Entry]) -> serde_json::Result<Vec<u8>> {
    let mut lines = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut lines, entry)?;
        lines.push(b'\n');
    }
    Ok(lines)
}
