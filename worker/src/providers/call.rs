//! One HTTP call to a vendor: where it goes, how it is sent, and what its failures share.

use std::{future::ready, time::Duration};

use chrono::{DateTime, Utc};
use domain::{keys::Secret, reachable};
use futures::{StreamExt as _, stream};
use reqwest::{
    RequestBuilder, Response, StatusCode, Url,
    header::{ACCEPT_ENCODING, HeaderName, HeaderValue},
};
use tokio::time::{Instant, timeout_at};

use super::{
    ChatEvent, ChatStream, Class, ProviderError,
    error::NOT_ITS_PROTOCOL,
    lacking::Sent,
    reading::{Protocol, read},
    retry, verdict,
};

/// How much of an error's body is read.
const LONGEST_ERROR: usize = 64 << 10;

/// How long an error's body may take.
const ERROR_PATIENCE: Duration = Duration::from_secs(5);

/// Sends a request, and reads the answer as the vendor's stream.
pub(super) async fn open<P: Protocol>(
    request: RequestBuilder,
    sent: Sent,
    secret: &Secret,
    now: DateTime<Utc>,
) -> Result<ChatStream, ProviderError> {
    // What is compressed arrives late, in blocks.
    let request = request.header(ACCEPT_ENCODING, "identity");
    let response = request.send().await.map_err(|error| unreached(&error))?;
    if !is_success(response.status()) {
        return Err(refused(response, sent, secret, now).await);
    }
    let remaining = retry::remaining(response.headers(), now);
    let events = read::<P, _, _>(response.bytes_stream(), sent, secret.clone(), now);
    if remaining.is_unknown() {
        return Ok(events);
    }
    let first = stream::once(ready(Ok(ChatEvent::Remaining(remaining))));
    Ok(Box::pin(first.chain(events)))
}

/// Sends a request whose answer says nothing but that it succeeded.
pub(super) async fn succeed(
    request: RequestBuilder,
    secret: &Secret,
    now: DateTime<Utc>,
) -> Result<(), ProviderError> {
    let response = request.send().await.map_err(|error| unreached(&error))?;
    if is_success(response.status()) {
        Ok(())
    } else {
        Err(refused(response, Sent::default(), secret, now).await)
    }
}

/// Whether a status says that an answer follows.
pub(super) fn is_success(status: StatusCode) -> bool {
    status.is_success() && status != StatusCode::NO_CONTENT
}

/// Why an answer is none.
pub(super) async fn refused(
    response: Response,
    sent: Sent,
    secret: &Secret,
    now: DateTime<Utc>,
) -> ProviderError {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let path = response.url().path().to_owned();
    let body = error_body(response).await;
    let mut error = verdict::of(status, &headers, &body, &sent, now);
    if matches!(status, 404 | 405) && error.class == Class::Refusal && error.lacks.is_none() {
        error.reason = nothing_at(&path);
    }
    error.without(secret)
}

/// What to do about an address that leads nowhere. Only its path is told: a host may be nobody's business.
fn nothing_at(path: &str) -> String {
    let operation =
        OPERATIONS.iter().map(|(operation, _)| *operation).find(|operation| path.ends_with(operation));
    let shown: String = path.chars().take(80).collect();
    match operation {
        Some(operation) => format!(
            "there is nothing at {shown}: write the address up to what stands before {operation}, with its version"
        ),
        None => format!("there is nothing at {shown}: check the address and the model"),
    }
}

/// What addresses end in that name a whole endpoint, and how many segments of it are no root.
const OPERATIONS: [(&str, usize); 11] = [
    ("/chat/completions", 2),
    ("/completions", 1),
    ("/embeddings", 1),
    ("/responses", 1),
    ("/messages", 1),
    ("/api/chat", 1),
    ("/api/generate", 1),
    ("/api/embed", 1),
    ("/api/embeddings", 1),
    ("/api/tags", 1),
    ("/models", 1),
];

/// Segments after which no version follows: GitHub Models, Cloudflare, deployments of Azure.
const ROOTS: [&str; 3] = ["inference", "compat", "deployments"];

