//! One HTTP call to a vendor: where it goes, how it is sent, and what its failures share.

use std::{future::ready, time::Duration};

use chrono::{DateTime, Utc};
use domain::keys::Secret;
use futures::{StreamExt as _, stream};
use reqwest::{
    RequestBuilder, Response, StatusCode, Url,
    header::{HeaderName, HeaderValue},
};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::{
    ChatEvent, ChatStream, Class, ProviderError,
    error::NOT_ITS_PROTOCOL,
    reading::{Protocol, read},
    retry,
};

/// How much of an error's body is read.
const LONGEST_ERROR: usize = 64 << 10;

/// How long an error's body may take.
const ERROR_PATIENCE: Duration = Duration::from_secs(5);

/// Sends a request, and reads the answer as the vendor's stream.
pub(super) async fn open<P: Protocol>(
    request: RequestBuilder,
    secret: &Secret,
    now: DateTime<Utc>,
) -> Result<ChatStream, ProviderError> {
    let response = request.send().await.map_err(|error| unreached(&error))?;
    if response.status() == StatusCode::OK {
        let remaining = retry::remaining(response.headers(), now);
        let events = read::<P, _, _>(response.bytes_stream(), secret.clone(), now);
        if remaining.is_unknown() {
            return Ok(events);
        }
        let first = stream::once(ready(Ok(ChatEvent::Remaining(remaining))));
        return Ok(Box::pin(first.chain(events)));
    }
    Err(refused::<P>(response, secret, now).await)
}

/// Sends a request whose answer says nothing but that it succeeded.
pub(super) async fn succeed<P: Protocol>(
    request: RequestBuilder,
    secret: &Secret,
    now: DateTime<Utc>,
) -> Result<(), ProviderError> {
    let response = request.send().await.map_err(|error| unreached(&error))?;
    if response.status() == StatusCode::OK { Ok(()) } else { Err(refused::<P>(response, secret, now).await) }
}

/// Why an answer is none.
pub(super) async fn refused<P: Protocol>(
    response: Response,
    secret: &Secret,
    now: DateTime<Utc>,
) -> ProviderError {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let body = error_body(response).await;
    P::classify(status, &headers, &body, now).without(secret)
}

/// The URL of an operation. A base may end in the API's root already (`…/v1`, `…/api`) or not.
pub(super) fn address(base: &str, root: &str, path: &[&str]) -> Result<Url, ProviderError> {
    let wrong = || ProviderError::new(Class::Credential, None, "the provider's address is not valid");
    let mut url = Url::parse(base.trim()).ok().filter(Url::has_host).ok_or_else(wrong)?;
    let rooted = url.path_segments().is_some_and(|mut segments| {
        segments.any(|segment| segment == root || (is_version(root) && is_version(segment)))
    });
    let mut segments = url.path_segments_mut().map_err(|()| wrong())?;
    segments.pop_if_empty();
    if !rooted {
        segments.push(root);
    }
    segments.extend(path);
    drop(segments);
    Ok(url)
}

/// Whether a segment of a path is such as `v1` or `v1beta`.
fn is_version(segment: &str) -> bool {
    let Some(number) = segment.strip_prefix('v') else { return false };
    let suffix = number.trim_start_matches(|c: char| c.is_ascii_digit());
    suffix.len() < number.len()
        && (suffix.is_empty() || suffix.starts_with("alpha") || suffix.starts_with("beta"))
}

/// Adds the key as a header that no log shows; no key, no header.
pub(super) fn with_key(
    request: RequestBuilder,
    name: HeaderName,
    prefix: &str,
    secret: &Secret,
) -> Result<RequestBuilder, ProviderError> {
    if secret.is_none() {
        return Ok(request);
    }
    let value = HeaderValue::try_from(format!("{prefix}{}", secret.expose())).ok();
    let cannot = || ProviderError::new(Class::Credential, None, "the key cannot be sent");
    let mut value = value.ok_or_else(cannot)?;
    value.set_sensitive(true);
    Ok(request.header(name, value))
}

