//! `/api/admin/queues`: how the queues are, and stopping them.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod list;
mod pause;
pub(super) mod view;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(pause::pause))
        .routes(routes!(pause::resume))
}
