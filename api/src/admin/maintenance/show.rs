//! Shows what is closed.

use axum::{Json, extract::State};

use super::view::MaintenanceView;
use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    permissions::ViewMaintenance,
};

/// What is closed, by whom and why, and what is announced.
#[utoipa::path(get, path = "/api/admin/maintenance", tag = "admin maintenance",
    responses((status = OK, body = MaintenanceView), (status = FORBIDDEN, body = ErrorBody)))]
pub(super) async fn show(
    State(app): State<App>,
    _admin: Admin<ViewMaintenance>,
) -> ApiResult<Json<MaintenanceView>> {
    Ok(Json(MaintenanceView::new(&app.platform_status.current())))
}
