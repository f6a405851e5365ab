//! Changes an account.

use axum::{Json, extract::State};
use domain::{
    ids::UserId,
    users::{Plan, store},
};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{require, view::UserView};
use crate::{
    App,
    auth::fields,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    extract::{Path, Valid},
    permissions::ManageUsers,
};

/// What to change; what is left out stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UserChange {
    #[garde(skip)]
    plan: Option<Plan>,
    #[garde(inner(custom(fields::name)))]
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
}

/// Changes the plan or the name of an account. A plan holds from the next request on.
#[utoipa::path(patch, path = "/api/admin/users/{id}", tag = "admin users", params(("id" = UserId, Path)),
    request_body = UserChange,
    responses(
        (status = OK, body = UserView),
        (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
    ))]
pub(super) async fn update(
    State(app): State<App>,
    _admin: Admin<ManageUsers>,
    Path(id): Path<UserId>,
    Valid(body): Valid<UserChange>,
) -> ApiResult<Json<UserView>> {
    let mut tx = app.db.begin_platform().await?;
    if let Some(plan) = body.plan {
        store::set_plan(&mut tx, id, plan).await?;
    }
    if let Some(name) = &body.name {
        store::set_name(&mut tx, id, name.trim()).await?;
    }
    let listed = require(&app, &mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(UserView::new(&app, listed)))
}
