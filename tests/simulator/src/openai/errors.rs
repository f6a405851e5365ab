//! OpenAI's errors: `{error:{message,type,param,code}}`, and how others bend them.

use serde_json::{Value, json};

use crate::{Ask, Behaviour, ask::Refusal, clock, serve::Reply};

const BROKE: &str = "The server had an error while processing your request. Sorry about that!";

/// The reply to a refusal; none where the behaviour is no error.
pub(crate) fn reply(ask: &Ask, refusal: &Refusal) -> Option<Reply> {
    let reply = match refusal {
        Refusal::NoKey => error(
            401,
            "invalid_request_error",
            None,
            "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer \
             auth (i.e. Authorization: Bearer YOUR_KEY).",
        ),
        Refusal::KeyInUrl => {
            error(400, "invalid_request_error", None, "The key does not belong into the URL.")
        }
        Refusal::Malformed(message) => error(400, "invalid_request_error", None, message),
        Refusal::Scripted(spent) => {
            return credential(ask, spent.behaviour)
                .or_else(|| budget(ask, spent.behaviour, spent.limit))
                .or_else(|| overload(spent.behaviour))
                .or_else(|| caller(ask, spent.behaviour));
        }
    };
    Some(reply.header("x-request-id", "req_simulator"))
}

fn credential(ask: &Ask, behaviour: Behaviour) -> Option<Reply> {
    let reply = match behaviour {
        Behaviour::InvalidKey => {
            let message = format!(
                "Incorrect API key provided: {}. You can find your API key at \
                 https://platform.openai.com/account/api-keys.",
                masked(&ask.key)
            );
            error(401, "invalid_request_error", Some("invalid_api_key"), &message)
        }
        Behaviour::Forbidden => error(
            403,
            "invalid_request_error",
            Some("insufficient_permissions"),
            "You have insufficient permissions for this operation. Missing scopes: model.request.",
        ),
        Behaviour::RegionBlocked => error(
            403,
            "request_forbidden",
            Some("unsupported_country_region_territory"),
            "Country, region, or territory not supported",
        ),
        _ => return None,
    };
    Some(reply)
}

fn budget(ask: &Ask, behaviour: Behaviour, limit: u64) -> Option<Reply> {
    let reply = match behaviour {
        Behaviour::DailyQuota => {
            let retry_s = clock::until_next(clock::DAY, clock::now().as_secs());
            too_many(ask, "requests per day (RPD)", limit, retry_s)
        }
        Behaviour::RateLimited { retry_after_s } => {
            too_many(ask, "requests per min (RPM)", limit, retry_after_s)
                .header("retry-after-ms", retry_after_s.saturating_mul(1000).to_string())
        }
        Behaviour::RateLimitedBare => {
            error(429, "requests", Some("rate_limit_exceeded"), "Rate limit reached. Please slow down.")
        }
        Behaviour::InsufficientQuota => error(
            429,
            "insufficient_quota",
            Some("insufficient_quota"),
            "You exceeded your current quota, please check your plan and billing details. For more information on \
             this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
        )
        .header("x-should-retry", "false"),
        Behaviour::PrepaidGone => {
            let message = "Insufficient credits. Add more using https://openrouter.ai/settings/credits";
            Reply::json(402, &numeric(402, message))
        }
        Behaviour::NumericCode => Reply::json(429, &numeric(429, "Provider returned error")),
        _ => return None,
    };
    Some(reply)
}

fn overload(behaviour: Behaviour) -> Option<Reply> {
    let reply = match behaviour {
        Behaviour::Overloaded => error(
            503,
            "service_unavailable_error",
            Some("server_is_overloaded"),
            "The server is currently overloaded with other requests. Sorry about that! You can retry your request.",
        )
        .header("x-should-retry", "true"),
        Behaviour::SlowDown => error(
            503,
            "service_unavailable_error",
            Some("slow_down"),
            "Your request rate rose too fast. Please reduce it, keep it steady for 15 minutes, then raise it slowly.",
        ),
        Behaviour::InternalError => error(500, "server_error", None, BROKE),
        Behaviour::BadGateway => Reply::html(502, "Bad Gateway"),
        Behaviour::GatewayTimeout => Reply::html(504, "Gateway Time-out"),
        Behaviour::Unavailable529 => {
            let error = json!({ "type": "overloaded_error", "message": "Overloaded" });
            Reply::json(529, &json!({ "type": "error", "error": error }))
        }
        _ => return None,
    };
    Some(reply)
}

