//! `/api/admin/users`: accounts, as admins see and change them.

use domain::{
    Tx,
    ids::UserId,
    users::store::{self, Listed},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, error::ApiError};

mod disable;
mod enable;
mod list;
mod reset_usage;
mod show;
mod update;
mod view;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(show::show, update::update))
        .routes(routes!(reset_usage::reset_usage))
        .routes(routes!(disable::disable))
        .routes(routes!(enable::enable))
}

/// An account with what it used today, or that there is none.
async fn require(app: &App, tx: &mut Tx, id: UserId) -> Result<Listed, ApiError> {
    store::find_listed(tx, id, app.clock.today()).await?.ok_or(ApiError::NotFound("account"))
}
