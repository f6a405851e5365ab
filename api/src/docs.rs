//! `/api/docs`: a page to browse the OpenAPI document. It is part of the program, and loads nothing from elsewhere.

use std::sync::{Arc, LazyLock};

use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Redirect, Response},
};
use utoipa_swagger_ui::Config;

use crate::error::ApiError;

/// What the page may load: scripts and styles of ours, and the small images within these. It sets styles on its
/// elements as it draws, which needs no exception.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Its pictures and scripts change with a release only.
const CACHE: &str = "public, max-age=3600";

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    let config = Config::from("/api/openapi.json").try_it_out_enabled(false).persist_authorization(false);
    Arc::new(config.display_request_duration(true).filter(true).doc_expansion("none"))
});

/// The page's files are beside it, so its address ends with a slash.
pub(crate) async fn redirect() -> Redirect {
    Redirect::permanent("/api/docs/")
}

/// The page.
pub(crate) async fn index() -> Response {
    found("index.html")
}

/// A file of the page.
pub(crate) async fn file(Path(name): Path<String>) -> Response {
    found(&name)
}

fn found(name: &str) -> Response {
    let file = match utoipa_swagger_ui::serve(name, Arc::clone(&CONFIG)) {
        Ok(Some(file)) => file,
        Ok(None) => return ApiError::NotFound("page").into_response(),
        Err(error) => return ApiError::Internal(anyhow::anyhow!("{error}")).into_response(),
    };
    let content_type = HeaderValue::from_str(&file.content_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let mut response = file.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