fn caller(ask: &Ask, behaviour: Behaviour) -> Option<Reply> {
    let reply = match behaviour {
        Behaviour::BadRequest => error_at(
            400,
            "invalid_request_error",
            Some("temperature"),
            Some("decimal_above_max_value"),
            "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 7 instead.",
        ),
        Behaviour::ContextTooLong => error_at(
            400,
            "invalid_request_error",
            Some("messages"),
            Some("context_length_exceeded"),
            "This model's maximum context length is 128000 tokens. However, your messages resulted in 140000 tokens. \
             Please reduce the length of the messages.",
        ),
        Behaviour::PayloadTooLarge => {
            error(413, "invalid_request_error", Some("request_too_large"), "Request Entity Too Large")
        }
        Behaviour::UnknownModel => {
            let message =
                format!("The model `{}` does not exist or you do not have access to it.", ask.model());
            error(404, "invalid_request_error", Some("model_not_found"), &message)
        }
        Behaviour::BlockedPrompt => error_at(
            400,
            "invalid_request_error",
            Some("prompt"),
            Some("content_filter"),
            "The response was filtered due to the prompt triggering the content management policy. Please modify your \
             prompt and retry.",
        ),
        _ => return None,
    };
    Some(reply)
}

/// The error that ends a stream under status 200.
pub(crate) fn in_stream() -> Value {
    json!({ "error": { "message": BROKE, "type": "server_error", "param": null, "code": null } })
}

/// An error as `OpenRouter` has it: the code is a number, there is no type.
pub(crate) fn numeric(code: u16, message: &str) -> Value {
    json!({ "error": { "message": message, "code": code, "metadata": { "provider_name": "Simulator" } } })
}

fn error(status: u16, kind: &str, code: Option<&str>, message: &str) -> Reply {
    error_at(status, kind, None, code, message)
}

fn error_at(status: u16, kind: &str, param: Option<&str>, code: Option<&str>, message: &str) -> Reply {
    let error = json!({ "message": message, "type": kind, "param": param, "code": code });
    Reply::json(status, &json!({ "error": error }))
}

/// A 429 with its headers.
fn too_many(ask: &Ask, unit: &str, limit: u64, retry_s: u64) -> Reply {
    let wait = spelled(retry_s);
    let message = format!(
        "Rate limit reached for {} in organization org-simulator on {unit}: Limit {limit}, Used {limit}, Requested 1. \
         Please try again in {wait}. Visit https://platform.openai.com/account/rate-limits to learn more.",
        ask.model()
    );
    error(429, "requests", Some("rate_limit_exceeded"), &message)
        .header("retry-after", retry_s.to_string())
        .header("x-ratelimit-limit-requests", limit.to_string())
        .header("x-ratelimit-remaining-requests", "0")
        .header("x-ratelimit-reset-requests", wait)
        .header("x-ratelimit-limit-tokens", "200000")
        .header("x-ratelimit-remaining-tokens", "199960")
        .header("x-ratelimit-reset-tokens", "12ms")
}

/// Seconds as in `1h2m3s`, `6m0s`, `8s`.
fn spelled(seconds: u64) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{rest}s"),
        (0, _) => format!("{minutes}m{rest}s"),
        _ => format!("{hours}h{minutes}m{rest}s"),
    }
}

/// The key as OpenAI quotes it back: its last four characters.
fn masked(key: &str) -> String {
    let hidden = key.chars().count().saturating_sub(4);
    let last: String = key.chars().skip(hidden).collect();
    format!("{}{last}", "*".repeat(hidden))
}
