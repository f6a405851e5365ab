//! `/api/admin/schedule`: what is done when.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod list;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list))
}
