//! `/api/admin`: what admins see and steer.

use utoipa_axum::router::OpenApiRouter;

use crate::App;

mod allowlist;
mod analytics;
mod audit;
mod calls;
mod confirm;
mod features;
mod feedback;
mod filters;
mod health;
mod jobs;
pub(crate) mod keys;
pub(crate) mod live;
mod made_items;
mod maintenance;
mod notifications;
mod queues;
mod schedule;
mod sharing;
mod users;
mod workers;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(users::routes())
        .merge(keys::routes())
        .merge(health::routes())
        .merge(notifications::routes())
        .merge(queues::routes())
        .merge(workers::routes())
        .merge(schedule::routes())
        .merge(jobs::routes())
        .merge(calls::routes())
        .merge(live::routes())
        .merge(analytics::routes())
        .merge(made_items::routes())
        .merge(features::routes())
        .merge(sharing::routes())
        .merge(feedback::routes())
        .merge(maintenance::routes())
        .merge(allowlist::routes())
        .merge(audit::routes())
        .merge(filters::routes())
}
