//! Lists the caller's keys.

use axum::{Json, extract::State};
use domain::keys::own;

use super::OwnKeyView;
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiResult, ErrorBody},
    page::Page,
};

/// Lists your own provider keys, the oldest first.
#[utoipa::path(get, path = "/api/profile/keys", tag = "profile",
    responses((status = OK, body = Page<OwnKeyView>), (status = UNAUTHORIZED, body = ErrorBody)))]
pub(super) async fn list(State(app): State<App>, caller: SignedInUser) -> ApiResult<Json<Page<OwnKeyView>>> {
    let mut tx = app.db.begin_as(caller.id).await?;
    let keys = own::list(&mut tx, caller.id).await?;
    let now = app.clock.now();
    Ok(Json(Page::whole(keys.into_iter().map(|key| OwnKeyView::new(key, now)).collect())))
}
