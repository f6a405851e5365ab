//! What reviews and cards add up to.

use axum::{Json, extract::State};
use chrono::NaiveDate;
use domain::ids::DeckId;
use serde::{Deserialize, Serialize};
use study::{
    scheduling::Day,
    store::{
        decks, settings,
        stats::{self, Bucket, DayOfReviews, Hour, Retention, Scope, Totals},
    },
};
use utoipa::{IntoParams, ToSchema};

use super::decks::NO_DECK;
use crate::{
    App,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Query,
};

/// How many days are told ahead.
const FORECAST: u32 = 30;

/// How many days back may be asked for.
const MOST_DAYS: u32 = 3_660;

/// Which statistics.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct StatsQuery {
    /// Of this deck and those below it; of all where it is left out.
    deck: Option<DeckId>,
    /// How many days back, with today: 1 to 3660; 30 unless given.
    days: Option<u32>,
}

/// What reviews and cards add up to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatsView {
    /// The days on which something was answered.
    days: Vec<StatsDay>,
    retention: RetentionView,
    /// What will be due on each of thirty days; today has all that is overdue.
    forecast: Vec<ForecastDay>,
    /// Cards in review by their intervals.
    intervals: Vec<BucketView>,
    /// Cards by their stability.
    stability: Vec<BucketView>,
    /// The hours of the day on the student's clock.
    hours: Vec<HourView>,
    totals: TotalsView,
}

/// What was answered on a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatsDay {
    date: NaiveDate,
    reviews: i64,
    again: i64,
    minutes: f64,
    new: i64,
}

/// How much of what was due was recalled; null where nothing was due.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RetentionView {
    desired: Option<f64>,
    r#true: Option<f64>,
    reviews: i64,
    /// After an interval of less than three weeks.
    young: Option<f64>,
    /// After a longer one.
    mature: Option<f64>,
}

/// What will be due on a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ForecastDay {
    date: NaiveDate,
    due: i64,
}

/// How many cards lie between this and the group before.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BucketView {
    days_to: i32,
    count: i64,
}

/// What was due and answered in an hour of the day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HourView {
    hour: i32,
    reviews: i64,
    recalled: i64,
}

/// How many cards there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TotalsView {
    cards: i64,
    new: i64,
    learning: i64,
    young: i64,
    mature: i64,
    suspended: i64,
    /// Days in a row with answers, up to today or yesterday.
    streak_days: u32,
}

/// What reviews and cards add up to, for plots and tables.
#[utoipa::path(get, path = "/api/study/stats", tag = "study", params(StatsQuery),
    responses((status = OK, body = StatsView), (status = NOT_FOUND, body = ErrorBody),
        (status = UNPROCESSABLE_ENTITY, body = ErrorBody)))]
pub(super) async fn show(
    State(app): State<App>,
    student: SignedInUser,
    Query(query): Query<StatsQuery>,
) -> ApiResult<Json<StatsView>> {
    let days = query.days.unwrap_or(30);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(ApiError::field("days", "must be 1 to 3660"));
    }
    let mut tx = app.db.begin_as(student.id).await?;
    let settings = settings::find(&mut tx, student.id).await?;
    let today = settings.day(app.clock.now());
    let decks = match query.deck {
        Some(deck) => Some(decks::subtree(&mut tx, student.id, deck).await?),
        None => None,
    };
    if decks.as_ref().is_some_and(Vec::is_empty) {
        return Err(NO_DECK);
    }
    let scope = Scope { user: student.id, decks: decks.as_deref(), today, days };
    let studied = stats::studied_days(&mut tx, &scope).await?;
    let view = StatsView {
        days: stats::days(&mut tx, &scope).await?.into_iter().map(Into::into).collect(),
        retention: stats::retention(&mut tx, &scope).await?.into(),
        forecast: forecast(&stats::forecast(&mut tx, &scope, FORECAST).await?, today),
        intervals: stats::intervals(&mut tx, &scope).await?.into_iter().map(Into::into).collect(),
        stability: stats::stability(&mut tx, &scope).await?.into_iter().map(Into::into).collect(),
        hours: hours(&stats::hours(&mut tx, &scope, settings.zone).await?),
        totals: TotalsView::new(&stats::totals(&mut tx, &scope).await?, stats::streak(&studied, today)),
    };
    tx.commit().await?;
    Ok(Json(view))
}

impl From<DayOfReviews> for StatsDay {
    fn from(day: DayOfReviews) -> Self {
        let DayOfReviews { reviews, again, milliseconds, new, .. } = day;
        Self { date: Day(day.day).date(), reviews, again, minutes: tenths(milliseconds), new }
    }
}

/// Minutes, to a tenth.
#[expect(clippy::cast_precision_loss, reason = "nobody has studied for 2^53 milliseconds")]
fn tenths(milliseconds: i64) -> f64 {
    (milliseconds as f64 / 6_000.0).round() / 10.0
}

impl From<Retention> for RetentionView {
    fn from(counted: Retention) -> Self {
        let Retention { desired, reviews, recalled, young, young_recalled } = counted;
        Self {
            desired,
            r#true: share(recalled, reviews),
            reviews,
            young: share(young_recalled, young),
            mature: share(recalled - young_recalled, reviews - young),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 reviews")]
fn share(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn forecast(due: &[i64], today: Day) -> Vec<ForecastDay> {
    let days = (0_u32..).zip(due);
    days.map(|(ahead, due)| ForecastDay { date: today.plus(ahead).date(), due: *due }).collect()
}

impl From<Bucket> for BucketView {
    fn from(Bucket { days_to, count }: Bucket) -> Self {
        Self { days_to, count }
    }
}

/// All 24 hours, also those in which nothing was answered.
fn hours(counted: &[Hour]) -> Vec<HourView> {
    let hour = |hour: i32| {
        let found = counted.iter().find(|one| one.hour == hour);
        let (reviews, recalled) = found.map_or((0, 0), |one| (one.reviews, one.recalled));
        HourView { hour, reviews, recalled }
    };
    (0..24).map(hour).collect()
}

impl TotalsView {
    fn new(totals: &Totals, streak_days: u32) -> Self {
        let Totals { cards, new, learning, young, mature, suspended } = *totals;
        Self { cards, new, learning, young, mature, suspended, streak_days }
    }
}
