//! The file itself, for its owner.

use std::ops::Range;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{documents::store, ids::DocumentId};
use files::Name;

use super::list::NO_DOCUMENT;
use crate::{
    App, attachment,
    caller::SignedInUser,
    error::{ApiError, ApiResult, ErrorBody},
    extract::Path,
};

/// The PDF, or with `Range: bytes=…` a part of it.
#[utoipa::path(get, path = "/api/documents/{id}/file", tag = "documents", params(("id" = DocumentId, Path)),
    responses((status = OK, content_type = "application/pdf", description = "the file"),
        (status = PARTIAL_CONTENT, content_type = "application/pdf", description = "a part of it"),
        (status = RANGE_NOT_SATISFIABLE, body = ErrorBody), (status = NOT_FOUND, body = ErrorBody)))]
pub(super) async fn file(
    State(app): State<App>,
    student: SignedInUser,
    Path(id): Path<DocumentId>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut tx = app.db.begin_as(student.id).await?;
    let document = store::find(&mut tx, id).await?.ok_or(NO_DOCUMENT)?;
    tx.commit().await?;
    let size = u64::try_from(document.bytes).unwrap_or(0);
    let range = match wanted(&headers, size) {
        Wanted::All => None,
        Wanted::Part(range) => Some(range),
        Wanted::Nonsense => return Ok(not_satisfiable(size)),
    };
    let reading = app.files.read(Name::Document(id), range.clone()).await.map_err(ApiError::Internal)?;
    let reading = reading.ok_or(NO_DOCUMENT)?;
    let mut response = Body::from_stream(reading.bytes).into_response();
    if let Some(range) = &range {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let content_range = format!("bytes {}-{}/{size}", range.start, range.end.saturating_sub(1));
        set(&mut response, header::CONTENT_RANGE, &content_range);
    }
    let length = range.map_or(size, |range| range.end - range.start);
    set(&mut response, header::CONTENT_LENGTH, &length.to_string());
    set(&mut response, header::CONTENT_TYPE, "application/pdf");
    set(&mut response, header::ACCEPT_RANGES, "bytes");
    safe(&mut response, &attachment::disposition(&document.title, "pdf"));
    Ok(response)
}

/// What keeps a browser from taking a student's file for a page of ours.
pub(crate) fn safe(response: &mut Response, disposition: &str) {
    set(response, header::CONTENT_DISPOSITION, disposition);
    set(response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(response, header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'");
    set(response, header::CACHE_CONTROL, "private, no-store");
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Which part of a file is wanted.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    All,
    Part(Range<u64>),
    Nonsense,
}

/// Reads `Range`. Several ranges, and units that are not bytes, get the whole file, as they may.
fn wanted(headers: &HeaderMap, size: u64) -> Wanted {
    let value = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let Some(spec) = value.and_then(|value| value.trim().strip_prefix("bytes=")) else { return Wanted::All };
    let Some((first, last)) = spec.split_once('-').filter(|_| !spec.contains(',')) else {
        return Wanted::All;
    };
    let range = match (first.trim(), last.trim()) {
        ("", suffix) => suffix.parse::<u64>().ok().map(|suffix| size.saturating_sub(suffix)..size),
        (first, "") => first.parse::<u64>().ok().map(|first| first..size),
        (first, last) => {
            let ends = first.parse::<u64>().ok().zip(last.parse::<u64>().ok());
            ends.filter(|(first, last)| first <= last)
                .map(|(first, last)| first..last.saturating_add(1).min(size))
        }
    };
    match range {
        None => Wanted::All,
        Some(range) if range.start < range.end => Wanted::Part(range),
        Some(_) => Wanted::Nonsense,
    }
}

fn not_satisfiable(size: u64) -> Response {
    let mut response = ApiError::BadRequest("The file has no such part.".to_owned()).into_response();
    *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
    set(&mut response, header::CONTENT_RANGE, &format!("bytes */{size}"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(spec: &str) -> Wanted {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, spec.parse().unwrap());
        wanted(&headers, 100)
    }

    #[test]
    fn ranges_are_read_as_http_has_them() {
        assert_eq!(range("bytes=0-9"), Wanted::Part(0..10));
        assert_eq!(range("bytes=90-"), Wanted::Part(90..100));
        assert_eq!(range("bytes=-5"), Wanted::Part(95..100));
        assert_eq!(range("bytes=0-1000"), Wanted::Part(0..100));
        assert_eq!(range("bytes=100-"), Wanted::Nonsense);
        assert_eq!(range("bytes=5-2"), Wanted::All);
        assert_eq!(range("bytes=0-1,3-4"), Wanted::All);
        assert_eq!(range("lines=0-1"), Wanted::All);
        assert_eq!(wanted(&HeaderMap::new(), 100), Wanted::All);
    }
}
