//! Reports of bad questions. Admins see how many there were by model and prompt, and neither question nor reason.

use axum::{extract::State, http::StatusCode};
use domain::{
    feature::Feature,
    ids::{QuestionId, UserId},
};
use garde::Validate;
use serde::Deserialize;
use study::store::{
    made_items::{self, Counts},
    questions,
};
use utoipa::ToSchema;

use crate::{
    App,
    auth::fields,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Valid},
};

/// What is wrong with a question.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuestionReport {
    /// In one's own words.
    #[garde(length(chars, min = 1, max = 1000), custom(fields::storable))]
    reason: String,
}

/// Reports a question, or reports it for another reason: it is in no new quiz.
#[utoipa::path(post, path = "/api/study/questions/{id}/report", tag = "study", params(("id" = QuestionId, Path)),
    request_body = QuestionReport,
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn report(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<QuestionId>,
    Valid(body): Valid<QuestionReport>,
) -> ApiResult<StatusCode> {
    let reason = body.reason.trim();
    if reason.is_empty() {
        return Err(ApiError::field("reason", "must not be blank"));
    }
    set(&app, student.id, id, Some(reason)).await
}

/// Takes a report back.
#[utoipa::path(delete, path = "/api/study/questions/{id}/report", tag = "study", params(("id" = QuestionId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn withdraw(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<QuestionId>,
) -> ApiResult<StatusCode> {
    set(&app, student.id, id, None).await
}

/// Question and count change together, and the count is the platform's.
async fn set(app: &App, user: UserId, id: QuestionId, reason: Option<&str>) -> ApiResult<StatusCode> {
    let mut tx = app.db.begin_platform().await?;
    let reported = questions::report(&mut tx, user, id, reason, app.clock.now()).await?;
    let reported = reported.ok_or(ApiError::NotFound("question"))?;
    if reason.is_none() && !reported.changed {
        return Err(ApiError::NotFound("report"));
    }
    if let (true, Some(maker)) = (reported.changed, &reported.maker) {
        let counts = Counts { reported: if reason.is_some() { 1 } else { -1 }, ..Counts::default() };
        made_items::add(&mut tx, reported.day, Feature::Mcq, maker, &counts).await?;
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
