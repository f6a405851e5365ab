//! Lists reports.

use axum::{Json, extract::State};
use domain::feedback::{
    ReportKind,
    reports::{self, Filter},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::view::ReportView;
use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    extract::Query,
    page::{Page, PageQuery},
    permissions::ViewFeedback,
};

/// Whether a report was handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ReportState {
    /// It was not.
    Open,
    /// It was.
    Handled,
}

/// What the list is narrowed by.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReportsQuery {
    #[param(inline)]
    state: Option<ReportState>,
    kind: Option<ReportKind>,
}

/// Lists the errors in answers that students reported, the newest first. Those that were handled are kept for 90 days.
#[utoipa::path(get, path = "/api/admin/feedback/reports", tag = "admin feedback", params(ReportsQuery, PageQuery),
    responses((status = OK, body = Page<ReportView>), (status = FORBIDDEN, body = ErrorBody)))]
pub(super) async fn list(
    State(app): State<App>,
    _admin: Admin<ViewFeedback>,
    Query(query): Query<ReportsQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<ReportView>>> {
    let limit = page.limit()?;
    let handled = query.state.map(|state| state == ReportState::Handled);
    let filter = Filter { handled, kind: query.kind, before: page.cursor()? };
    let mut tx = app.db.begin_platform().await?;
    let reports = reports::list(&mut tx, &filter, limit + 1).await?;
    Ok(Json(Page::new(reports, limit, |report| report.id, ReportView::from)))
}
