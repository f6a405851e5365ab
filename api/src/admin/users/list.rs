//! Lists accounts.

use axum::{Json, extract::State};
use domain::users::{
    Plan,
    store::{self, Filter},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::{AccountStatus, UserView};
use crate::{
    App,
    auth::fields,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Query,
    page::{Page, PageQuery},
    permissions::ViewUsers,
};

/// What the list is narrowed by.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct UsersQuery {
    /// Part of the address or the name.
    q: Option<String>,
    plan: Option<Plan>,
    /// `active` is everybody who is not disabled.
    status: Option<AccountStatus>,
}

/// Lists accounts with what they used today, the newest first.
#[utoipa::path(get, path = "/api/admin/users", tag = "admin users", params(UsersQuery, PageQuery),
    responses((status = OK, body = Page<UserView>), (status = FORBIDDEN, body = ErrorBody)))]
pub(super) async fn list(
    State(app): State<App>,
    _admin: Admin<ViewUsers>,
    Query(query): Query<UsersQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<UserView>>> {
    let text = query.q.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if let Some(Err(problem)) = text.map(|text| fields::plain(text, &())) {
        return Err(ApiError::field("q", problem.to_string()));
    }
    let limit = page.limit()?;
    let filter = Filter {
        text,
        plan: query.plan,
        disabled: match query.status {
            None | Some(AccountStatus::Locked) => None,
            Some(status) => Some(status == AccountStatus::Disabled),
        },
        locked: query.status == Some(AccountStatus::Locked),
        before: page.cursor()?,
    };
    let mut tx = app.db.begin_platform().await?;
    let users = store::list(&mut tx, &filter, app.clock.now(), limit + 1).await?;
    Ok(Json(Page::new(users, limit, |listed| listed.user.id, |listed| UserView::new(&app, listed))))
}
