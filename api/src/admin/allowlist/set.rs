//! Makes somebody an admin, or another kind of admin.

use axum::{Json, extract::State};
use domain::users::{Role, allowlist, store};
use garde::Validate;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{AllowedView, require_a_super_admin, super_admins, target};
use crate::{
    App,
    auth::fields,
    caller::Admin,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Valid,
    permissions::ManageAdmins,
};

/// Who may do what.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Allowed {
    #[garde(custom(fields::email))]
    #[schema(format = Email, max_length = 254)]
    email: String,
    #[garde(skip)]
    role: Role,
}

/// Puts an address on the allowlist, or gives it another role. An account of that address has the role
/// with its next request, if the address is verified.
#[utoipa::path(put, path = "/api/admin/allowlist", tag = "admin allowlist", request_body = Allowed,
    responses(
        (status = OK, body = AllowedView),
        (status = FORBIDDEN, body = ErrorBody),
        (status = CONFLICT, body = ErrorBody, description = "It is the last super admin's"),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
        (status = TOO_MANY_REQUESTS, body = ErrorBody, description = "Too much at once that is hard to undo"),
    ))]
pub(super) async fn set(
    State(app): State<App>,
    admin: Admin<ManageAdmins>,
    Valid(body): Valid<Allowed>,
) -> ApiResult<Json<AllowedView>> {
    let email = fields::normal_email(&body.email);
    let mut change = admin.begin(&app).await?;
    allowlist::lock(&mut change).await?;
    admin.require_still(&app, &mut change).await?;
    change.limited(&app).await?;
    let super_admins = super_admins(&app, &mut change).await?;
    let before = store::listed_role(&mut change, &email).await?;
    store::allow(&mut change, &email, body.role).await?;
    require_a_super_admin(&app, &mut change, super_admins).await?;
    let listed = allowlist::list(&mut change).await?.into_iter().find(|listed| listed.email == email);
    let listed = listed.ok_or(ApiError::NotFound("address"))?;
    let details = json!({ "before": { "role": before }, "after": { "role": body.role } });
    change.commit("set_admin_role", target(&email), &details).await?;
    Ok(Json(listed.into()))
}
