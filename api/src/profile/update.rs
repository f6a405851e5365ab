//! Changes what a student says about themself.

use axum::{Json, extract::State};
use domain::users::store;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    App,
    auth::{account::Account, fields},
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Valid,
};

/// What to change; what is left out stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileChange {
    #[garde(inner(custom(fields::name)))]
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
}

/// Changes the account that is signed in.
#[utoipa::path(patch, path = "/api/profile", tag = "profile", request_body = ProfileChange,
    responses(
        (status = OK, body = Account),
        (status = UNAUTHORIZED, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody),
    ))]
pub(super) async fn update(
    State(app): State<App>,
    caller: SignedInUser,
    Valid(body): Valid<ProfileChange>,
) -> ApiResult<Json<Account>> {
    let mut tx = app.db.begin_as(caller.id).await?;
    if let Some(name) = &body.name {
        store::set_name(&mut tx, caller.id, name.trim()).await?;
    }
    let user = store::find(&mut tx, caller.id).await?.ok_or(ApiError::NotFound("account"))?;
    tx.commit().await?;
    Ok(Json(Account::new(user, caller.role)))
}
