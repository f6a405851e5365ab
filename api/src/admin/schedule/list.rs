//! Lists the schedule.

use axum::{Json, extract::State};
use chrono::{DateTime, TimeDelta, Utc};
use jobs::schedule::{self, Entry};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    App,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    page::Page,
    permissions::ViewJobs,
};

/// A tick that is late by this much has nobody who ticks. Where a scheduler dies, another leads after ten seconds.
const LATE: TimeDelta = TimeDelta::seconds(30);

/// A line of the schedule.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ScheduleLine {
    /// What is done.
    name: String,
    /// When, as a cron expression, or `@every` and an interval.
    #[schema(example = "0 3 * * *")]
    expression: String,
    /// On the clock of which time zone.
    #[schema(example = "Europe/Berlin")]
    zone: String,
    /// When it was done last.
    last_tick: Option<DateTime<Utc>>,
    /// When it is due next; `null` where that is never.
    next_tick: Option<DateTime<Utc>>,
    /// Whether it should have been done: no scheduler runs.
    overdue: bool,
}

/// What is done when, as the scheduler that leads has it, and how far that is. First what is due first. Settings
/// (`SCHEDULE_…`) change it.
#[utoipa::path(get, path = "/api/admin/schedule", tag = "admin queues",
    responses((status = OK, body = Page<ScheduleLine>), (status = FORBIDDEN, body = ErrorBody)))]
pub(super) async fn list(
    State(app): State<App>,
    _admin: Admin<ViewJobs>,
) -> ApiResult<Json<Page<ScheduleLine>>> {
    let now = app.clock.now();
    let entries = schedule::list(app.db.pool()).await?;
    Ok(Json(Page::whole(entries.into_iter().map(|entry| ScheduleLine::new(entry, now)).collect())))
}

impl ScheduleLine {
    fn new(entry: Entry, now: DateTime<Utc>) -> Self {
        Self {
            overdue: entry.next_tick.is_some_and(|next| now - next > LATE),
            name: entry.name,
            expression: entry.expression,
            zone: entry.zone,
            last_tick: entry.last_tick,
            next_tick: entry.next_tick,
        }
    }
}
