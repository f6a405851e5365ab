//! `/api/admin/live`: what the dashboard's overview shows, each second.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod alarms;
mod figures;
mod pulse;
mod recent;
mod stream;
mod view;

pub use pulse::Live;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(stream::watch))
}
