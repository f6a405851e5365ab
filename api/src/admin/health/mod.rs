//! `/api/admin/health`: how well each provider serves each feature.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod check;
mod report;
pub(super) mod view;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(report::report)).routes(routes!(check::check))
}
