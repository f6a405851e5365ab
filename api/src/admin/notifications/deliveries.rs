//! Lists how telling went.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::ids::DeliveryId;
use jobs::admin_events::deliveries::{self, Filter, Listed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    extract::Query,
    page::{Page, PageQuery},
    permissions::ViewNotifications,
};

/// How far a delivery is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum DeliveryState {
    /// It is to be tried, for the first time or again.
    Waiting,
    /// It arrived.
    Delivered,
    /// It was given up.
    Failed,
}

impl DeliveryState {
    const ALL: [Self; 3] = [Self::Waiting, Self::Delivered, Self::Failed];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    /// The state of a stored name; the table has no others.
    fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.as_str() == name).unwrap_or(Self::Waiting)
    }
}

/// What the list is narrowed by.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DeliveriesQuery {
    /// `waiting` with an `error` is a channel that is dead so far.
    state: Option<DeliveryState>,
}

/// One message through one channel to one recipient.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeliveryView {
    id: DeliveryId,
    event: String,
    subject: String,
    /// How often it had happened.
    count: i32,
    channel: String,
    /// An address, a phone, or a webhook as it is shown.
    target: String,
    state: DeliveryState,
    tries: i32,
    /// Why the last try failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Listed> for DeliveryView {
    fn from(listed: Listed) -> Self {
        let Listed { id, event, subject, count, channel, target, state, tries, error, .. } = listed;
        let state = DeliveryState::parse(&state);
        let (created_at, updated_at) = (listed.created_at, listed.updated_at);
        Self { id, event, subject, count, channel, target, state, tries, error, created_at, updated_at }
    }
}

/// Lists what admins were told in the last 90 days, the newest first, and how it went.
#[utoipa::path(get, path = "/api/admin/notifications/deliveries", tag = "admin notifications",
    params(DeliveriesQuery, PageQuery),
    responses((status = OK, body = Page<DeliveryView>), (status = FORBIDDEN, body = ErrorBody)))]
pub(super) async fn deliveries(
    State(app): State<App>,
    _admin: Admin<ViewNotifications>,
    Query(query): Query<DeliveriesQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<DeliveryView>>> {
    let limit = page.limit()?;
    let filter =
        Filter { state: query.state.map(DeliveryState::as_str), before: page.cursor()?, ..Filter::default() };
    let mut tx = app.db.begin_platform().await?;
    let listed = deliveries::list(&mut tx, &filter, limit + 1).await?;
    Ok(Json(Page::new(listed, limit, |listed| listed.id, DeliveryView::from)))
}
