//! `/api/admin/keys`: the shared pool of provider keys.

use domain::{
    ids::KeyId,
    keys::{Key, store},
};
use sqlx::PgConnection;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, error::ApiError};

mod add;
mod base_url;
mod check;
mod delete;
mod feature;
mod list;
mod new_key;
mod probe;
mod suggestion;
mod test;
mod update;
mod view;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, add::add))
        .routes(routes!(test::test))
        .routes(routes!(update::update, delete::delete))
        .routes(routes!(check::check))
}

/// A key of the shared pool, or that there is none.
async fn require(conn: &mut PgConnection, id: KeyId) -> Result<Key, ApiError> {
    store::find_shared(conn, id).await?.ok_or(ApiError::NotFound("key"))
}

/// The same key twice for one feature is the admin's mistake, not ours.
fn unless_duplicate(error: sqlx::Error) -> ApiError {
    match error.as_database_error().and_then(|error| error.constraint()) {
        Some(store::NO_DUPLICATES) => ApiError::Conflict("This key is in the pool for this feature already."),
        _ => error.into(),
    }
}
