//! Lists the pool.

use std::cmp::Reverse;

use axum::{Json, extract::State};
use domain::keys::{Key, KeyStatus, store};

use super::view::{KeyView, Lately};
use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    page::Page,
    permissions::ViewKeys,
};

/// Lists the shared keys by provider, and within a provider in the order in which they are used.
#[utoipa::path(get, path = "/api/admin/keys", tag = "admin keys",
    responses((status = OK, body = Page<KeyView>), (status = FORBIDDEN, body = ErrorBody)))]
pub(super) async fn list(State(app): State<App>, _admin: Admin<ViewKeys>) -> ApiResult<Json<Page<KeyView>>> {
    let mut conn = app.db.pool().acquire().await?;
    let mut keys = store::list_shared(&mut conn).await?;
    keys.sort_by_key(order_of_use);
    let (now, ids) = (app.clock.now(), keys.iter().map(|key| key.id).collect::<Vec<_>>());
    let mut lately = Lately::load(&mut conn, &ids, now).await?;
    let views = keys.into_iter().map(|key| KeyView::new(&app, key, &mut lately, now));
    Ok(Json(Page::whole(views.collect())))
}

/// Active keys before degraded ones, then by priority, then the one that rested longest. A key that
/// was never used has no time, which sorts before all times.
fn order_of_use(key: &Key) -> impl Ord + use<> {
    let rank = match key.status {
        KeyStatus::Active => 0,
        KeyStatus::Degraded => 1,
        KeyStatus::Pending => 2,
        KeyStatus::Disabled => 3,
    };
    (key.provider, rank, Reverse(key.priority), key.last_used_at, key.id)
}
