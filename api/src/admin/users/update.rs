//! Changes an account.

use axum::{Json, extract::State};
use domain::{
    ids::UserId,
    users::{Plan, store},
};
use garde::Validate;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{require, require_within_reach, target, view::UserView};
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
        (status = TOO_MANY_REQUESTS, body = ErrorBody, description = "Too much at once that is hard to undo"),
    ))]
pub(super) async fn update(
    State(app): State<App>,
    admin: Admin<ManageUsers>,
    Path(id): Path<UserId>,
    Valid(body): Valid<UserChange>,
) -> ApiResult<Json<UserView>> {
    let mut change = admin.begin(&app).await?;
    let before = require_within_reach(&app, &mut change, &admin, id).await?.user;
    if body.plan.is_some() {
        change.limited(&app).await?;
    }
    if let Some(plan) = body.plan {
        store::set_plan(&mut change, id, plan).await?;
    }
    if let Some(name) = &body.name {
        store::set_name(&mut change, id, name.trim()).await?;
    }
    let listed = require(&app, &mut change, id).await?;
    let details = json!({
        "email": before.email,
        "before": { "plan": before.plan, "name": before.name },
        "after": { "plan": listed.user.plan, "name": listed.user.name },
    });
    let action = if before.plan == listed.user.plan { "update_user" } else { "change_user_plan" };
    change.commit(action, target(&id.to_string()), &details).await?;
    Ok(Json(UserView::new(&app, listed)))
}
