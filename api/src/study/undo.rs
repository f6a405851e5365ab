//! Takes back the last answer.

use axum::{Json, extract::State, http::HeaderMap};
use domain::ids::{CardId, ReviewId};
use serde::Serialize;
use study::store::undo;
use utoipa::ToSchema;

use super::card_view::CardView;
use crate::{
    App,
    caller::SignedInUser,
    chat::accept,
    error::{ApiError, ApiResult, ErrorBody},
};

/// A card whose last answer was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UndoneView {
    card_id: CardId,
    #[serde(flatten)]
    card: CardView,
}

/// Takes back the last answer of today; again, the one before it. Sent again with its `Idempotency-Key`, it takes back no
/// other.
#[utoipa::path(post, path = "/api/study/reviews/undo", tag = "study",
    params(("Idempotency-Key" = Option<String>, Header, description = "a repeat takes back nothing more")),
    responses((status = OK, body = UndoneView), (status = CONFLICT, body = ErrorBody)))]
pub(super) async fn undo(
    State(app): State<App>,
    student: SignedInUser,
    headers: HeaderMap,
) -> ApiResult<Json<UndoneView>> {
    let made = ReviewId::generate().to_string();
    let key = accept::idempotency_key(&headers)?.unwrap_or(&made);
    let mut tx = app.db.begin_as(student.id).await?;
    let undone = undo::undo(&mut tx, student.id, key, app.clock.now()).await?;
    let undone = undone.ok_or(ApiError::Conflict("There is no answer of today to take back."))?;
    tx.commit().await?;
    let card = CardView::new(undone.card, &undone.after, undone.suspended, false);
    Ok(Json(UndoneView { card_id: undone.card, card }))
}
