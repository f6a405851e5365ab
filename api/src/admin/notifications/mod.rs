//! `/api/admin/notifications`: who is told what, and how that goes.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod change;
mod deliveries;
mod fields;
mod security;
mod show;
mod test;
mod view;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show::show, change::change))
        .routes(routes!(test::test))
        .routes(routes!(deliveries::deliveries))
}
