//! Lists the caller's filters of a page.

use axum::{Json, extract::State};
use domain::users::filters;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{FilterPage, FilterView};
use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    extract::Query,
    page::Page,
    permissions::KeepFilters,
};

/// Of which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FiltersQuery {
    page: FilterPage,
}

/// Lists the filters of a page that the caller gave names, by name.
#[utoipa::path(get, path = "/api/admin/filters", tag = "admin filters", params(FiltersQuery),
    responses((status = OK, body = Page<FilterView>), (status = FORBIDDEN, body = ErrorBody)))]
pub(super) async fn list(
    State(app): State<App>,
    admin: Admin<KeepFilters>,
    Query(query): Query<FiltersQuery>,
) -> ApiResult<Json<Page<FilterView>>> {
    let mut tx = app.db.begin_platform().await?;
    let found = filters::list(&mut tx, admin.caller.id, query.page.as_str()).await?;
    Ok(Json(Page::whole(found.into_iter().map(FilterView::from).collect())))
}
