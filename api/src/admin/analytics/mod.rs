//! `/api/admin/analytics`: what the platform's usage comes to.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod burn;
mod cost;
mod report;
mod view;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(report::report))
}
