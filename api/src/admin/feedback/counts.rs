//! Counts what students said of answers, by provider and model.

use axum::{Json, extract::State};
use chrono::TimeDelta;
use domain::feedback::{self, Count};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    App,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Query,
    page::Page,
    permissions::ViewFeedback,
};

/// As long as votes are kept.
const MOST_DAYS: i64 = 365;

/// Over which time.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CountsQuery {
    /// The last so many days, 1 to 365; 30 unless given.
    days: Option<i64>,
}

/// What was said of the answers of one model.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FeedbackCount {
    provider: Option<String>,
    model: Option<String>,
    /// Votes that the answer helped.
    up: i64,
    /// Votes that it did not.
    down: i64,
    /// Reports of errors.
    reports: i64,
}

impl From<Count> for FeedbackCount {
    fn from(Count { provider, model, up, down, reports }: Count) -> Self {
        Self { provider, model, up, down, reports }
    }
}

/// Counts votes and reports by who answered, the most said of first.
#[utoipa::path(get, path = "/api/admin/feedback", tag = "admin feedback", params(CountsQuery),
    responses((status = OK, body = Page<FeedbackCount>), (status = FORBIDDEN, body = ErrorBody)))]
pub(super) async fn counts(
    State(app): State<App>,
    _admin: Admin<ViewFeedback>,
    Query(query): Query<CountsQuery>,
) -> ApiResult<Json<Page<FeedbackCount>>> {
    let days = query.days.unwrap_or(30);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(ApiError::field("days", format!("must be 1 to {MOST_DAYS}")));
    }
    let mut tx = app.db.begin_platform().await?;
    let counts = feedback::counts(&mut tx, app.clock.now() - TimeDelta::days(days)).await?;
    Ok(Json(Page::whole(counts.into_iter().map(Into::into).collect())))
}
