//! Lists the features.

use axum::{Json, extract::State};
use domain::feature::Feature;

use super::view::FeatureView;
use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    page::Page,
    permissions::ViewFeatures,
};

/// Lists all features that students use.
#[utoipa::path(get, path = "/api/admin/features", tag = "admin features",
    responses((status = OK, body = Page<FeatureView>), (status = FORBIDDEN, body = ErrorBody)))]
pub(super) async fn list(
    State(app): State<App>,
    _admin: Admin<ViewFeatures>,
) -> ApiResult<Json<Page<FeatureView>>> {
    let platform_status = app.platform_status.current();
    let view = |feature| FeatureView::new(&platform_status, feature);
    Ok(Json(Page::whole(Feature::STUDENT.into_iter().map(view).collect())))
}
