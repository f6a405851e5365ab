//! `/api/admin/users`: accounts, as admins see and change them.

use domain::{
    audit::Target,
    ids::UserId,
    users::store::{self, Listed},
};
use sqlx::PgConnection;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, auth::account::role_of, caller::Admin, error::ApiError};

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
async fn require(app: &App, conn: &mut PgConnection, id: UserId) -> Result<Listed, ApiError> {
    store::find_listed(conn, id, app.clock.now()).await?.ok_or(ApiError::NotFound("account"))
}

/// An account that this admin may change: none of a higher role than theirs.
async fn require_within_reach<P>(
    app: &App,
    conn: &mut PgConnection,
    admin: &Admin<P>,
    id: UserId,
) -> Result<Listed, ApiError> {
    let listed = require(app, conn, id).await?;
    if role_of(&app.settings, &listed.user, listed.role) > admin.caller.role {
        let what = format!("change account {id}");
        return Err(admin
            .refused(app, &what, "You cannot change an account of a higher role than yours.")
            .await);
    }
    Ok(listed)
}

/// An account, for the audit log.
const fn target(id: &str) -> Target<'_> {
    Target { kind: "user", id: Some(id) }
}
