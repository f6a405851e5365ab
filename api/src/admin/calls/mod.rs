//! `/api/admin/calls`: the calls of providers that a question came to, without what was said.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod list;
pub(super) mod view;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list))
}
