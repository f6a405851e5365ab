//! Tries every channel with a message.

use std::time::Duration;

use axum::{Json, extract::State};
use domain::{
    audit::Target,
    ids::{AlertId, JobId},
};
use futures::future::try_join_all;
use jobs::admin_events::{
    Event,
    deliveries::{self, Filter, Listed},
    recipients, settings,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    App, await_job,
    caller::Admin,
    error::{ApiResult, ErrorBody},
    permissions::ManageNotifications,
};

/// How long an admin waits for it.
const PATIENCE: Duration = Duration::from_secs(25);

/// The most recipients that are reported on: more cannot be set.
const MOST: i64 = 1000;

/// How a test went.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TestedChannels {
    /// One for each recipient of each channel that is set up.
    items: Vec<TestedChannel>,
}

/// How a message to one recipient went.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TestedChannel {
    channel: String,
    target: String,
    ok: bool,
    /// Why it did not arrive.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl From<Listed> for TestedChannel {
    fn from(listed: Listed) -> Self {
        let ok = listed.state == "delivered";
        let untried = || "no worker could try it in time".to_owned();
        let error = (!ok).then(|| listed.error.unwrap_or_else(untried));
        Self { channel: listed.channel, target: listed.target, ok, error }
    }
}

/// Sends a message through every channel that is set up, to everybody, and says how that went. It is tried once.
#[utoipa::path(post, path = "/api/admin/notifications/test", tag = "admin notifications",
    responses((status = OK, body = TestedChannels), (status = FORBIDDEN, body = ErrorBody)))]
pub(super) async fn test(
    State(app): State<App>,
    admin: Admin<ManageNotifications>,
) -> ApiResult<Json<TestedChannels>> {
    let (alert, jobs) = send(&app, &admin).await?;
    try_join_all(jobs.into_iter().map(|job| await_job::ending(&app, job, PATIENCE))).await?;
    let mut tx = app.db.begin_platform().await?;
    let filter = Filter { alert: Some(alert), ..Filter::default() };
    let mut listed = deliveries::list(&mut tx, &filter, MOST).await?;
    listed.reverse();
    Ok(Json(TestedChannels { items: listed.into_iter().map(TestedChannel::from).collect() }))
}

async fn send(app: &App, admin: &Admin<ManageNotifications>) -> ApiResult<(AlertId, Vec<JobId>)> {
    let now = app.clock.now();
    let mut change = admin.begin(app).await?;
    let settings = settings::load(&mut change, false).await?;
    let targets =
        recipients::targets(&mut change, &settings, Event::Test, None, &app.settings.available_channels)
            .await?;
    let alert = deliveries::test_alert(json!({ "asked_by": admin.caller.email }), now);
    let sent = deliveries::send(&mut change, &alert, &targets, now).await?;
    let target = Target { kind: "notifications", id: None };
    let details = json!({ "recipients": targets.len() });
    change.commit("test_notifications", target, &details).await?;
    Ok(sent)
}
