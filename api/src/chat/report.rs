//! Reports of errors in answers.

use axum::{extract::State, http::StatusCode};
use domain::{
    feedback::{
        self, ReportKind,
        reports::{self, NewReport},
    },
    ids::MessageId,
};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    App,
    auth::fields,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Valid},
};

/// An error in an answer.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ErrorReport {
    /// What is wrong with it.
    #[garde(skip)]
    kind: ReportKind,
    /// In one's own words.
    #[serde(default)]
    #[garde(inner(length(chars, max = 1000), custom(fields::storable)))]
    reason: Option<String>,
    /// Whether question and answer, as they are now, may be shown to those who look into it.
    #[serde(default)]
    #[garde(skip)]
    share: bool,
}

/// Reports an error in an answer that is finished, or reports it otherwise. Admins see neither question nor answer unless
/// `share` says so, and not who reported it.
#[utoipa::path(put, path = "/api/chat/messages/{id}/report", tag = "chat", params(("id" = MessageId, Path)),
    request_body = ErrorReport,
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn report(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<MessageId>,
    Valid(body): Valid<ErrorReport>,
) -> ApiResult<StatusCode> {
    let reason = body.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let mut tx = app.db.begin_as(student.id).await?;
    let answer = feedback::find_answer(&mut tx, id).await?.ok_or(ApiError::NotFound("answer"))?;
    let report = NewReport { kind: body.kind, reason, share: body.share };
    reports::put(&mut tx, student.id, &answer, &report, app.clock.now()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a report back, with what it showed to admins.
#[utoipa::path(delete, path = "/api/chat/messages/{id}/report", tag = "chat", params(("id" = MessageId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn withdraw(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<MessageId>,
) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin_as(student.id).await?;
    if !reports::delete(&mut tx, id).await? {
        return Err(ApiError::NotFound("report"));
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
