//! The web apps; `build.rs` says where they come from.

/// What browsers get.
pub(crate) fn pages() -> web::Pages {
    include!(concat!(env!("OUT_DIR"), "/pages.rs"))
}
