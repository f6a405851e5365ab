//! What every request passes: an id, a log line, the guide's security headers, CORS, trusted hosts,
//! and the envelope for whatever no handler answered.

use std::{net::IpAddr, time::Instant};

use axum::{
    Json, Router,
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{AllowOrigin, CorsLayer},
};
use tracing::Instrument as _;

use crate::{
    App, docs, error::ApiError, gate::closed_by_hard_maintenance, metrics, pace::paced, settings::ApiSettings,
};

/// The address of the client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientIp(pub(crate) IpAddr);

/// Carries the id of a request through everything that is done for it.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: String;
}

/// The id of the request that this is done for.
pub(crate) fn request_id() -> Option<String> {
    CURRENT.try_with(Clone::clone).ok()
}

/// Wraps the routes in what every request passes.
pub(crate) fn layered(router: Router<App>, document: utoipa::openapi::OpenApi, app: App) -> Router {
    let document = Json(document);
    let cors = cors(&app.settings);
    router
        .route("/api/openapi.json", get(move || async move { document }))
        .route("/api/docs", get(docs::redirect))
        .route("/api/docs/", get(docs::index))
        .route("/api/docs/{file}", get(docs::file))
        .fallback(crate::web::serve)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(app.clone())
        .layer(
            ServiceBuilder::new()
                .layer(from_fn(identified))
                .layer(from_fn_with_state(app.clone(), secured))
                .layer(cors)
                .layer(from_fn_with_state(app.clone(), trusted_host))
                .layer(from_fn_with_state(app.clone(), paced))
                .layer(from_fn_with_state(app, closed_by_hard_maintenance))
                .layer(CatchPanicLayer::custom(panicked)),
        )
}

async fn method_not_allowed() -> Response {
    let mut response = ApiError::BadRequest("This method is not known here.".to_owned()).into_response();
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}

fn panicked(_panic: Box<dyn std::any::Any + Send>) -> Response {
    // The panic's message may quote what must not be logged.
    ApiError::Internal(anyhow::anyhow!("a handler panicked")).into_response()
}

/// Gives the request an id (its caller's, if that is a decent one), and logs how it went.
async fn identified(request: Request, next: Next) -> Response {
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let id = given.filter(|id| is_decent(id)).map_or_else(new_request_id, ToOwned::to_owned);
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", request.id = id, method = %request.method(), route = route);
    jobs::trace::continues(&span, request.headers().get("traceparent").and_then(|value| value.to_str().ok()));
    let method = metrics::method(request.method());
    let began = Instant::now();
    let answer = async {
        let response = next.run(request).await;
        let status = response.status();
        let took = began.elapsed();
        let ms = took.as_millis();
        metrics::answered(&route, method, status, took);
        if status.is_server_error() {
            tracing::warn!(status = status.as_u16(), ms, "answered");
        } else {
            tracing::debug!(status = status.as_u16(), ms, "answered");
        }
        response
    };
    let mut response = CURRENT.scope(id.clone(), answer).instrument(span.clone()).await;
    jobs::trace::attribute(&span, "http.response.status_code", i64::from(response.status().as_u16()));
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn is_decent(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

fn new_request_id() -> String {
    domain::ids::JobId::generate().0.simple().to_string()
}

/// The guide's security headers.
async fn secured(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::X_XSS_PROTECTION, "1; mode=block");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    set(header::CACHE_CONTROL, "no-store");
    if app.settings.production {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    response
}

/// Refuses requests for hosts that are not ours, so that a foreign name cannot be put into links.
async fn trusted_host(State(app): State<App>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| request.uri().host()).unwrap_or_default();
    if is_trusted(host, &app.settings.trusted_hosts) {
        next.run(request).await
    } else {
        ApiError::BadRequest("This host is not served here.".to_owned()).into_response()
    }
}

fn is_trusted(host: &str, trusted: &[String]) -> bool {
    let name = match host.rsplit_once(':') {
        // The brackets of an IPv6 address hold colons of their own.
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    trusted.is_empty()
        || trusted.iter().any(|pattern| match pattern.strip_prefix("*.") {
            Some(parent) => {
                name.len().checked_sub(parent.len() + 1).and_then(|at| name.split_at_checked(at)).is_some_and(
                    |(sub, rest)| {
                        !sub.is_empty() && rest.starts_with('.') && rest[1..].eq_ignore_ascii_case(parent)
                    },
                )
            }
            None => name.eq_ignore_ascii_case(pattern),
        })
}

fn cors(settings: &ApiSettings) -> CorsLayer {
    let origins = settings.cors_origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::ACCEPT,
            HeaderName::from_static("last-event-id"),
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("x-csrf-token"),
            REQUEST_ID,
        ])
        .expose_headers([REQUEST_ID, header::RETRY_AFTER])
}

#[cfg(test)]
mod tests {
    use super::is_trusted;

    #[test]
    fn hosts_are_matched_by_name_and_subdomain() {
        let trusted = ["medai.example".to_owned(), "*.medai.example".to_owned()];
        assert!(is_trusted("medai.example:8000", &trusted));
        assert!(is_trusted("App.Medai.Example", &trusted));
        assert!(!is_trusted("evilmedai.example", &trusted));
        assert!(!is_trusted(".medai.example", &trusted));
        assert!(!is_trusted("evil.example", &trusted));
        assert!(!is_trusted("", &trusted));
        assert!(is_trusted("anything", &[]));
        assert!(is_trusted("[::1]:8000", &["[::1]".to_owned()]));
    }
}
