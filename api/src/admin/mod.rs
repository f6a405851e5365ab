//! `/api/admin`: what admins see and steer.

use utoipa_axum::router::OpenApiRouter;

use crate::App;

mod keys;
mod users;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(users::routes()).merge(keys::routes())
}
