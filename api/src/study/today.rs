//! What is for today, in a few numbers.

use axum::{Json, extract::State};
use serde::Serialize;
use study::store::queue;
use utoipa::ToSchema;

use super::{decks::NO_DECK, queue::BacklogView};
use crate::{App, caller::SignedInUser, error::ApiResult};

/// What is for today.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TodayView {
    /// Reviews.
    due: u32,
    /// New cards.
    new: u32,
    /// Cards in steps.
    learning: u32,
    /// Null where nothing is left over of missed days.
    backlog: Option<BacklogView>,
    /// Answers of today.
    reviewed_today: usize,
    /// How long these took.
    minutes_today: i64,
    /// How many decks have something for today.
    decks_due: usize,
}

/// What is for today, over all decks.
#[utoipa::path(get, path = "/api/study/today", tag = "study", responses((status = OK, body = TodayView)))]
pub(super) async fn show(State(app): State<App>, student: SignedInUser) -> ApiResult<Json<TodayView>> {
    let mut tx = app.db.begin_as(student.id).await?;
    let plan = queue::plan(&mut tx, student.id, app.clock.now(), None).await?.ok_or(NO_DECK)?;
    tx.commit().await?;
    let milliseconds: i64 = plan.done.iter().map(|done| i64::from(done.duration_ms)).sum();
    Ok(Json(TodayView {
        due: plan.counts.due,
        new: plan.counts.new,
        learning: plan.counts.learning,
        backlog: plan.backlog.map(Into::into),
        reviewed_today: plan.done.len(),
        minutes_today: (milliseconds + 30_000) / 60_000,
        decks_due: plan.by_deck.len(),
    }))
}
