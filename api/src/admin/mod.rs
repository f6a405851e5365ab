//! `/api/admin`: what admins see and steer.

use utoipa_axum::router::OpenApiRouter;

use crate::App;

mod features;
mod jobs;
mod keys;
mod maintenance;
mod queues;
mod users;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(users::routes())
        .merge(keys::routes())
        .merge(queues::routes())
        .merge(jobs::routes())
        .merge(features::routes())
        .merge(maintenance::routes())
}
