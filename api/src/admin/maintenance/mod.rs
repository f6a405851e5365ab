//! `/api/admin/maintenance`: what is closed, closing and opening it, and announcing it.

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

mod leave;
mod set;
mod show;
mod view;
mod windows;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show::show, set::set, leave::leave))
        .routes(routes!(windows::list, windows::announce))
        .routes(routes!(windows::cancel))
}

/// The longest message or reason.
const MAX_TEXT: usize = 500;

/// Whether a text says something, shortly.
fn text<C>(text: &str, _: &C) -> garde::Result {
    if text.trim().is_empty() {
        return Err(garde::Error::new("must not be blank"));
    }
    if text.chars().count() > MAX_TEXT {
        return Err(garde::Error::new(format!("must have at most {MAX_TEXT} characters")));
    }
    if text.contains('\0') {
        return Err(garde::Error::new("must not have NUL characters"));
    }
    Ok(())
}
