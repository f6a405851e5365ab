//! `/api/auth`: accounts, and the sign-ins of their devices. One file an operation.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub(crate) mod account;
pub(crate) mod attempt;
pub(crate) mod cookies;
mod emergency;
pub(crate) mod fields;
mod log;
mod login;
mod logout;
mod logout_all;
mod macs;
mod me;
pub mod password;
mod refresh;
mod register;
mod sign_in;
pub(crate) mod tokens;
mod tries;

pub use emergency::hash as emergency_hash;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(register::register))
        .routes(routes!(login::login))
        .routes(routes!(emergency::emergency))
        .routes(routes!(refresh::refresh))
        .routes(routes!(logout::logout))
        .routes(routes!(logout_all::logout_all))
        .routes(routes!(me::me))
}