/// A call that brought no answer. The cause is put in our words: its own may hold the URL.
pub(super) fn unreached(error: &reqwest::Error) -> ProviderError {
    let (class, reason) = if error.is_builder() {
        (Class::Credential, "the provider's address is not valid")
    } else if error.is_timeout() {
        (Class::Overload, "the provider did not answer in time")
    } else if error.is_connect() {
        (Class::Overload, "the provider cannot be reached")
    } else {
        (Class::Overload, "the connection to the provider broke")
    };
    ProviderError::new(class, None, reason)
}

/// What comes of an error's body within bounds of size and time.
async fn error_body(mut response: Response) -> Vec<u8> {
    let deadline = Instant::now() + ERROR_PATIENCE;
    let mut body = Vec::new();
    while let Ok(Ok(Some(bytes))) = timeout_at(deadline, response.chunk()).await {
        let room = LONGEST_ERROR - body.len();
        body.extend(bytes.iter().take(room));
        if bytes.len() >= room {
            break;
        }
    }
    body
}

/// An error's body, if it is an object of JSON (or, as from Google's gateways, a list of one).
pub(super) fn object(body: &[u8]) -> Option<Value> {
    match serde_json::from_slice(body).ok()? {
        Value::Array(list) => list.into_iter().next().filter(Value::is_object),
        value => Some(value).filter(Value::is_object),
    }
}

/// What a status means where the vendor's own codes do not say more. `spoken` is whether the
/// body was JSON: a page of HTML is the word of some proxy, and no reason to blame a key.
pub(super) fn by_status(status: u16, spoken: bool) -> (Class, &'static str) {
    match status {
        401 => (Class::Credential, "the key is not valid"),
        402 => (Class::Quota, "the credit is spent"),
        413 => (Class::Refusal, "the request is too large"),
        429 => (Class::Rate, "too many requests"),
        503 | 529 => (Class::Overload, "the provider is overloaded"),
        408 | 504 => (Class::Overload, "the provider did not answer in time"),
        409 | 425 | 499 | 500..=599 => (Class::Overload, "the provider failed"),
        403 if spoken => (Class::Credential, "the key may not be used for this"),
        // The model and the address are fields of the key: other keys may do better.
        404 | 405 | 410 if spoken => (Class::Credential, "the model is not known to this provider"),
        400..=499 if spoken => (Class::Refusal, "the provider does not accept the request"),
        _ => (Class::Overload, NOT_ITS_PROTOCOL),
    }
}

/// The status of an error: that of the answer, or for one inside a stream the one it names.
pub(super) fn status_of(status: u16, named: Option<u16>) -> u16 {
    let named = named.filter(|named| (400..=599).contains(named));
    if (200..=299).contains(&status) { named.unwrap_or(status) } else { status }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(base: &str, root: &str, path: &[&str]) -> String {
        address(base, root, path).unwrap().to_string()
    }

    #[test]
    fn a_base_may_have_its_root_or_not() {
        let path = ["chat", "completions"];
        for base in
            ["https://a.example", "https://a.example/", "https://a.example/v1", "https://a.example/v1/"]
        {
            assert_eq!(url(base, "v1", &path), "https://a.example/v1/chat/completions");
        }
        let groq = "https://api.groq.example/openai";
        assert_eq!(url(groq, "v1", &path), format!("{groq}/v1/chat/completions"));
        let google = "https://g.example/v1beta/openai/";
        assert_eq!(url(google, "v1", &path), format!("{google}chat/completions"));
        assert_eq!(url("http://[::1]:11434/api", "api", &["chat"]), "http://[::1]:11434/api/chat");
        assert_eq!(url("http://o.example", "api", &["chat"]), "http://o.example/api/chat");
    }

    #[test]
    fn a_segment_cannot_leave_its_place() {
        let url = url("https://g.example", "v1beta", &["models", "../x?key=y#z:generate"]);
        assert_eq!(url, "https://g.example/v1beta/models/..%2Fx%3Fkey=y%23z:generate");
    }

    #[test]
    fn an_address_that_is_none_is_the_keys_fault() {
        for base in ["", "nonsense", "mailto:a@b.example", "unix:/run/x"] {
            assert_eq!(address(base, "v1", &["models"]).unwrap_err().class, Class::Credential, "{base}");
        }
    }
}
