//! Who is signed in.

use axum::{Json, extract::State};
use domain::users::store;

use super::account::Account;
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
};

/// The account that is signed in.
#[utoipa::path(get, path = "/api/auth/me", tag = "auth",
    responses((status = OK, body = Account), (status = UNAUTHORIZED, body = ErrorBody)))]
pub(super) async fn me(State(app): State<App>, caller: SignedInUser) -> ApiResult<Json<Account>> {
    let mut tx = app.db.begin_as(caller.id).await?;
    let user = store::find(&mut tx, caller.id).await?.ok_or(ApiError::NotFound("account"))?;
    Ok(Json(Account::new(user, caller.role)))
}
