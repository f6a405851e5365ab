//! `/api/admin/made-items`: how good what models make is. It counts, and holds nothing of what was made.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use chrono::TimeDelta;
use domain::feature::Feature;
use serde::{Deserialize, Serialize};
use study::store::made_items::{self, Quality};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Query,
    page::Page,
    permissions::ViewAnalytics,
};

/// As long as it is kept.
const MOST_DAYS: i64 = 365;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Over which time.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MadeItemsQuery {
    /// The last so many days, today included, 1 to 365; 30 unless given.
    days: Option<i64>,
}

/// What one version of a prompt made with one model.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MadeItems {
    feature: Feature,
    provider: String,
    model: String,
    /// The prompt with its version.
    prompt: String,
    /// Calls of the model.
    calls: i64,
    /// Of these, gave no item at all.
    prose: i64,
    /// Items as they came.
    items: i64,
    /// Items that students got.
    delivered: i64,
    /// Items that had a flaw.
    flawed: i64,
    /// Of these, came right when asked again.
    mended: i64,
    /// Of these, were dropped.
    dropped: i64,
    /// Items that were there already.
    doubles: i64,
    /// Quotes of documents that were named.
    quotes: i64,
    /// Of these, do not stand on their page.
    unproved: i64,
    /// Items that students reported.
    reported: i64,
    /// How often there was which flaw.
    reasons: BTreeMap<String, i64>,
}

impl From<Quality> for MadeItems {
    fn from(Quality { feature, maker, counts }: Quality) -> Self {
        Self {
            feature,
            provider: maker.provider,
            model: maker.model,
            prompt: maker.prompt,
            calls: counts.calls,
            prose: counts.prose,
            items: counts.items,
            delivered: counts.delivered,
            flawed: counts.flawed,
            mended: counts.mended,
            dropped: counts.dropped,
            doubles: counts.doubles,
            quotes: counts.quotes,
            unproved: counts.unproved,
            reported: counts.reported,
            reasons: counts.reasons,
        }
    }
}

/// Counts what models made, and what was wrong with it, by feature, provider, model and version of the prompt.
#[utoipa::path(get, path = "/api/admin/made-items", tag = "admin analytics", params(MadeItemsQuery),
    responses((status = OK, body = Page<MadeItems>), (status = FORBIDDEN, body = ErrorBody)))]
async fn list(
    State(app): State<App>,
    _admin: Admin<ViewAnalytics>,
    Query(query): Query<MadeItemsQuery>,
) -> ApiResult<Json<Page<MadeItems>>> {
    let days = query.days.unwrap_or(30);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(ApiError::field("days", format!("must be 1 to {MOST_DAYS}")));
    }
    let mut tx = app.db.begin_platform().await?;
    let made = made_items::since(&mut tx, app.clock.today() - TimeDelta::days(days - 1)).await?;
    tx.commit().await?;
    Ok(Json(Page::whole(made.into_iter().map(Into::into).collect())))
}
