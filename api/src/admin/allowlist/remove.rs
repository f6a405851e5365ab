//! Makes somebody no admin any more.

use axum::{extract::State, http::StatusCode};
use domain::users::{allowlist, store};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use super::{require_a_super_admin, super_admins, target};
use crate::{
    App,
    admin::confirm::Confirmation,
    auth::fields,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Query,
    permissions::ManageAdmins,
};

/// Whom.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Removed {
    /// The address to take off the list.
    email: String,
}

/// Takes an address off the allowlist, once it is typed again as `confirm`: in the query, or as the one
/// field of a JSON body. Its account is no admin's with the next request.
#[utoipa::path(delete, path = "/api/admin/allowlist", tag = "admin allowlist",
    params(Removed, ("confirm" = Option<String>, Query, description = "The address once more")),
    responses(
        (status = NO_CONTENT, description = "It is off the list"),
        (status = FORBIDDEN, body = ErrorBody),
        (status = NOT_FOUND, body = ErrorBody),
        (status = CONFLICT, body = ErrorBody, description = "It is the last super admin's"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody, description = "The confirmation is missing, or another address"),
        (status = TOO_MANY_REQUESTS, body = ErrorBody, description = "Too much at once that is hard to undo"),
    ))]
pub(super) async fn remove(
    State(app): State<App>,
    admin: Admin<ManageAdmins>,
    Query(Removed { email }): Query<Removed>,
    confirmation: Confirmation,
) -> ApiResult<StatusCode> {
    let email = fields::normal_email(&email);
    if fields::email(&email, &()).is_err() {
        return Err(ApiError::NotFound("address"));
    }
    let mut change = admin.begin(&app).await?;
    allowlist::lock(&mut change).await?;
    admin.require_still(&app, &mut change).await?;
    let before = store::listed_role(&mut change, &email).await?.ok_or(ApiError::NotFound("address"))?;
    confirmation.require(&email, "the address once more")?;
    change.limited(&app).await?;
    let super_admins = super_admins(&app, &mut change).await?;
    allowlist::remove(&mut change, &email).await?;
    require_a_super_admin(&app, &mut change, super_admins).await?;
    let details = json!({ "before": { "role": before } });
    change.commit("remove_admin", target(&email), &details).await?;
    Ok(StatusCode::NO_CONTENT)
}
