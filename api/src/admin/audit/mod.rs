//! `/api/admin/audit`: who did what.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod csv_file;
mod export;
mod list;
mod query;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list)).routes(routes!(export::export))
}
