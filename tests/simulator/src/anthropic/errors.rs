//! Anthropic's errors: `{type:"error",error:{type,message},request_id}`.

use serde_json::json;

use crate::{Ask, Behaviour, ask::Refusal, clock, serve::Reply};

/// The reply to a refusal; none where the behaviour is no error.
pub(crate) fn reply(ask: &Ask, refusal: &Refusal) -> Option<Reply> {
    let reply = match refusal {
        Refusal::NoKey => error(401, "authentication_error", "x-api-key header is required"),
        Refusal::KeyInUrl => error(400, "invalid_request_error", "The key does not belong into the URL."),
        Refusal::Malformed(message) => error(400, "invalid_request_error", message),
        Refusal::Scripted(spent) => {
            return budget(spent.behaviour, spent.limit).or_else(|| scripted(ask, spent.behaviour));
        }
    };
    Some(reply.header("request-id", "req_simulator"))
}

fn budget(behaviour: Behaviour, limit: u64) -> Option<Reply> {
    let reply = match behaviour {
        Behaviour::DailyQuota => {
            let wait = clock::until_next(clock::DAY, clock::now().as_secs());
            too_many(&format!("{limit} requests per day"), limit, wait)
        }
        Behaviour::RateLimited { retry_after_s } => {
            too_many(&format!("{limit} requests per minute"), limit, retry_after_s)
        }
        Behaviour::RateLimitedBare | Behaviour::NumericCode => error(
            429,
            "rate_limit_error",
            "This request would exceed your account's rate limit. Please try again later.",
        ),
        Behaviour::InsufficientQuota => {
            let tomorrow = clock::in_seconds(clock::DAY).format("%Y-%m-%d");
            let message = format!(
                "You have reached your specified API usage limits. You will regain access on {tomorrow} at 00:00 UTC."
            );
            error(400, "invalid_request_error", &message)
        }
        Behaviour::PrepaidGone => error(
            400,
            "invalid_request_error",
            "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or \
             purchase credits.",
        ),
        _ => return None,
    };
    Some(reply)
}

fn scripted(ask: &Ask, behaviour: Behaviour) -> Option<Reply> {
    let reply = match behaviour {
        Behaviour::InvalidKey => error(401, "authentication_error", "invalid x-api-key"),
        Behaviour::Overloaded | Behaviour::SlowDown | Behaviour::Unavailable529 => {
            error(529, "overloaded_error", "Overloaded")
        }
        Behaviour::InternalError => error(500, "api_error", "Internal server error"),
        Behaviour::BadGateway => Reply::html(502, "Bad Gateway"),
        Behaviour::GatewayTimeout => error(504, "timeout_error", "The request timed out while processing."),
        Behaviour::BadRequest => error(400, "invalid_request_error", "temperature: range: 0..1"),
        Behaviour::ContextTooLong => {
            error(400, "invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum")
        }
        Behaviour::PayloadTooLarge => error(413, "request_too_large", "Request exceeds the maximum size"),
        Behaviour::UnknownModel => error(404, "not_found_error", &format!("model: {}", ask.model())),
        Behaviour::Forbidden => error(
            403,
            "permission_error",
            "Your API key does not have permission to use the specified resource.",
        ),
        // Of a machine before the API, which says less.
        Behaviour::RegionBlocked => {
            Reply::json(403, &json!({ "error": { "type": "forbidden", "message": "Request not allowed" } }))
        }
        _ => return None,
    };
    Some(reply)
}

/// The error that ends a stream under status 200.
pub(crate) fn in_stream(kind: &str, message: &str) -> String {
    format!(r#"{{"type":"error","error":{{"details":null,"type":"{kind}","message":"{message}"}}}}"#)
}

fn error(status: u16, kind: &str, message: &str) -> Reply {
    let error = json!({ "type": kind, "message": message });
    Reply::json(status, &json!({ "type": "error", "error": error, "request_id": "req_simulator" }))
}

/// A 429 with its headers.
fn too_many(of: &str, limit: u64, wait_s: u64) -> Reply {
    let message = format!(
        "This request would exceed your organization's rate limit of {of} (org: org-simulator). For details, refer to: \
         https://docs.claude.com/en/api/rate-limits."
    );
    let reply = error(429, "rate_limit_error", &message).header("retry-after", wait_s.to_string());
    limits(limit, 0, wait_s).into_iter().fold(reply, |reply, (name, value)| reply.header(name, value))
}

/// What is left of a limit, and when it is whole again.
pub(super) fn limits(limit: u64, left: u64, wait_s: u64) -> [(&'static str, String); 3] {
    [
        ("anthropic-ratelimit-requests-limit", limit.to_string()),
        ("anthropic-ratelimit-requests-remaining", left.to_string()),
        (
            "anthropic-ratelimit-requests-reset",
            clock::in_seconds(wait_s).format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        ),
    ]
}
