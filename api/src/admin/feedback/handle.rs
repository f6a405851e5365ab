//! Says that a report was handled.

use axum::{Json, extract::State};
use domain::{audit::Target, feedback::reports, ids::ReportId};
use garde::Validate;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::view::ReportView;
use crate::{
    App,
    auth::fields,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Valid},
    permissions::ManageFeedback,
};

/// What came of it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Handled {
    /// What was found, or done.
    #[serde(default)]
    #[garde(inner(length(chars, max = 1000), custom(fields::storable)))]
    note: Option<String>,
}

/// Marks a report as handled, with a note; again, to change the note.
#[utoipa::path(post, path = "/api/admin/feedback/reports/{id}/handle", tag = "admin feedback",
    params(("id" = ReportId, Path)), request_body = Handled,
    responses((status = OK, body = ReportView), (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody), (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn handle(
    State(app): State<App>,
    admin: Admin<ManageFeedback>,
    Path(id): Path<ReportId>,
    Valid(body): Valid<Handled>,
) -> ApiResult<Json<ReportView>> {
    let note = body.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    let mut change = admin.begin(&app).await?;
    let (by, email) = (admin.caller.id, &admin.caller.email);
    let report = reports::handle(&mut change, id, note, by, email, app.clock.now()).await?;
    let report = report.ok_or(ApiError::NotFound("report"))?;
    let details =
        json!({ "kind": report.kind, "provider": report.provider, "model": report.model, "note": note });
    let id = id.to_string();
    change.commit("handle_report", Target { kind: "report", id: Some(&id) }, &details).await?;
    Ok(Json(report.into()))
}
