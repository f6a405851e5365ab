//! Cards, one at a time: suspend, unsuspend, bury, reset.

use axum::{Json, extract::State};
use domain::{
    Tx,
    ids::{CardId, UserId},
};
use serde::Deserialize;
use study::store::{cards, reset, settings};
use utoipa::ToSchema;

use super::card_view::CardView;
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Path,
};

pub(super) const NO_CARD: ApiError = ApiError::NotFound("card");

/// What is done with cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CardAction {
    /// Asks it no more.
    Suspend,
    /// Asks it again.
    Unsuspend,
    /// Does not ask it today.
    Bury,
    /// Makes it new. Its log is kept.
    Reset,
}

impl CardAction {
    /// Does it. Returns how many cards that changed.
    pub(super) async fn apply(self, app: &App, tx: &mut Tx, user: UserId, ids: &[CardId]) -> ApiResult<u64> {
        let now = app.clock.now();
        Ok(match self {
            Self::Suspend => cards::set_suspended(&mut *tx, user, ids, true).await?,
            Self::Unsuspend => cards::set_suspended(&mut *tx, user, ids, false).await?,
            Self::Bury => {
                let today = settings::find(&mut *tx, user).await?.day(now);
                cards::bury(&mut *tx, user, ids, today).await?
            }
            Self::Reset => {
                let today = settings::find(&mut *tx, user).await?.day(now);
                reset::reset(&mut *tx, user, ids, now, today).await?
            }
        })
    }
}

/// Suspends a card, asks it again, buries it for today, or sets it back to new.
#[utoipa::path(post, path = "/api/study/cards/{id}/{action}", tag = "study",
    params(("id" = CardId, Path), ("action" = CardAction, Path)),
    responses((status = OK, body = CardView), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn act(
    State(app): State<App>,
    student: SignedInUser,
    Path((id, action)): Path<(CardId, CardAction)>,
) -> ApiResult<Json<CardView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    cards::lock(&mut tx, student.id, id).await?.ok_or(NO_CARD)?;
    action.apply(&app, &mut tx, student.id, &[id]).await?;
    let card = cards::lock(&mut tx, student.id, id).await?.ok_or(NO_CARD)?;
    tx.commit().await?;
    Ok(Json(CardView::of(&card)))
}
