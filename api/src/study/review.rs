//! An answer to a card.

use axum::{Json, extract::State, http::HeaderMap};
use chrono::{DateTime, Utc};
use domain::ids::{CardId, ReviewId};
use garde::Validate;
use jobs::{catalogue::FitParameters, queue::enqueue};
use serde::{Deserialize, Serialize};
use serde_json::json;
use study::{
    scheduling::Rating,
    store::{
        answer::{self, Answer, Answered, Reviewed},
        fitting,
    },
};
use utoipa::ToSchema;

use super::{card_view::CardView, cards::NO_CARD};
use crate::{
    App,
    caller::SignedInUser,
    chat::accept,
    error::{ApiError, ApiResult, ErrorBody},
    extract::{Path, Valid},
};

/// An answer.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewReview {
    /// 1 again, 2 hard, 3 good, 4 easy.
    #[garde(range(min = 1, max = 4))]
    #[schema(minimum = 1, maximum = 4)]
    rating: u8,
    /// How long it took. More than ten minutes count as ten.
    #[garde(range(min = 0))]
    #[schema(minimum = 0)]
    duration_ms: i64,
    /// When, where it was given while there was no line. What is in the future counts as now, and what is before the card's
    /// last answer as right after it.
    #[garde(skip)]
    reviewed_at: Option<DateTime<Utc>>,
    /// `reps` of the card as it was shown: where it was answered elsewhere since, this answer is refused.
    #[garde(skip)]
    reps: Option<u32>,
}

/// What an answer made of a card.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReviewView {
    card: CardView,
    /// When it comes back, in short: `10m`, `2h`, `3d`, `1.2mo`, `1.5y`.
    next_interval: String,
    review_id: ReviewId,
}

impl From<Reviewed> for ReviewView {
    fn from(reviewed: Reviewed) -> Self {
        Self {
            card: CardView::new(reviewed.card, &reviewed.after, reviewed.suspended, reviewed.leech),
            next_interval: reviewed.interval.label(),
            review_id: reviewed.review,
        }
    }
}

/// Answers a card. Sent again with its `Idempotency-Key`, it tells the same and changes nothing. A card that is not due is
/// refused, with what it is now: it was answered elsewhere.
#[utoipa::path(post, path = "/api/study/cards/{id}/review", tag = "study",
    params(("id" = CardId, Path), ("Idempotency-Key" = Option<String>, Header, description = "a repeat returns the first answer")),
    request_body = NewReview,
    responses((status = OK, body = ReviewView), (status = NOT_FOUND, body = ErrorBody),
        (status = CONFLICT, body = ErrorBody), (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn review(
    State(app): State<App>,
    student: SignedInUser,
    Path(card): Path<CardId>,
    headers: HeaderMap,
    Valid(body): Valid<NewReview>,
) -> ApiResult<Json<ReviewView>> {
    let made = ReviewId::generate().to_string();
    let key = accept::idempotency_key(&headers)?.unwrap_or(&made);
    let rating = Rating::try_from(body.rating).map_err(|why| ApiError::field("rating", why.to_string()))?;
    let now = app.clock.now();
    let NewReview { duration_ms, reviewed_at, reps, .. } = body;
    // The database knows fewer years than a body can name.
    let reviewed_at = reviewed_at.filter(|at| at.timestamp() > 0);
    let answer = Answer { card, rating, duration_ms, reviewed_at, reps, key, now };
    let mut tx = app.db.begin_as(student.id).await?;
    let reviewed = match answer::answer(&mut tx, student.id, &answer).await? {
        Answered::Reviewed(reviewed) => reviewed,
        Answered::NoCard => return Err(NO_CARD),
        Answered::KeyTaken => {
            return Err(ApiError::field("Idempotency-Key", "was used for another request"));
        }
        Answered::NotDue(card) => {
            let state = json!({ "card": CardView::of(&card) });
            return Err(ApiError::ConflictWith("This card is not due: it was answered elsewhere.", state));
        }
    };
    if fitting::is_due(&mut tx, student.id, now).await? {
        enqueue(&mut tx, &FitParameters { user: student.id }).await?;
    }
    tx.commit().await?;
    Ok(Json(reviewed.into()))
}
