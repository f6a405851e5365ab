//! Gemini's errors: `{error:{code,message,status,details}}`.

use serde_json::{Value, json};

use crate::{Ask, Behaviour, ask::Refusal, serve::Reply};

const QUOTA: &str = "You exceeded your current quota, please check your plan and billing details. For more \
                     information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.";

/// How long Gemini asks to wait when the day's quota is spent, however wrong that is.
const DAILY_RETRY_S: u64 = 38;

/// The reply to a refusal; none where the behaviour is no error.
pub(crate) fn reply(ask: &Ask, refusal: &Refusal) -> Option<Reply> {
    let reply = match refusal {
        Refusal::NoKey => error(
            403,
            "PERMISSION_DENIED",
            "Method doesn't allow unregistered callers (callers without established identity). Please use \
             API Key or other form of API consumer identity to call this API.",
        ),
        Refusal::KeyInUrl => error(
            400,
            "INVALID_ARGUMENT",
            "The simulator takes a key in the header x-goog-api-key only: URLs end in traces.",
        ),
        Refusal::Malformed(message) => error(400, "INVALID_ARGUMENT", message),
        Refusal::Scripted(spent) => return scripted(ask, spent.behaviour, spent.limit),
    };
    Some(reply)
}

fn scripted(ask: &Ask, behaviour: Behaviour, limit: u64) -> Option<Reply> {
    let reply = match behaviour {
        Behaviour::InvalidKey => invalid_key(),
        Behaviour::DailyQuota => exhausted(ask, "PerDay", limit, DAILY_RETRY_S),
        Behaviour::RateLimited { retry_after_s } => exhausted(ask, "PerMinute", limit, retry_after_s),
        Behaviour::RateLimitedBare | Behaviour::NumericCode => {
            error(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).")
        }
        // A project without any free quota.
        Behaviour::InsufficientQuota => exhausted(ask, "PerDay", 0, DAILY_RETRY_S),
        Behaviour::PrepaidGone => error(
            402,
            "RESOURCE_EXHAUSTED",
            "Your prepayment credits are depleted. Please go to AI Studio to manage your project and billing.",
        ),
        Behaviour::Overloaded | Behaviour::SlowDown => {
            error(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")
        }
        Behaviour::InternalError => error(
            500,
            "INTERNAL",
            "An internal error has occurred. Please retry or report in \
             https://developers.generativeai.google/guide/troubleshooting",
        ),
        Behaviour::BadGateway => Reply::html(502, "Bad Gateway"),
        Behaviour::GatewayTimeout => {
            error(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete.")
        }
        Behaviour::Unavailable529 => error(529, "UNAVAILABLE", "Overloaded"),
        Behaviour::BadRequest => error(
            400,
            "INVALID_ARGUMENT",
            "* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0].\n",
        ),
        Behaviour::ContextTooLong => error(
            400,
            "INVALID_ARGUMENT",
            "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
        ),
        Behaviour::PayloadTooLarge => Reply::html(413, "Request Entity Too Large"),
        Behaviour::UnknownModel => error(
            404,
            "NOT_FOUND",
            &format!(
                "models/{} is not found for API version v1beta, or is not supported for generateContent. Call \
                 ListModels to see the list of available models and their supported methods.",
                ask.model()
            ),
        ),
        Behaviour::Forbidden => forbidden(),
        Behaviour::RegionBlocked => {
            error(400, "FAILED_PRECONDITION", "User location is not supported for the API use.")
        }
        _ => return None,
    };
    Some(reply)
}

/// The error that ends a stream under status 200.
pub(crate) fn in_stream() -> Value {
    body(503, "UNAVAILABLE", "The model is overloaded. Please try again later.", None)
}

fn body(code: u16, status: &str, message: &str, details: Option<Value>) -> Value {
    let mut error = json!({ "code": code, "message": message, "status": status });
    if let (Some(details), Some(fields)) = (details, error.as_object_mut()) {
        fields.insert("details".to_owned(), details);
    }
    json!({ "error": error })
}

fn error(code: u16, status: &str, message: &str) -> Reply {
    Reply::json(code, &body(code, status, message, None))
}

fn invalid_key() -> Reply {
    let message = "API key not valid. Please pass a valid API key.";
    let details = json!([
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
            "metadata": { "service": "generativelanguage.googleapis.com" },
        },
        {
            "@type": "type.googleapis.com/google.rpc.LocalizedMessage",
            "locale": "en-US",
            "message": message,
        },
    ]);
    Reply::json(400, &body(400, "INVALID_ARGUMENT", message, Some(details)))
}

fn forbidden() -> Reply {
    let message = "Generative Language API has not been used in project 123456789 before or it is disabled. Enable \
                   it by visiting https://console.developers.google.com/apis/api/generativelanguage.googleapis.com \
                   then retry.";
    let details = json!([{
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "SERVICE_DISABLED",
        "domain": "googleapis.com",
        "metadata": { "service": "generativelanguage.googleapis.com", "consumer": "projects/123456789" },
    }]);
    Reply::json(403, &body(403, "PERMISSION_DENIED", message, Some(details)))
}

/// A 429 with all of its details; `span` is `PerDay` or `PerMinute`.
fn exhausted(ask: &Ask, span: &str, limit: u64, retry_s: u64) -> Reply {
    let metric = "generativelanguage.googleapis.com/generate_content_free_tier_requests";
    let model = ask.model();
    let message = format!(
        "{QUOTA}\n* Quota exceeded for metric: {metric}, limit: {limit}, model: {model}\nPlease retry in {retry_s}s."
    );
    let details = json!([
        {
            "@type": "type.googleapis.com/google.rpc.Help",
            "links": [{
                "description": "Learn more about Gemini API quotas",
                "url": "https://ai.google.dev/gemini-api/docs/rate-limits",
            }],
        },
        {
            "@type": "type.googleapis.com/google.rpc.QuotaFailure",
            "violations": [{
                "quotaMetric": metric,
                "quotaId": format!("GenerateRequests{span}PerProjectPerModel-FreeTier"),
                "quotaDimensions": { "location": "global", "model": model },
                "quotaValue": limit.to_string(),
            }],
        },
        {
            "@type": "type.googleapis.com/google.rpc.RetryInfo",
            "retryDelay": format!("{retry_s}s"),
        },
    ]);
    Reply::json(429, &body(429, "RESOURCE_EXHAUSTED", &message, Some(details)))
}
