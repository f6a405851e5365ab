//! `/api/admin/jobs`: everybody's jobs, without what is private in them.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod bulk;
mod events;
mod list;
mod show;
mod view;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(bulk::count))
        .routes(routes!(bulk::retry))
        .routes(routes!(bulk::cancel))
        .routes(routes!(show::show))
}
