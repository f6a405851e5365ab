//! Shows who is told what.

use axum::{Json, extract::State};

use super::view::{Current, NotificationsView};
use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    permissions::ViewNotifications,
};

/// Shows who is told what, and which channels can be used.
#[utoipa::path(get, path = "/api/admin/notifications", tag = "admin notifications",
    responses((status = OK, body = NotificationsView), (status = FORBIDDEN, body = ErrorBody)))]
pub(super) async fn show(
    State(app): State<App>,
    _admin: Admin<ViewNotifications>,
) -> ApiResult<Json<NotificationsView>> {
    let mut tx = app.db.begin_platform().await?;
    let current = Current::load(&mut tx, false).await?;
    Ok(Json(current.view(&app.settings.available_channels, &[])))
}
