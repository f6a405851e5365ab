//! `/api/admin/feedback`: what students think of answers, and the errors that they report.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod counts;
mod handle;
mod list;
mod view;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(counts::counts))
        .routes(routes!(list::list))
        .routes(routes!(handle::handle))
}
