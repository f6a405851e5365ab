//! `/api/admin/keys`: the shared pool of provider keys.

use domain::{
    audit::Target,
    ids::KeyId,
    keys::{Key, store},
};
use serde_json::{Value, json};
use sqlx::PgConnection;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, error::ApiError};

use view::{KeyView, Lately};

mod add;
mod announce;
pub(crate) mod base_url;
mod check;
mod delete;
pub(super) mod feature;
mod list;
pub(crate) mod new_key;
pub(crate) mod probe;
mod suggestion;
pub(crate) mod test;
mod update;
pub(crate) mod view;

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

/// A key, for the audit log.
const fn target(id: &str) -> Target<'_> {
    Target { kind: "api_key", id: Some(id) }
}

/// What the audit log keeps of a key.
fn trace(key: &Key) -> Value {
    json!({
        "provider": key.provider,
        "feature": feature::KeyFeature(key.feature),
        "key": view::masked(&key.last_four),
        "priority": key.priority,
        "status": key.status,
        "name": key.name,
        "note": key.note,
        "quota_group": key.quota_group,
        "base_url": key.base_url,
        "model": key.model,
        "limits": key.limits,
        "price_per_million": key.price,
    })
}

/// A key as admins see it, or that there is none.
async fn show(app: &App, id: KeyId) -> Result<KeyView, ApiError> {
    let mut conn = app.db.pool().acquire().await?;
    let (key, now) = (require(&mut conn, id).await?, app.clock.now());
    let mut lately = Lately::load(&mut conn, &[id], now).await?;
    Ok(KeyView::new(app, key, &mut lately, now))
}

/// The same key twice for one feature is the admin's mistake, not ours.
fn unless_duplicate(error: sqlx::Error) -> ApiError {
    match error.as_database_error().and_then(|error| error.constraint()) {
        Some(store::NO_DUPLICATES) => ApiError::Conflict("This key is in the pool for this feature already."),
        _ => error.into(),
    }
}
