//! Ollama's errors: `{"error":"text"}`.

use serde_json::{Value, json};

use crate::{Ask, Behaviour, ask::Refusal, clock, serve::Reply};

/// The reply to a refusal; none where the behaviour is no error.
pub(crate) fn reply(ask: &Ask, refusal: &Refusal) -> Option<Reply> {
    let behaviour = match refusal {
        Refusal::NoKey => Behaviour::InvalidKey,
        Refusal::KeyInUrl => return Some(error(400, "the key does not belong into the URL")),
        Refusal::Malformed(message) => return Some(error(400, message)),
        Refusal::Scripted(spent) => spent.behaviour,
    };
    let reply = match behaviour {
        Behaviour::InvalidKey => error(401, "unauthorized"),
        Behaviour::DailyQuota => {
            let retry_s = clock::until_next(clock::DAY, clock::now().as_secs());
            error(429, "you have reached your daily usage limit").header("retry-after", retry_s.to_string())
        }
        Behaviour::RateLimited { retry_after_s } => {
            error(429, "too many requests").header("retry-after", retry_after_s.to_string())
        }
        Behaviour::RateLimitedBare | Behaviour::NumericCode => error(429, "too many requests"),
        Behaviour::InsufficientQuota => {
            error(429, "you have reached your usage limit, please upgrade to continue")
        }
        Behaviour::PrepaidGone => error(402, "payment required"),
        Behaviour::Overloaded | Behaviour::SlowDown => {
            error(503, "server busy, please try again.  maximum pending requests exceeded")
        }
        Behaviour::InternalError => error(500, "llama runner process has terminated: signal: killed"),
        Behaviour::BadGateway => Reply::html(502, "Bad Gateway"),
        Behaviour::GatewayTimeout => Reply::html(504, "Gateway Time-out"),
        Behaviour::Unavailable529 => error(529, "overloaded"),
        Behaviour::BadRequest => error(400, "invalid options: temperature"),
        Behaviour::ContextTooLong => error(400, "the input length exceeds the context length"),
        Behaviour::PayloadTooLarge => error(413, "request body too large"),
        Behaviour::UnknownModel => error(404, &format!("model '{}' not found", ask.model())),
        Behaviour::Forbidden => error(403, "access denied"),
        Behaviour::RegionBlocked => error(403, "not available in your region"),
        _ => return None,
    };
    Some(reply)
}

/// The error that ends a stream under status 200.
pub(crate) fn in_stream() -> Value {
    json!({ "error": "an error was encountered while running the model: CUDA error: out of memory" })
}

fn error(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({ "error": message }))
}
