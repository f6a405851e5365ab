//! `/api/admin/features`: which features are to be had, and how much of them.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod list;
mod update;
mod view;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list)).routes(routes!(update::update))
}