/// The URL of an operation. A base may end in the API's root already (`…/v1`, `…/api`), or be that of a whole endpoint
/// (`…/v1/chat/completions`), or neither. What follows a `?` stays.
pub(super) fn address(base: &str, root: &str, path: &[&str]) -> Result<Url, ProviderError> {
    let wrong = || ProviderError::new(Class::Credential, None, "the provider's address is not valid");
    let mut url = reachable::parse(base).map_err(|_problem| wrong())?;
    let mut segments: Vec<String> = url.path_segments().into_iter().flatten().map(str::to_owned).collect();
    while segments.last().is_some_and(String::is_empty) {
        segments.pop();
    }
    // Gemini's endpoints name their model, and what is done.
    if let Some(at) = segments.iter().position(|segment| segment == "models" || segment.contains(':'))
        && root == "v1beta"
    {
        segments.truncate(at);
    }
    let whole = format!("/{}", segments.join("/"));
    let is_endpoint = OPERATIONS.iter().find(|(operation, _)| whole.ends_with(operation));
    segments.truncate(segments.len() - is_endpoint.map_or(0, |(_, length)| *length));
    if root == "api" && segments.last().is_some_and(|last| is_version(last)) {
        // The other protocol that such a server speaks.
        segments.pop();
    }
    let has_root = |segment: &String| {
        segment == root || (is_version(root) && (is_version(segment) || ROOTS.contains(&segment.as_str())))
    };
    let has_root = segments.iter().any(has_root) || (is_endpoint.is_some() && root != "api");
    let given = url.path_segments().map_or(0, Iterator::count);
    {
        let mut parts = url.path_segments_mut().map_err(|()| wrong())?;
        for _ in segments.len()..given {
            parts.pop();
        }
        parts.extend((!has_root).then_some(root)).extend(path);
    }
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
    } else if error.is_connect() {
        // Before the other: a connection that was not made in time is both.
        (Class::Overload, "the provider cannot be reached")
    } else if error.is_timeout() {
        (Class::Overload, "the provider did not answer in time")
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

/// What a status means where nothing else says more. `spoken` is whether some API has spoken: a page of HTML is the
/// word of some proxy, and no reason to blame a key.
pub(super) fn by_status(status: u16, spoken: bool) -> (Class, &'static str) {
    match status {
        401 if spoken => (Class::Credential, "the key is not valid"),
        402 => (Class::Quota, "the credit is spent"),
        413 => (Class::Refusal, "the request is too large"),
        429 => (Class::Rate, "too many requests"),
        503 | 529 => (Class::Overload, "the provider is overloaded"),
        408 | 504 => (Class::Overload, "the provider did not answer in time"),
        409 | 421 | 423 | 424 | 425 | 449 | 498 | 499 | 500..=599 => (Class::Overload, "the provider failed"),
        403 if spoken => (Class::Credential, "the key may not be used for this"),
        404 | 405 | 410 => (Class::Refusal, "there is nothing at this address"),
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
        for whole in [
            "https://a.example/v1/chat/completions",
            "https://a.example/v1/embeddings/",
            "https://a.example/v1/models",
        ] {
            assert_eq!(url(whole, "v1", &path), "https://a.example/v1/chat/completions");
        }
        assert_eq!(
            url("https://a.example/inference", "v1", &path),
            "https://a.example/inference/chat/completions"
        );
        assert_eq!(
            url("https://a.example/chat/completions", "v1", &["embeddings"]),
            "https://a.example/embeddings"
        );
        assert_eq!(
            url("https://a.example/api/v1/", "v1", &path),
            "https://a.example/api/v1/chat/completions"
        );
        let azure = "https://a.example/openai/deployments/x";
        assert_eq!(
            url(&format!("{azure}?api-version=1"), "v1", &path),
            format!("{azure}/chat/completions?api-version=1")
        );
        let whole = "https://g.example/v1beta/models/gemini-x:generateContent";
        assert_eq!(url(whole, "v1beta", &["models", "y:z"]), "https://g.example/v1beta/models/y:z");
        for ollama in [
            "http://o.example/api/chat",
            "http://o.example/v1",
            "http://o.example/v1/chat/completions",
            "http://o.example/",
        ] {
            assert_eq!(url(ollama, "api", &["chat"]), "http://o.example/api/chat", "{ollama}");
        }
        for base in ["https://k.example/anthropic", "https://k.example/anthropic/v1/messages"] {
            assert_eq!(url(base, "v1", &["messages"]), "https://k.example/anthropic/v1/messages");
        }
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
    fn an_address_that_leads_nowhere_is_told_with_its_path() {
        let reason = nothing_at("/x/v1/chat/completions");
        assert!(
            reason.contains("/x/v1/chat/completions:") && reason.contains("before /chat/completions"),
            "{reason}"
        );
        assert!(nothing_at(&"/x".repeat(200)).len() < 160);
    }

    #[test]
    fn an_address_that_is_none_is_the_keys_fault() {
        for base in ["", "nonsense", "mailto:a@b.example", "unix:/run/x"] {
            assert_eq!(address(base, "v1", &["models"]).unwrap_err().class, Class::Credential, "{base}");
        }
    }
}
