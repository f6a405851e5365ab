//! `/api/admin/workers`: which processes run where, and draining one that works.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod drain;
mod list;
mod view;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(drain::drain))
        .routes(routes!(drain::resume))
}
