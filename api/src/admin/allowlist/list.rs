//! Lists who is an admin.

use axum::{Json, extract::State};
use domain::users::allowlist;

use super::AllowedView;
use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    page::Page,
    permissions::ManageAdmins,
};

/// Lists the allowlist by address. The operator's `SUPER_ADMIN_EMAIL` is an admin beside it.
#[utoipa::path(get, path = "/api/admin/allowlist", tag = "admin allowlist",
    responses((status = OK, body = Page<AllowedView>), (status = FORBIDDEN, body = ErrorBody)))]
pub(super) async fn list(
    State(app): State<App>,
    _admin: Admin<ManageAdmins>,
) -> ApiResult<Json<Page<AllowedView>>> {
    let mut tx = app.db.begin_platform().await?;
    let listed = allowlist::list(&mut tx).await?;
    Ok(Json(Page::whole(listed.into_iter().map(Into::into).collect())))
}
