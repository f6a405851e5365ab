//! The web apps: whatever is not under `/api` is theirs.

use std::borrow::Cow;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
};
use web::{File, Found, Pages};

use crate::{App, error::ApiError};

/// What our pages may load: files of ours, images that are being sent, and nothing inline.
const POLICY: &str = "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_FIRST: &str = "no-cache";

/// Keeps what was shared with some from being found by all.
pub(crate) const NO_INDEX: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow, noarchive"));

/// In the place of the apps.
const NOT_BUILT: &str = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>medai</title>
<h1>medai runs, without its web apps</h1>
<p>The API is complete: <a href="/api/openapi.json">its description</a>. The web apps are not there,
since building them needs Node.js 20.19 or later. Install it, then run <code>make run</code> again.</p>
</html>
"#;

/// Answers what no route answered.
pub(crate) async fn serve(State(app): State<App>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    page(&app.pages, &method, &uri, &headers)
}

fn page(pages: &Pages, method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
    const NO_PAGE: ApiError = ApiError::NotFound("page");
    let path = uri.path();
    if belongs_to_the_api(path) || !matches!(*method, Method::GET | Method::HEAD) {
        return NO_PAGE.into_response();
    }
    match pages.under(path) {
        Found::Asset(file) => answer(file, FOR_EVER, headers),
        Found::File(file) | Found::Page(file) => {
            let mut response = answer(file, ASK_FIRST, headers);
            if path.starts_with("/shared/") {
                response.headers_mut().insert(NO_INDEX.0, NO_INDEX.1);
            }
            response
        }
        Found::Nothing => NO_PAGE.into_response(),
        Found::NotBuilt => Html(NOT_BUILT).into_response(),
    }
}

/// Whether a client that names this path wants the API, if not quite by its name. A program that was told
/// 404 knows what a page would hide from it.
fn belongs_to_the_api(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    path.starts_with("//") || ["api", "metrics"].iter().any(|ours| first.eq_ignore_ascii_case(ours))
}

fn answer(file: File, cache: &'static str, asked: &HeaderMap) -> Response {
    let known = asked.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let same =
        known.is_some_and(|tags| tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == file.tag));
    let content_type = web::content_type(&file.name);
    let Ok(tag) = HeaderValue::from_str(&file.tag) else { return ApiError::NotFound("page").into_response() };
    let (encoding, bytes) = packed(file, asked);
    let body = match bytes {
        _ if same => Bytes::new(),
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    let mut response = (if same { StatusCode::NOT_MODIFIED } else { StatusCode::OK }, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::ETAG, tag);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    if let Some(encoding) = encoding.filter(|_| !same) {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// The smallest form of a file that a browser takes.
fn packed(file: File, asked: &HeaderMap) -> (Option<&'static str>, Cow<'static, [u8]>) {
    let accepted = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let accepted: Vec<_> = accepted.flat_map(|value| value.split(',')).filter_map(taken).collect();
    let forms = [("br", file.br), ("gzip", file.gz)];
    let form =
        forms.into_iter().find_map(|(name, bytes)| Some((name, bytes?)).filter(|_| accepted.contains(&name)));
    form.map_or((None, file.raw), |(name, bytes)| (Some(name), bytes))
}

/// An encoding of `Accept-Encoding`, unless its weight is 0: then it is refused.
fn taken(accepted: &str) -> Option<&str> {
    let (name, weight) = accepted.split_once(';').unwrap_or((accepted, ""));
    let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
    (weight != Some(0.0)).then(|| name.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> File {
        let form = |text: &'static str| Cow::from(text.as_bytes());
        let (br, gz) = (Some(form("br")), Some(form("gz")));
        File { name: "a.js".to_owned(), tag: "\"1\"".into(), raw: form("raw"), br, gz }
    }

    fn asking(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_browser_gets_the_smallest_form_that_it_takes() {
        let form = |accepted| packed(file(), &asking(header::ACCEPT_ENCODING, accepted)).0;
        assert_eq!(form("gzip, deflate, br"), Some("br"));
        assert_eq!(form("gzip;q=1.0, br;q=0"), Some("gzip"));
        assert_eq!(form("identity"), None);
        assert_eq!(packed(file(), &HeaderMap::new()), (None, file().raw));
    }

    #[test]
    fn what_a_browser_has_is_not_sent_again() {
        let status = |tags| answer(file(), ASK_FIRST, &asking(header::IF_NONE_MATCH, tags)).status();
        assert_eq!(status("\"0\", W/\"1\""), StatusCode::NOT_MODIFIED);
        assert_eq!(status("\"2\""), StatusCode::OK);
    }

    #[test]
    fn what_is_under_api_is_never_a_page() {
        for path in ["/api", "/api/", "/api/nothing", "/api/admin", "/API/health", "//api/health", "/metrics"]
        {
            let answer =
                page(&Pages::Embedded(&[]), &Method::GET, &Uri::from_static(path), &HeaderMap::new());
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
            assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/json");
        }
    }
}
