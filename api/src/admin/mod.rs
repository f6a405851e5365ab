//! `/api/admin`: what admins see and steer.

use utoipa_axum::router::OpenApiRouter;

use crate::App;

mod allowlist;
mod analytics;
mod audit;
mod confirm;
mod features;
mod feedback;
mod health;
mod jobs;
pub(crate) mod keys;
pub(crate) mod live;
mod maintenance;
mod notifications;
mod queues;
mod sharing;
mod users;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(users::routes())
        .merge(keys::routes())
        .merge(health::routes())
        .merge(notifications::routes())
        .merge(queues::routes())
        .merge(jobs::routes())
        .merge(live::routes())
        .merge(analytics::routes())
        .merge(features::routes())
        .merge(sharing::routes())
        .merge(feedback::routes())
        .merge(maintenance::routes())
        .merge(allowlist::routes())
        .merge(audit::routes())
}
