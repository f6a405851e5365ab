//! `/api/profile`: what a student says about themself.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod keys;
mod update;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(update::update)).merge(keys::routes())
}
