//! How an answer ended: what is stored of it, and what its readers are told.

use chrono::{DateTime, Utc};
use domain::{chat::MessageStatus, ids::MessageId, quota::Exceeded};
use jobs::bus::{EventKind, EventWriter, TerminalEvent};
use serde_json::{Value, json};

use super::produce::Product;
use crate::router::{AnswerEnd, Answered, Declined, NotPaid};

/// What is stored of an answer, and told about it.
pub(super) struct Conclusion<'a> {
    pub(super) status: MessageStatus,
    pub(super) content: &'a str,
    pub(super) error: Option<Value>,
    /// Whether the student pays for what was delivered.
    pub(super) charged: bool,
    pub(super) ending: TerminalEvent,
}

pub(super) fn conclude<'a>(
    message: MessageId,
    writer: &EventWriter,
    answered: &Answered,
    content: &'a str,
    product: &Product,
) -> Conclusion<'a> {
    let message = json!(message);
    let usage = json!({
        "prompt_tokens": answered.usage.prompt,
        "completion_tokens": answered.usage.completion,
        "exact": answered.usage.exact,
    });
    let provider = answered.by.as_ref().map(|by| by.provider);
    let told = |status, kind, data| Conclusion {
        status,
        content,
        error: None,
        charged: true,
        ending: writer.ending(kind, with_made(data, product)),
    };
    match &answered.end {
        AnswerEnd::Complete { at_length } => {
            let reason = if *at_length { "length" } else { "stop" };
            let data = json!({
                "message_id": message, "usage": usage, "provider": provider, "finish_reason": reason,
            });
            told(MessageStatus::Complete, EventKind::Done, with_left_out(data, answered))
        }
        AnswerEnd::Truncated => told(
            MessageStatus::Truncated,
            EventKind::Truncated,
            json!({ "message_id": message, "usage": usage, "provider": provider }),
        ),
        // What was delivered before the student stopped it is charged, and nothing else.
        AnswerEnd::Cancelled => Conclusion {
            charged: !product.is_empty(writer),
            ..told(
                MessageStatus::Cancelled,
                EventKind::Cancelled,
                json!({ "message_id": message, "usage": usage }),
            )
        },
        AnswerEnd::Blocked(reason) => {
            const DECLINED: &str = "The AI provider declined to answer this. Please rephrase your question.";
            let error = json!({ "code": "BLOCKED", "message": DECLINED, "details": { "reason": reason } });
            Conclusion {
                error: Some(error),
                charged: answered.by.is_some(),
                ..told(
                    MessageStatus::Blocked,
                    EventKind::Blocked,
                    json!({ "message_id": message, "reason": reason, "message": DECLINED }),
                )
            }
        }
        AnswerEnd::Declined(why) => failed(writer, &message, &declined(*why)),
        AnswerEnd::Wait(back) => failed(writer, &message, &exhausted(Some(*back))),
        AnswerEnd::Exhausted(back) => failed(writer, &message, &exhausted(*back)),
        AnswerEnd::NotPaid(NotPaid::Exceeded(exceeded)) => failed(writer, &message, &limit_reached(exceeded)),
        AnswerEnd::NotPaid(NotPaid::Closed) => failed(writer, &message, &closed()),
        AnswerEnd::NotPaid(NotPaid::Unknown(_)) => failed(writer, &message, &exhausted(None)),
    }
}

/// Says how many pictures the model was not shown, where there are any.
fn with_left_out(mut data: Value, answered: &Answered) -> Value {
    if answered.pictures_left_out > 0
        && let Some(data) = data.as_object_mut()
    {
        data.insert("pictures_left_out".to_owned(), json!(answered.pictures_left_out));
    }
    data
}

/// Says what was made, and where it is kept, where it is no text.
fn with_made(mut data: Value, product: &Product) -> Value {
    if let (Some(data), Some(Value::Object(told))) = (data.as_object_mut(), product.end_data()) {
        data.extend(told);
    }
    data
}

fn failed<'a>(writer: &EventWriter, message: &Value, error: &Value) -> Conclusion<'a> {
    let mut data = error.clone();
    if let Some(data) = data.as_object_mut() {
        data.insert("message_id".to_owned(), message.clone());
    }
    Conclusion {
        status: MessageStatus::Failed,
        content: "",
        error: Some(error.clone()),
        charged: false,
        ending: writer.ending(EventKind::Error, data),
    }
}

/// The envelope that the API would have answered with.
fn limit_reached(exceeded: &Exceeded) -> Value {
    json!({
        "code": exceeded.code(),
        "message": exceeded.message(),
        "details": exceeded.details(),
        "action": "upgrade",
        "upgrade_url": "/pricing",
    })
}

fn declined(why: Declined) -> Value {
    let (code, message) = match why {
        Declined::NothingUsable => (
            "GENERATION_FAILED",
            "The AI model gave nothing that could be used, also when it was asked again. You were not charged. Please try again, or name the topic in other words.",
        ),
        Declined::TooLong => (
            "BAD_REQUEST",
            "This is too long for the AI providers that can answer now. Try a shorter question, or start a new conversation.",
        ),
        Declined::Picture => (
            "BAD_REQUEST",
            "No AI provider that can answer now understands pictures. Describe what you see, or try again later.",
        ),
        Declined::Request => (
            "BAD_REQUEST",
            "No AI provider could take this request. The admins can see why. It may help to ask in other words, or in a new conversation.",
        ),
        Declined::Withheld => (
            "PROVIDERS_EXHAUSTED",
            "The AI provider stopped before it gave an answer, for reasons of its own. Nothing is wrong with your question. Please try again, or ask in other words.",
        ),
        Declined::NoWord => (
            "PROVIDERS_EXHAUSTED",
            "The AI model thought until it had no room left for an answer. Please try again, or ask for less at once.",
        ),
    };
    json!({ "code": code, "message": message })
}

/// The student's own key does not serve, and the platform's are not to be had for this now.
fn closed() -> Value {
    json!({
        "code": "FEATURE_UNAVAILABLE",
        "message": "Your own key could not answer, and this feature is closed at the moment. Please try again later.",
    })
}

fn exhausted(back: Option<DateTime<Utc>>) -> Value {
    match back {
        Some(back) => json!({
            "code": "PROVIDERS_EXHAUSTED",
            "message": format!(
                "All AI providers are out of quota. Answers will be available again at {} UTC.",
                back.format("%Y-%m-%d %H:%M")
            ),
            "details": { "retry_at": back },
        }),
        None => json!({
            "code": "PROVIDERS_EXHAUSTED",
            "message": "No AI provider can answer right now. Please try again later.",
        }),
    }
}
