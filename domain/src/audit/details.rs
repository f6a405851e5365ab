//! What of an entry's details can be stored and searched.

use serde_json::{Map, Value, json};

/// The most that details come to, as JSON. A search vector holds a megabyte; nobody reads that much.
const MAX_BYTES: usize = 16 * 1024;

/// The database has no text with a NUL.
pub(super) fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// The details as they are stored.
pub(super) fn fit(details: &Value) -> Value {
    let bytes = details.to_string().len();
    if bytes > MAX_BYTES {
        let names: Vec<_> = details.as_object().into_iter().flat_map(Map::keys).take(20).collect();
        let names: Vec<_> =
            names.into_iter().map(|name| name.chars().take(100).collect::<String>()).collect();
        return clean(&json!({ "too_long": bytes, "fields": names }));
    }
    clean(details)
}

fn clean(value: &Value) -> Value {
    match value {
        Value::String(text) => storable(text).into(),
        Value::Array(items) => items.iter().map(clean).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (storable(name), clean(value))).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_stored_is_replaced() {
        let odd = json!({ "a\0b": ["x\0", { "deep": "\0" }], "n": 1 });
        assert_eq!(fit(&odd), json!({ "a\u{fffd}b": ["x\u{fffd}", { "deep": "\u{fffd}" }], "n": 1 }));
    }

    #[test]
    fn what_is_too_long_is_named_and_left_out() {
        let long = json!({ "before": "x".repeat(20_000), "after": 1 });
        let kept = fit(&long);
        assert_eq!(kept["fields"], json!(["after", "before"]));
        assert!(kept["too_long"].as_u64().is_some_and(|bytes| bytes > 20_000));
        assert!(kept.to_string().len() < 100);
    }
}
