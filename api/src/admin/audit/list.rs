//! Reads the audit log.

use axum::{Json, extract::State};
use domain::audit::log::{self, Entry, Place};

use super::query::{AuditQuery, time};
use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    extract::Query,
    page::{Page, PageQuery},
    permissions::ViewAudit,
};

/// Lists what was done, the newest first.
#[utoipa::path(get, path = "/api/admin/audit", tag = "admin audit", params(AuditQuery, PageQuery),
    responses(
        (status = OK, body = Page<Entry>),
        (status = FORBIDDEN, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
    ))]
pub(super) async fn list(
    State(app): State<App>,
    _admin: Admin<ViewAudit>,
    Query(query): Query<AuditQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<Entry>>> {
    let (filter, limit) = (query.filter()?, page.limit()?);
    let after = page.cursor::<Place>()?;
    time("cursor", after.map(|place| place.0))?;
    let mut tx = app.db.begin_platform().await?;
    let entries = log::list(&mut tx, &filter, after, limit + 1).await?;
    Ok(Json(Page::new(entries, limit, Entry::place, |entry| entry)))
}
